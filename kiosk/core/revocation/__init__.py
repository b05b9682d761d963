"""What takes trust back: revoked certificates, and a blocklist of keys and certificates."""
