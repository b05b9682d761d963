"""Paints and asks; decides nothing."""
