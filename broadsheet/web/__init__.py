"""The desk: pages inside Airflow's UI that show what came in, what was made of it and what went where."""
