"""What can go wrong between us and a store or an endpoint, in addition to the errors of the core."""

from transforms.errors import BadRecord, BroadsheetError, StoreError


class NoConnection(BadRecord):
    """A partner's file names a connection that Airflow does not have. Only Airflow knows all of them."""


class Unserved(StoreError):
    """The store does not support this feature (501)."""


class Unanswered(StoreError):
    """The store did not say what became of a request. It may have been carried out; asking again may help.

    ``connected``: whether there was a connection at all. ``hung``: whether the time was up before an answer came.
    ``busy``: whether the store answered that it cannot serve requests now. ``throttled``: whether it said that we send
    too many.
    """

    def __init__(
        self,
        reason: str,
        connected: bool = True,
        *,
        hung: bool = False,
        busy: bool = False,
        throttled: bool = False,
    ) -> None:
        super().__init__(reason)
        self.connected = connected
        self.hung = hung
        self.busy = busy or throttled
        self.throttled = throttled


class Unavailable(StoreError):
    """The store has not served any request for so long that asking again soon is useless."""


class Undelivered(BroadsheetError):
    """An endpoint did not accept a message.

    ``retry_after``: how long it asked us to wait, in seconds; 0 if it did not.

    ``gone``: whether it answered 410.
    """

    def __init__(self, reason: str, retry_after: float = 0.0, gone: bool = False) -> None:
        super().__init__(reason)
        self.retry_after = retry_after
        self.gone = gone
