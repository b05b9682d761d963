"""On-site check-in: verifies EU Digital COVID Certificates offline, finds the guest, logs the entry."""

__version__ = "0.1.0"
