"""The steps of an issue's way through the house. DAGs, commands and the desk page call them."""
