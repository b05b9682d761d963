"""The tests; each name is a sentence of the rule that it holds."""
