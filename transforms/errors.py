"""The exception tree. Errors of libraries are translated into these where they arise.

``delivery/errors.py`` and ``broadsheet/errors.py`` add what only they can meet; no other module defines an
exception.
"""


class BroadsheetError(Exception):
    """Base of all errors that this product raises on purpose. Their messages are for people."""


class BadInput(BroadsheetError):
    """Something given cannot be used: a file that cannot be read, or a request that cannot be met. Never retried."""


class BadRecord(BroadsheetError):
    """The file of a newspaper, partner or house style does not match its schema."""


class InvalidOutput(BroadsheetError):
    """A rendered file would be refused by its reader. It is quarantined, never published."""


class StoreError(BroadsheetError):
    """The object store failed or gave an unexpected answer. Retrying may help."""


class Conflict(StoreError):
    """Somebody else wrote the object first: a conditional write was refused."""


class Overtaken(Conflict):
    """Somebody published a newer state meanwhile. What was to be published must be made again from that."""


class Damaged(StoreError):
    """An object of ours cannot be understood. Retrying does not help."""


class NotFound(StoreError):
    """There is no object with that key."""
