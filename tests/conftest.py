"""One setting for all tests that search for inputs: no deadline, since machines are shared."""

from hypothesis import settings

settings.register_profile("kiosk", deadline=None, derandomize=True)
settings.load_profile("kiosk")
