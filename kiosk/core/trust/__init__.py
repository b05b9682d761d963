"""Who may sign: document signers, trust lists and their formats, bytes in, verified objects out."""
