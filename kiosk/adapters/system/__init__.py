"""This machine: clock, folders, libraries."""
