"""Small classes that fill a port, for tests alone."""
