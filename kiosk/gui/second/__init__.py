"""The guest's side of a desk, on a second screen."""
