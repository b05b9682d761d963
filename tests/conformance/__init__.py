"""Conformance with the official vectors (eu-digital-green-certificates/dgc-testdata)."""
