"""The exception tree. Foreign errors are translated into these where they arise.

``delivery/errors.py`` and ``broadsheet/errors.py`` add what only they can meet; no other module defines an exception.
"""


class BroadsheetError(Exception):
    """Base of all errors that this product raises on purpose; its text is for people."""


class BadInput(BroadsheetError):
    """Input that cannot be read: empty, binary, mis-decoded, no page in it. Never retried."""


class BadRecord(BroadsheetError):
    """A publication's, partner's or house style's file that does not keep to its schema."""


class InvalidOutput(BroadsheetError):
    """A rendered file that its reader would refuse. It is quarantined, never published."""


class StoreError(BroadsheetError):
    """The object store failed or answered what it must not. Retrying may help."""


class Conflict(StoreError):
    """Somebody else wrote the object first (a conditional write was refused)."""


class Overtaken(Conflict):
    """Somebody published a newer state meanwhile; what was to be published must be made again from it."""


class Damaged(StoreError):
    """An object of ours that cannot be understood. Retrying does not help."""


class NotFound(StoreError):
    """No object under that key."""
