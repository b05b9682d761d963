"""The kiosk lock: the windows fill their screens, and nothing but the way out leads out of them."""
