"""A child process that admits guests in a loop until it is killed: `python -m tests.appender`.

Arguments: the state folder and the number of this run. It prints the seq of each entry, but only
after `append` has returned: what is printed is acknowledged.
"""

from __future__ import annotations

import sys
from itertools import count
from pathlib import Path

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.journal import SqliteJournal
from kiosk.core.entry import EntryAct, EntryBasis, EntryDraft
from tests.door import MORNING, SECOND
from tests.fakes.clock import SetClock


def main() -> None:
    folder, run = Path(sys.argv[1]), sys.argv[2]
    clock = SetClock(MORNING)
    journal = SqliteJournal(open_database(folder), "saint-ouen-2021", clock, f"boot-{run}")
    for number in count(1):
        guest = f"guest-{run}-{number}"
        draft = EntryDraft(EntryAct.IN, guest, "policy-day-1", "north", EntryBasis.SCANNED)
        (record,) = journal.append([draft], clock.now())
        sys.stdout.write(f"{record.seq} {guest}\n")
        sys.stdout.flush()
        clock.go(SECOND)


if __name__ == "__main__":
    main()
