"""What taking in a guest list costs: the commands from file to database, with invented guests.

`python benchmarks/guestlists.py [COUNT ...]`: lists of COUNT guests (default 10,000 and 100,000) as
a spreadsheet exports them, with titles above and columns that are not read: CSV, and XLSX made by
openpyxl. CPU time of `kiosk guests import` into an empty folder, of the same again, of `undo` and
`export`, medians; and what its parts take. Then the same XLSX read by openpyxl, by turns with ours.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import TypeVar

from openpyxl import Workbook, load_workbook

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the guests are those of the tests

from kiosk.adapters.sheets.reading import read_table  # noqa: E402
from kiosk.cli.main import main as kiosk  # noqa: E402
from kiosk.core.guests.lists.mapping import has_headings, layout_of  # noqa: E402
from kiosk.core.guests.lists.reading import read_list  # noqa: E402
from kiosk.core.guests.lists.table import Table  # noqa: E402
from tests.guestfiles import TERMS  # noqa: E402
from tests.people import people  # noqa: E402

T = TypeVar("T")
EVENT = str(ROOT / "assets" / "events" / "saint-ouen-2021.toml")
ROUNDS = 5  # of lists of 10,000; fewer of longer ones
GOAL = 5.0  # seconds for 10,000 guests
HEADINGS = (
    *("Nom", "Prénom", "Organisme", "Partenariat", "Téléphone", "E-mail", "policy-day-1"),
    *("policy-day-2", "partnering", "Participation", "Statut", "Date d'inscription", "Langue"),
    "Remarques",
)
Row = tuple[str | date, ...]


def main(arguments: Sequence[str]) -> int:
    """Print a row for each list; exit status 1 where the goal is missed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("counts", metavar="COUNT", type=int, nargs="*")
    counts = parser.parse_args(arguments).counts or [10_000, 100_000]
    missed = False
    print("  guests  file     MB  import s  again s  undo s  export s |  table  layout  guests")
    for count in counts:
        rows = list(_rows(count))
        for kind, data in (("csv", _csv(rows)), ("xlsx", _xlsx(rows))):
            importing = _costs(count, kind, data)
            missed |= importing > GOAL * max(1, count / 10_000)
        _beside_openpyxl(count, data)
    return 1 if missed else 0


def _rows(count: int) -> Iterator[Row]:
    for at, guest in enumerate(people(count)):
        yield (
            *(guest.family, guest.given, guest.organisation, f"Partnership {at % (count // 4)}"),
            *(f"+336{at:08}", f"guest{at}@example.org", "x" if at % 3 else "", "", "oui"),
            *("sur place" if at % 5 else "à distance", "confirmé" if at % 7 else "en attente"),
            *(date(2021, 9 + at % 2, 1 + at % 28), "français" if at % 2 else "en", f"note {at}"),
        )


def _csv(rows: list[Row]) -> bytes:
    titles = "Liste des inscrits;;\r\n;;\r\n"
    lines = [";".join(HEADINGS), *(";".join(_french(cell) for cell in row) for row in rows)]
    return (titles + "\r\n".join(lines)).encode("utf-8-sig")


def _french(cell: str | date) -> str:
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else cell


def _xlsx(rows: list[Row]) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Inscriptions")
    for row in (("Liste des inscrits",), (), HEADINGS, *rows):
        sheet.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _costs(count: int, kind: str, data: bytes) -> float:
    """Print the costs of one list; seconds that importing takes."""
    rounds = [_round(kind, data) for _ in range(max(1, ROUNDS * 10_000 // count))]
    first, again, undo, export = (median(times) for times in zip(*rounds, strict=True))
    table, layout, guests = _parts(data)
    print(
        f"{count:8,}  {kind:4}  {len(data) / 1e6:5.1f}  {first:8.2f} {again:8.2f} {undo:7.2f} "
        f"{export:9.2f} | {table:6.2f}  {layout:6.2f}  {guests:6.2f}",
        flush=True,
    )
    return first


def _round(kind: str, data: bytes) -> tuple[float, float, float, float]:
    with TemporaryDirectory() as folder:
        os.environ["PYTHON_KEYRING_BACKEND"] = "tests.fakes.keystores.FileKeyring"
        os.environ["KIOSK_TEST_KEYRING"] = str(Path(folder) / "keys.json")
        file = Path(folder) / f"list.{kind}"
        file.write_bytes(data)
        state = ["--state", str(Path(folder) / "state")]
        taking = ["guests", "import", str(file), "--event", EVENT, *state]
        first = _command(taking)
        again = _command([*taking, "--map", "Statut=ignore"])  # one in seven is changed
        export = _command(["guests", "export", str(Path(folder) / f"out.{kind}"), *state])
        return first, again, _command(["guests", "undo", *state]), export


def _command(arguments: list[str]) -> float:
    """Seconds of CPU time of a command, which must succeed."""
    with contextlib.redirect_stdout(io.StringIO()):
        seconds, status = _timed(lambda: kiosk(arguments))
    assert status == 0, arguments
    return seconds


def _parts(data: bytes) -> tuple[float, float, float]:
    reading, table = _timed(lambda: _table(data))
    guessing, layout = _timed(lambda: layout_of(table, TERMS))
    new_ids = (number.to_bytes(8, "big") for number in range(2 * len(table.rows)))
    making, _ = _timed(lambda: read_list(table, layout, TERMS, [], lambda: next(new_ids)))
    return reading, guessing, making


def _table(data: bytes) -> Table:
    return read_table(data, lambda table: has_headings(table, TERMS))


def _beside_openpyxl(count: int, data: bytes) -> None:
    def reference() -> int:
        sheet = load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        return sum(1 for _ in sheet.iter_rows(values_only=True))

    pairs = [
        (_timed(lambda: _table(data))[0], _timed(reference)[0])
        for _ in range(max(1, ROUNDS * 10_000 // count))
    ]
    ratio = median(theirs / ours for ours, theirs in pairs)
    print(f"{count:8,}  xlsx  our table takes {1 / ratio:.1f} times as long as openpyxl alone")


def _timed(call: Callable[[], T]) -> tuple[float, T]:
    """Seconds of CPU time, and what was called for."""
    began = time.process_time()
    result = call()
    return time.process_time() - began, result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
