"""The guest's screen."""
