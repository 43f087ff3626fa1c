"""Who may do what under FAB, Airflow's auth manager for production: its Viewer and Op, and an Editor between them.

The desk asks the auth manager for each button, so that these roles hold there too.
"""

from __future__ import annotations

import os

EDITOR = "Editor"
ADMIN, PASSWORD = "admin", "BROADSHEET_ADMIN_PASSWORD"
# What an editor starts: all that concerns articles. Ingesting, backfills and reprocessing are the operator's.
EDITING = (
    "change_embargo",
    "correct_article",
    "mend_page",
    "release_embargo",
    "resend_notifications",
    "resend_to_partner",
    "review_article",
    "withdraw_article",
)


def prepare() -> list[str]:
    """Make the role and, while there is no user, the first one; what was done, one line each. Nothing without FAB."""
    from airflow.configuration import conf

    if not conf.get_mandatory_value("core", "auth_manager").endswith(".FabAuthManager"):
        return []
    from airflow.providers.fab.auth_manager.cli_commands.utils import get_application_builder

    with get_application_builder() as builder:
        security = builder.sm
        security.sync_roles()
        _make_editor(security)
        done = [f"role {EDITOR}: ready"]
        if security.count_users():
            return done
        if not (password := os.environ.get(PASSWORD, "")):
            return [*done, f"user {ADMIN}: not made, since {PASSWORD} is not set"]
        security.add_user(ADMIN, "Admin", "User", "admin@localhost", [security.find_role("Admin")], password)
        return [*done, f"user {ADMIN}: made, with the password in {PASSWORD}"]


def _make_editor(security: object) -> None:
    """Viewer's permissions, and for each editing DAG those that starting a run and answering its questions need."""
    from airflow.providers.fab.auth_manager.security_manager.override import FabAirflowSecurityManagerOverride
    from airflow.providers.fab.www.security import permissions as fab

    assert isinstance(security, FabAirflowSecurityManagerOverride)  # noqa: S101 - for the type checker
    role = security.find_role(EDITOR) or security.add_role(EDITOR)
    wanted = [
        *security.VIEWER_PERMISSIONS,
        (fab.ACTION_CAN_EDIT, fab.RESOURCE_HITL_DETAIL),
        (fab.ACTION_CAN_ACCESS_MENU, fab.RESOURCE_HITL_DETAIL),
        *((fab.ACTION_CAN_EDIT, fab.resource_name(dag, fab.RESOURCE_DAG)) for dag in EDITING),
        *((fab.ACTION_CAN_CREATE, fab.resource_name(dag, fab.RESOURCE_DAG_RUN)) for dag in EDITING),
    ]
    for action, resource in wanted:
        security.add_permission_to_role(role, security.create_permission(action, resource))
