"""What finding a guest costs, and how well it does, on lists of invented guests.

`python benchmarks/guests.py [COUNT ...]`: CPU time, medians; lists of COUNT guests (default 200,
3,000 and 100,000). Then, on 2,000 guests, how many are found in spite of a slip, how many strangers
are close to somebody, and how many certificates are taken for another guest's, of which there must
be none: exit status 1.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
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
    counts = parser.parse_args(arguments).counts or [200, 3_000, 100_000]
    print("  guests  list ms  first near ms  exact us  near ms    p95    max  search ms")
    for count in counts:
        _costs(max(1, count))
    return _quality()


def _costs(count: int) -> None:
    everybody = people.people(count + ASKED)
    listed, strangers = everybody[:count], everybody[count:]
    draw = random.Random(count)
    made, guests = _timed(lambda: GuestList(listed))
    own = [verified(certificate_of(guest)) for guest in draw.choices(listed, k=ASKED)]
    slipped = [people.typo(certificate.dcc.holder, draw) for certificate in own[: ASKED // 2]]
    others = [certificate_of(guest) for guest in strangers[: ASKED // 2]]
    unknown = [verified(holder) for holder in slipped + others]
    first_near, _ = _timed(lambda: guests.match(unknown[0]))
    exact = median(_timed(lambda: _match_all(guests, own))[0] for _ in range(ROUNDS)) / ASKED
    near = sorted(_timed(lambda c=c: guests.match(c))[0] for c in unknown)
    guests.search("anna")
    search = median(_timed(lambda g=g: guests.search(g.family))[0] for g in listed[:20])
    print(
        f"{count:8,} {1e3 * made:8.1f} {1e3 * first_near:14.1f} {1e6 * exact:9.2f} "
        f"{1e3 * median(near):8.2f} {1e3 * near[len(near) * 95 // 100]:6.2f} {1e3 * near[-1]:6.2f} "
        f"{1e3 * search:10.2f}"
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


def _timed(call: Callable[[], T]) -> tuple[float, T]:
    """Seconds of CPU time, and what was called for."""
    began = time.process_time()
    result = call()
    return time.process_time() - began, result


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
