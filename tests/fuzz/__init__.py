"""Hostile certificates without end: mutations at every layer, and a fuzzer guided by coverage."""
