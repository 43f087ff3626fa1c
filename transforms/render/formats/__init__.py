"""One output format per module: how it renders, how it is checked, and ``FORMATS``, by which the registry finds it."""
