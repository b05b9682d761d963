"""On-site check-in: verifies EU COVID Certificates offline, finds the guest, logs the entry."""

__version__ = "0.1.0"
