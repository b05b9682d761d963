"""The patient look: codes that no engine reads from the frame as it is."""
