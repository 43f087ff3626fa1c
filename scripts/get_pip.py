"""Put pip into a virtual environment where Python came without ``ensurepip``, as Debian's bare python3 does.

    python scripts/get_pip.py .venv

Fetches pip's own wheel from the package index (PIP_INDEX_URL, else PyPI), checks it against the digest below and has
it install itself. Uses the standard library only.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urljoin

WHEEL = "pip-26.3-py3-none-any.whl"
SHA256 = "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13"
INDEX = os.environ.get("PIP_INDEX_URL") or "https://pypi.org/simple"


def fetch() -> bytes:
    """The wheel's bytes. Raises OSError where the index cannot be reached, ValueError where it has another wheel."""
    page_url = f"{INDEX.rstrip('/')}/pip/"
    with urllib.request.urlopen(page_url, timeout=60) as page:  # noqa: S310 - the user's own package index
        links = re.findall(rb'href="([^"]+)"', page.read())
    link = next((found.decode() for found in links if f"/{WHEEL}" in f"/{found.decode()}"), None)
    if link is None:
        raise ValueError(f"{page_url} has no {WHEEL}")
    with urllib.request.urlopen(urljoin(page_url, link), timeout=60) as answer:  # noqa: S310
        wheel: bytes = answer.read()
    if hashlib.sha256(wheel).hexdigest() != SHA256:
        raise ValueError(f"{WHEEL} from {page_url} is not the one we know")
    return wheel


def main() -> None:
    venv = Path(sys.argv[1])
    wheel = venv / WHEEL
    try:
        wheel.write_bytes(fetch())
    except (OSError, ValueError) as error:
        sys.exit(f"Could not fetch pip: {error}\nOn Debian this helps: apt install python3-venv ca-certificates")
    command = [str(venv / "bin" / "python"), f"{wheel}/pip", "install", "--quiet", "--no-index", str(wheel)]
    code = subprocess.run(command, check=False).returncode  # noqa: S603 - a command of our own
    wheel.unlink()
    sys.exit(code)


if __name__ == "__main__":
    main()
