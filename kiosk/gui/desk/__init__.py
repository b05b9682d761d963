"""The desk's screen."""
