"""Kills and power cuts in the middle of admissions: `python -m tests.durability --help`."""
