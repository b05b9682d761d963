"""Badges on paper: what stands on one, how it is drawn, and the proof that its code is read."""
