"""The local newsroom: a real S3 server and a real Airflow on this machine's loopback, with all state in one folder."""
