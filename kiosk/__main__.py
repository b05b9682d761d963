"""`python -m kiosk` is the same program as the `kiosk` command."""

import sys

from kiosk.cli.main import start

if __name__ == "__main__":
    sys.exit(start())
