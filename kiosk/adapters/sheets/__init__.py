"""Spreadsheet files: read within bounds, and written."""
