"""Random keys, chords and touches against a locked screen: `python -m tests.keys`."""
