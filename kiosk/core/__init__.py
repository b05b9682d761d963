"""Pure: bytes, dates and names in, values out. No input or output, no clock, no Qt."""
