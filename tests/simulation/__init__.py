"""A deterministic simulation of a morning at the doors: visits, crashes, full disks, clock steps.

The real desk is driven with a clock and a log that are simulated; `rules` hold after every step.
"""
