"""The machine underneath: clock, folders, libraries."""
