"""Use cases without Qt: one visit from certificate and badge to a durable entry."""
