"""Guest lists as people keep them: a table of cells to guests, or every fault; and back."""
