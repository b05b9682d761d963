"""Golden pictures: how the main screens look, kept small, and compared in a test.

`python -m tests.golden --accept` renews them, after somebody has looked at the new ones.
"""
