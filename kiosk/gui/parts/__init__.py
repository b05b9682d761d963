"""What every screen is made of: style, text, controls, signs, the camera's picture."""
