"""Buckets: the private one and the partners', with policies that let readers into public partners' prefixes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from delivery.key_parts import checked_id, checked_relative
from delivery.store import Store
from transforms.model import Partner


def prepare_buckets(private: Store, partners_bucket: str, partners: Iterable[Partner]) -> None:
    """Create our buckets if they do not exist, and let anybody read, but not list, what is public in them.

    Raises StoreError.
    """
    known = list(partners)
    private.make()
    for bucket in our_buckets(partners_bucket, known):
        shelf = private.on(bucket)
        shelf.make()
        apply_policy(shelf, known, partners_bucket)


def our_buckets(partners_bucket: str, partners: Iterable[Partner]) -> list[str]:
    """The partners' bucket, then those that single partners have in the same store."""
    own = {p.bucket for p in partners if p.bucket and not p.connection}
    return [partners_bucket, *sorted(own - {partners_bucket})]


def apply_policy(shelf: Store, partners: Iterable[Partner], partners_bucket: str = "") -> None:
    """Let anybody read what is public in a bucket, and nothing else, even if that is nothing. Raises StoreError."""
    policy = read_policy(shelf.bucket, partners, partners_bucket)
    shelf.set_policy(policy if policy["Statement"] else None)


def read_policy(bucket: str, partners: Iterable[Partner], partners_bucket: str = "") -> dict[str, Any]:
    """The bucket policy: anonymous s3:GetObject below the prefix of every public partner whose files are there.

    ``partners_bucket``: the one for partners whose file names none; empty for this one.
    """
    open_ = sorted(
        checked_relative(p.prefix) if p.prefix else checked_id(p.id)
        for p in partners
        if p.access == "public" and not p.connection and (p.bucket or partners_bucket or bucket) == bucket
    )
    if not open_:
        return {"Version": "2012-10-17", "Statement": []}
    statement = {
        "Sid": "PartnersRead",
        "Effect": "Allow",
        "Principal": "*",
        "Action": "s3:GetObject",
        "Resource": [f"arn:aws:s3:::{bucket}/{prefix}/*" for prefix in open_],
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def partner_policy(bucket: str, partner: Partner) -> dict[str, Any]:
    """The identity policy for a partner's own credentials: it reads and lists below its prefix, and nothing else."""
    prefix = checked_relative(partner.prefix) if partner.prefix else checked_id(partner.id)
    read = {
        "Sid": "ReadOwnFiles",
        "Effect": "Allow",
        "Action": "s3:GetObject",
        "Resource": f"arn:aws:s3:::{bucket}/{prefix}/*",
    }
    list_ = {
        "Sid": "ListOwnFiles",
        "Effect": "Allow",
        "Action": "s3:ListBucket",
        "Resource": f"arn:aws:s3:::{bucket}",
        "Condition": {"StringLike": {"s3:prefix": [f"{prefix}/*"]}},
    }
    return {"Version": "2012-10-17", "Statement": [read, list_]}
