"""What staff decide at the desk beside letting in: a sheet for each act, and who opens them."""
