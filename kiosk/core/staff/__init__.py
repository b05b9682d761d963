"""Who works at the doors: roles, PINs, badges of staff, and the register of verifiers."""
