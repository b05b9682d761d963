"""What the organiser tells afterwards: who was there, when, and how the doors did."""
