"""Revocation lists and the blocklist of a state folder."""
