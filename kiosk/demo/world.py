"""The demonstration's world: an invented guest list, throw-away keys, a state folder of its own."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.adapters.storage.database import open_database
from kiosk.adapters.storage.guests import read_guests, replace_guests, revoke_badge
from kiosk.adapters.storage.reserve import add_reserve
from kiosk.adapters.system.keys import badge_signing_key
from kiosk.adapters.system.places import assets, standard_rules
from kiosk.core.guests.badge import ID_LENGTH, make_badge
from kiosk.core.guests.guest import Guest
from kiosk.core.guests.lists.csvtable import csv_table
from kiosk.core.guests.lists.mapping import layout_of
from kiosk.core.guests.lists.reading import read_list
from kiosk.core.guests.lists.terms import EventTerms
from kiosk.core.guests.reserve import ReserveBadge
from kiosk.core.guests.spelling import transliterated
from kiosk.core.policy.event import Event
from kiosk.core.policy.eventfile import load_event
from kiosk.core.policy.judge import Policy, policy_of
from kiosk.core.policy.rulefile import load_rules
from kiosk.core.revocation.hashes import NEVER, RevokedHashes
from kiosk.core.revocation.marks import mark_of_identifier
from kiosk.core.revocation.revocationlist import RevocationList
from kiosk.core.revocation.revocations import Revocations
from kiosk.core.sealing import KEY_LENGTH, Sealer
from kiosk.core.trust.trustlist import Row, TrustList, trust_list_of
from kiosk.demo.issuer import Issuer, Subject, claims_of, make_issuer

START = datetime(2021, 11, 22, 7, 30, tzinfo=UTC)  # 08:30 in Saint-Ouen, half an hour before
LIST_ISSUED = START - timedelta(hours=12)
ISSUED = START - timedelta(days=1)  # of most certificates
_TESTS_ONLY = "1.3.6.1.4.1.1847.2021.1.1"
REVOKED_IDENTIFIER = "URN:UVCI:01:XA:REVOKED"
NORTH_DESK = "Desk 1"
_OTHER_EVENT = "some-other-event"


@dataclass(frozen=True)
class World:
    """Everything that the scenario shows to the cameras, and what the kiosk knows."""

    state: Path
    sealer: Sealer
    event: Event
    policy: Policy
    trust: TrustList
    revocations: Revocations
    guests: dict[str, Guest]  # by given name
    issuer: Issuer  # P-256, trusted
    rsa_issuer: Issuer  # RSA, trusted
    tests_only: Issuer  # trusted, for tests alone
    revoked: Issuer
    stranger: Issuer  # in no list
    badge_key: Ed25519PrivateKey
    blank: ReserveBadge  # of the reserve of the desk at the north door

    def subject(self, given: str) -> Subject:
        """The guest of that given name as an issuer writes the name."""
        guest = self.guests[given]
        return Subject(
            guest.family, guest.given, transliterated(guest.family), transliterated(guest.given)
        )

    def certificate(
        self,
        subject: Subject,
        group: str,
        statement: dict[str, object],
        issuer: Issuer | None = None,
        issued_at: datetime = ISSUED,
    ) -> str:
        """The code of a certificate."""
        signer = issuer or self.issuer
        return signer.sign(claims_of(subject, group, statement, issued_at, signer.country))

    def forged_certificate(self, subject: Subject, group: str, statement: dict[str, object]) -> str:
        """A certificate that names a trusted key and is signed with another."""
        claims = claims_of(subject, group, statement, ISSUED, self.issuer.country)
        return self.stranger.sign(claims, kid=self.issuer.kid)

    def badge(self, given: str) -> str:
        """The code of a guest's badge."""
        return make_badge(self.guests[given].badge, self.event.id, self.badge_key)

    def unknown_badge(self) -> str:
        """Genuinely signed, for nobody on this list."""
        return make_badge(secrets.token_bytes(ID_LENGTH), self.event.id, self.badge_key)

    def blank_badge(self) -> str:
        """The code of the blank badge."""
        return make_badge(self.blank.badge, self.event.id, self.badge_key)

    def forged_badge(self, given: str) -> str:
        """A guest's badge under somebody else's key."""
        badge = self.guests[given].badge
        return make_badge(badge, self.event.id, Ed25519PrivateKey.generate())

    def badge_of_another_event(self, given: str) -> str:
        """The organiser's own badge, of another event."""
        return make_badge(self.guests[given].badge, _OTHER_EVENT, self.badge_key)


def make_world(state: Path, revoked_badge_of: str) -> World:
    """A new world in the empty folder `state`; the key of its guests is in memory alone."""
    sealer = Sealer(secrets.token_bytes(KEY_LENGTH))
    event = load_event((assets() / "events" / "saint-ouen-2021.toml").read_text(encoding="utf-8"))
    table = csv_table((assets() / "demo" / "guests.csv").read_bytes())
    occasions = {occasion.id: occasion.name for occasion in event.occasions}
    terms = EventTerms(occasions, event.categories)
    layout = layout_of(table, terms)
    blank = ReserveBadge(secrets.token_bytes(ID_LENGTH), NORTH_DESK, "R1-001")
    with open_database(state, sealer) as database:
        known = read_guests(database)
        found = read_list(table, layout, terms, known, lambda: secrets.token_bytes(ID_LENGTH))
        guests = found.guests
        replace_guests(database, guests)
        by_name = {guest.given: guest for guest in guests}
        revoke_badge(database, by_name[revoked_badge_of].badge)
        add_reserve(database, [blank])
    issuer, revoked = make_issuer("XA"), make_issuer("XR")
    rsa_issuer = make_issuer("XB", key=rsa.generate_private_key(65537, 2048))
    tests_only = make_issuer("XT", usages=[_TESTS_ONLY])
    listed = (issuer, rsa_issuer, tests_only, revoked)
    return World(
        state=state,
        sealer=sealer,
        event=event,
        policy=policy_of(event, load_rules(standard_rules().read_text(encoding="utf-8"))),
        trust=_trust(listed, revoked),
        revocations=_revocations(),
        guests=by_name,
        issuer=issuer,
        rsa_issuer=rsa_issuer,
        tests_only=tests_only,
        revoked=revoked,
        stranger=make_issuer("XU"),
        badge_key=badge_signing_key(state),
        blank=blank,
    )


def _trust(listed: tuple[Issuer, ...], revoked: Issuer) -> TrustList:
    rows = (Row(one.certificate, one.kid, one.country) for one in listed)
    trust = trust_list_of(
        rows,
        "throw-away issuers of the demonstration",
        version=1,
        issued_at=LIST_ISSUED,
        expires_at=START + timedelta(days=7),
    )
    # As if its signature had been checked, so that the clock has a floor here, too.
    return replace(trust, newest_at=LIST_ISSUED, revoked=frozenset({revoked.kid}))


def _revocations() -> Revocations:
    hashes = RevokedHashes.of({mark_of_identifier(REVOKED_IDENTIFIER): NEVER})
    expires = START + timedelta(days=7)
    return Revocations(RevocationList(1, LIST_ISSUED, expires, ("the demonstration",), hashes))
