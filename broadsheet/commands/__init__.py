"""What each command of ``broadsheet`` does. Heavy imports stand inside the functions, so that ``--help`` is instant."""
