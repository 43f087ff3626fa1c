"""The steps of the pipeline, which DAGs, commands and the desk share."""
