"""The services that alerts go to, by Apprise, never logging their addresses, which contain secrets."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from broadsheet.errors import Untold

if TYPE_CHECKING:
    from collections.abc import Iterator

    from apprise import Apprise

log = logging.getLogger(__name__)


def services_at(addresses: Sequence[Any], source: str) -> Apprise:
    """Apprise with those of the addresses that it can read; the log says which it cannot. Raises Untold for none."""
    import apprise

    services = apprise.Apprise()
    for number, address in enumerate(addresses, 1):
        with _silent("apprise"):  # it logs an address that it cannot read as it stands
            understood = isinstance(address, str) and services.add(address)
        if not understood:
            log.error("address %d of %d in %s cannot be read by Apprise: correct it", number, len(addresses), source)
    if not services:
        raise Untold(f"no address in {source} can be read by Apprise")
    # Their debug lines hold addresses, or the paths of them.
    for logger in map(logging.getLogger, ("apprise", "urllib3")):
        logger.setLevel(max(logging.INFO, logger.getEffectiveLevel()))
    return services


@contextmanager
def _silent(name: str) -> Iterator[None]:
    logger = logging.getLogger(name)
    was, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = was
