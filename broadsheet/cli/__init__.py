"""The command line. Heavy imports stand inside the functions, so that ``--help`` is instant."""
