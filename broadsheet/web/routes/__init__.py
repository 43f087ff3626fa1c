"""The desk's routes. Each needs a user of Airflow's who may read our DAGs; acting needs the right to start them."""
