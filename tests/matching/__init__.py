"""How well certificates are matched with guests: a corpus of invented names, and its report."""
