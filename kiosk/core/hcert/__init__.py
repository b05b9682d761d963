"""An HC1 text to its claims: envelope, COSE_Sign1, CWT, DCC (eu-dcc-hcert-spec 1.0.8)."""
