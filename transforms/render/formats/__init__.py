"""One format a module: what it renders, how its files are checked, and ``FORMATS``, by which it is found."""
