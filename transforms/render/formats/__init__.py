"""One output format per module: rendering, checks, and ``FORMATS``, by which the registry finds it."""
