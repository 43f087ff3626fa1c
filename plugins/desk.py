"""The desk, for a checkout whose installed package does not name it to Airflow as an entry point."""

from importlib.metadata import entry_points

if not entry_points(group="airflow.plugins", name="broadsheet_desk"):
    from broadsheet.plugin import DeskPlugin  # noqa: F401
