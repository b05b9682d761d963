"""What finding a guest costs, and how well it does, on lists of invented guests.

`python benchmarks/guests.py [COUNT ...]`: CPU time, of three calls the shortest; lists of COUNT
guests (default 200, 2,000 and 100,000), each with an organisation and a Partnership. Then, on 2,000
guests, how many are found in spite of a slip, how many strangers are close to somebody, and how
many certificates are taken for another guest's, of which there must be none: exit status 1.
"""

from __future__ import annotations

import argparse
import gc
import random
import sys
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median
from typing import TypeVar

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))  # the guests are those of the tests

from kiosk.core.guests.guest import Guest  # noqa: E402
from kiosk.core.guests.guestlist import GuestList, Match, Matched, NoMatch  # noqa: E402
from kiosk.core.hcert.dcc import Holder  # noqa: E402
from kiosk.core.verify import Verified  # noqa: E402
from tests import people  # noqa: E402
from tests.people import STYLES, certificate_of, verified  # noqa: E402

T = TypeVar("T")
ASKED = 500  # certificates of each kind
TYPED = 40  # guests whose names are typed, letter by letter
ROUNDS = 20
QUALITY = 2_000  # guests
SLIPS = (
    people.typo,
    people.two_typos,
    people.swapped,
    people.shortened,
    people.lengthened,
    people.joined,
)


def main(arguments: Sequence[str]) -> int:
    """Print both tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("counts", metavar="COUNT", type=int, nargs="*")
    counts = parser.parse_args(arguments).counts or [200, 2_000, 100_000]
    for count in counts:
        _costs(max(1, count))
    return _quality()


def _costs(count: int) -> None:
    everybody = [_somewhere(guest, n) for n, guest in enumerate(people.people(count + ASKED))]
    listed, strangers = everybody[:count], everybody[count:]
    draw = random.Random(count)
    made, guests = _timed(lambda: GuestList(listed))
    prepared, _ = _timed(guests.prepare)
    print(
        f"{count:,} guests: list {made:.3f} s, prepared {prepared:.3f} s, {_memory(listed):.0f} MB"
    )
    own = [verified(certificate_of(guest)) for guest in draw.choices(listed, k=ASKED)]
    longer = [verified(people.lengthened(c.dcc.holder, draw)) for c in own]
    slipped = [people.typo(certificate.dcc.holder, draw) for certificate in own[: ASKED // 2]]
    others = [certificate_of(guest) for guest in strangers[: ASKED // 2]]
    gc.collect()
    for what, asked in (("exact", own), ("further given names", longer)):
        best = _best(lambda a=asked: _match_all(guests, a), ROUNDS) / ASKED
        print(f"  {what:20s} {1e6 * best:8.2f} us")
    for what, holders in (("a letter wrong", slipped), ("strangers", others)):
        unknown = [verified(holder) for holder in holders]
        _tell(what, [_best(lambda c=c: guests.match(c)) for c in unknown])
    _tell("a key while typing", _typing(guests, draw.choices(listed, k=TYPED), draw))


def _somewhere(guest: Guest, number: int) -> Guest:
    return replace(
        guest,
        organisation=f"{guest.family.split()[-1][:5]} Cluster {number % 700}",
        partnership=f"Partnership {number % 90}",
    )


def _memory(listed: Sequence[Guest]) -> float:
    """MB of everything that finding people needs, beside the guests."""
    tracemalloc.start()
    guests = GuestList(listed)
    guests.prepare()
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / 1e6


def _typing(guests: GuestList, typed: Sequence[Guest], draw: random.Random) -> list[float]:
    """Each letter of names, of organisations with a name, and of names with a letter left out."""
    times: list[float] = []
    for guest in typed:
        at = draw.randrange(1, len(guest.family))
        slipped = guest.family[:at] + guest.family[at + 1 :]
        for text in (guest.name, f"{guest.organisation} {guest.family}", slipped):
            queries = (text[:end] for end in range(1, len(text) + 1))
            times += [_best(lambda q=query: guests.search(q)) for query in queries]
    return times


def _tell(what: str, times: Sequence[float]) -> None:
    ordered = sorted(times)
    p95, worst = ordered[len(ordered) * 95 // 100], ordered[-1]
    print(
        f"  {what:20s} {1e3 * median(ordered):8.2f} ms, 95th {1e3 * p95:.2f} ms, "
        f"worst {1e3 * worst:.2f} ms"
    )


def _match_all(guests: GuestList, certificates: list[Verified]) -> None:
    for certificate in certificates:
        guests.match(certificate)


def _quality() -> int:
    everybody = people.people(QUALITY)
    guests, draw = GuestList(everybody), random.Random(1)
    print(f"\nof {ASKED} guests of {QUALITY:,}    found  first")
    for slip in SLIPS:
        asked = _slipped(slip, everybody, draw)
        answers = [(guests.match(verified(holder)), who) for who, holder in asked]
        places = [_place(answer, who) for answer, who in answers]
        found, first = (100 * sum(p in want for p in places) / ASKED for want in ((0, 1), (0,)))
        print(f"{slip.__name__:25s} {found:5.1f}% {first:5.1f}%")
    close = sum(guests.match(verified(certificate_of(who))) != NoMatch(()) for who in _strangers())
    print(f"strangers close to somebody {100 * close / QUALITY:.1f}%")
    wrong = sum(_taken_for_another(guests, who, style) for who in everybody for style in STYLES)
    print(f"certificates taken for another guest's {wrong} of {QUALITY * len(STYLES):,}")
    return 1 if wrong else 0


def _slipped(slip: people.Slip, of: list[Guest], draw: random.Random) -> list[tuple[Guest, Holder]]:
    """Guests whose names the slip changes, with what it makes of them."""
    written = (
        (who, certificate_of(who, draw.choice(list(STYLES)))) for who in draw.sample(of, len(of))
    )
    changed = ((who, own, slip(own, draw)) for who, own in written)
    return list(islice(((who, new) for who, own, new in changed if new != own), ASKED))


def _place(answer: Match, who: Guest) -> int:
    """0 for the guest alone or the closest candidate, 1 for a further one, 2 for none."""
    if isinstance(answer, NoMatch):
        return 2 if who not in answer.near else int(answer.near[0] is not who)
    return int(answer != Matched(who))


def _strangers() -> list[Guest]:
    known = {(guest.family, guest.given) for guest in people.people(QUALITY)}
    drawn = people.people(2 * QUALITY, seed=77)
    return [guest for guest in drawn if (guest.family, guest.given) not in known][:QUALITY]


def _taken_for_another(guests: GuestList, who: Guest, style: str) -> bool:
    answer = guests.match(verified(certificate_of(who, style)))
    return isinstance(answer, Matched) and answer.guest is not who


def _best(call: Callable[[], object], rounds: int = 3) -> float:
    """Seconds of CPU time, of several calls the shortest: other programs take from the longer."""
    return min(_timed(call)[0] for _ in range(rounds))


def _timed(call: Callable[[], T]) -> tuple[float, T]:
    """Seconds of CPU time, and what was called for."""
    began = time.process_time()
    result = call()
    return time.process_time() - began, result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
