"""What only Airflow loads: its tasks' frame, the trigger, metrics, lineage, alerts."""
