"""Whose is it? Guests, names, badges."""
