"""Alerts to people: mail, chat, a webhook, whatever Apprise can reach, as the operator's Airflow connection says.

The connection ``broadsheet_alerts`` is of type ``apprise``; its config lists addresses such as ``mailtos://…``,
``slack://…``, ``json://…`` (docs/operators.md). Without it, incidents are kept in the store and logged only.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from broadsheet.errors import Untold
from broadsheet.steps.incidents import Incident
from broadsheet.steps.services import services_at

CONNECTION = "broadsheet_alerts"

log = logging.getLogger(__name__)


def tell(incident: Incident) -> None:
    """Send one message. Raises Untold if a service did not take it."""
    from airflow.providers.apprise.hooks.apprise import AppriseHook
    from airflow.sdk.exceptions import AirflowNotFoundException

    hook = AppriseHook(CONNECTION)
    try:
        connection = hook.get_connection(CONNECTION)
    except AirflowNotFoundException:
        log.warning("no connection %s, so nobody is told: %s. %s", CONNECTION, incident.title, incident.detail)
        return
    from apprise import NotifyType

    services = services_at(_addresses(connection.extra_dejson.get("config")), f"the connection {CONNECTION}")
    # The hook's own notify hides whether a service took the message.
    if not services.notify(body=_body(incident), title=incident.title, notify_type=NotifyType.WARNING):
        raise Untold(f"not every service of the connection {CONNECTION} took the alert; the log above says which")


def _addresses(config: Any) -> list[Any]:
    """The addresses of an Apprise connection's config: one ``{"path": …}`` or a list of them, as text or JSON."""
    try:
        found = json.loads(config) if isinstance(config, str) else config
    except ValueError:
        found = None
    entries = found if isinstance(found, list) else [found]
    if not all(isinstance(entry, dict) and entry.get("path") for entry in entries):
        raise Untold(f'the config of the connection {CONNECTION} is not of the form [{{"path": "address"}}]')
    return [entry["path"] for entry in entries]


def _body(incident: Incident) -> str:
    return f"{incident.detail}\n{_link(incident.path)}"


def _link(path: str) -> str:
    from urllib.parse import quote

    from airflow.configuration import conf

    base = conf.get("api", "base_url", fallback="").rstrip("/")
    return f"{base}{quote(path)}" if base else path
