"""The SQLite database of one kiosk: guests, entries, counters."""
