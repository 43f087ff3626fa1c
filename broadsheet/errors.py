"""What can go wrong around an installation: on this machine, in Airflow, in alerts."""

from transforms.errors import BroadsheetError


class Untold(BroadsheetError):
    """An alert did not go out; it is tried again."""


class NotRunning(BroadsheetError):
    """A command that needs the newsroom found it closed."""


class NotPrepared(BroadsheetError):
    """Airflow's database could not be prepared; the text ends with what Airflow said."""


class AirflowError(BroadsheetError):
    """Airflow did not start or did not do what it was asked; the text says what was last heard of it."""


class NoSpace(BroadsheetError):
    """The disk is too small for the store to work on."""


class BusyError(BroadsheetError):
    """Another command is starting or stopping the newsroom right now."""


class BackfillError(BroadsheetError):
    """Airflow did not start the backfill; the text says why."""


class OutOfTime(BroadsheetError):
    """A job had not ended when time was up. It goes on unless the process ends, and must bear either."""
