"""Hand scanners: those that play keyboard, and those on a serial port."""
