"""A window as a screen reader meets it: a bus of its own, a screen of its own, and a listener."""
