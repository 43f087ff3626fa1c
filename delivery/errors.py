"""What can go wrong on the way to a store or an endpoint, beside what the core names."""

from transforms.errors import BadRecord, BroadsheetError, StoreError


class NoConnection(BadRecord):
    """Airflow, which alone knows all connections, has none of a name that a partner's file gives."""


class Unserved(StoreError):
    """The store has no such feature (501)."""


class Unanswered(StoreError):
    """The store did not say what became of a request: asking again may help, and it may have been carried out.

    ``connected`` is whether there was a connection at all, ``hung`` whether time was up before the answer came,
    ``busy`` whether the store said that it cannot serve the request now.
    """

    def __init__(self, reason: str, connected: bool = True, *, hung: bool = False, busy: bool = False) -> None:
        super().__init__(reason)
        self.connected = connected
        self.hung = hung
        self.busy = busy


class Unavailable(StoreError):
    """The store has served no request for so long that asking again soon does not help."""


class Undelivered(BroadsheetError):
    """An endpoint did not take a message; ``retry_after`` is what it asked for, in seconds (0: nothing).

    ``gone`` is whether it said that it is gone (410).
    """

    def __init__(self, reason: str, retry_after: float = 0.0, gone: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.gone = gone
