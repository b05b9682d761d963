"""Is it good enough for this event? The event file, and its limits applied to a `Verified`."""
