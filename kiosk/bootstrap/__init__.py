"""The only place where the pieces meet: state folder, adapters, desk, window."""
