"""Buckets: the private one, and the partners' one with the policy that opens public partners' prefixes to readers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from delivery.keys import checked_id, checked_relative
from delivery.store import Store
from transforms.model import Partner


def prepare_buckets(private: Store, partners_bucket: str, partners: Iterable[Partner]) -> None:
    """Make both buckets if they do not exist, and let anybody read, but not list, the public partners' prefixes."""
    shelf = private.on(partners_bucket)
    private.make()
    shelf.make()
    apply_policy(shelf, partners)


def apply_policy(shelf: Store, partners: Iterable[Partner]) -> None:
    """Let anybody read what is public of a bucket, and nothing else; also if that is nothing. Raises StoreError."""
    policy = read_policy(shelf.bucket, partners)
    shelf.set_policy(policy if policy["Statement"] else None)


def read_policy(bucket: str, partners: Iterable[Partner]) -> dict[str, Any]:
    """The bucket policy: anonymous s3:GetObject below the prefix of every partner with public access."""
    open_ = sorted(
        checked_relative(p.prefix) if p.prefix else checked_id(p.id)
        for p in partners
        if p.access == "public" and not p.connection and p.bucket in ("", bucket)
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
