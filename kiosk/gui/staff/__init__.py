"""What staff do beside guests: opening, handing over, looking whether all is ready, closing."""
