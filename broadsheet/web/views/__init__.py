"""What the desk's pages show, read from the store: values only, so that templates decide nothing."""
