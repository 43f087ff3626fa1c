"""The settings of one installation, read once from the environment and handed on as a value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from transforms.shipped import IS_WHEEL, ROOT

# Beside the code in a checkout; an installed package has nowhere of its own to write.
HOME = Path.home() / ".broadsheet" if IS_WHEEL else ROOT / ".broadsheet"
RECORDS = HOME if IS_WHEEL else ROOT


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are. Secrets other than the local store's own pair live in Airflow connections.

    ``public_url`` is the address under which partners reach the partners' bucket; empty: the store's own.
    """

    home: Path
    publications: Path
    partners: Path
    bucket: str = "broadsheet"
    partner_bucket: str = "broadsheet-partners"
    s3_endpoint: str = ""
    s3_access_key: str = ""
    s3_secret_key: str = ""
    public_url: str = ""
    schemas: Path | None = None
    retention: Path | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> Settings:
        """Read the ``BROADSHEET_*`` variables; what is absent keeps its default."""
        env = os.environ if env is None else env

        def path(name: str, default: Path) -> Path:
            return Path(env.get(f"BROADSHEET_{name}") or default)

        return cls(
            home=path("HOME", HOME),
            publications=path("PUBLICATIONS", RECORDS / "publications"),
            partners=path("PARTNERS", RECORDS / "partners"),
            bucket=env.get("BROADSHEET_BUCKET") or "broadsheet",
            partner_bucket=env.get("BROADSHEET_PARTNER_BUCKET") or "broadsheet-partners",
            s3_endpoint=env.get("BROADSHEET_S3_ENDPOINT", ""),
            s3_access_key=env.get("BROADSHEET_S3_ACCESS_KEY", ""),
            s3_secret_key=env.get("BROADSHEET_S3_SECRET_KEY", ""),
            public_url=env.get("BROADSHEET_PUBLIC_URL", ""),
            schemas=Path(env["BROADSHEET_SCHEMAS"]) if env.get("BROADSHEET_SCHEMAS") else None,
            retention=Path(env["BROADSHEET_RETENTION"]) if env.get("BROADSHEET_RETENTION") else None,
        )

    @property
    def partners_url(self) -> str:
        """The URL of the partners' bucket as partners see it, without a slash at its end."""
        return (self.public_url or f"{self.s3_endpoint}/{self.partner_bucket}").rstrip("/")
