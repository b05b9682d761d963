"""The scenario: every row of the table of answers, with invented guests."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from kiosk.core.reasons import Reason
from kiosk.demo.acts import (
    ClockJumps,
    DiskBreaks,
    Hold,
    HoldUnreadable,
    Pause,
    Press,
    Step,
)
from kiosk.demo.issuer import Subject, covid_test, recovery, vaccination
from kiosk.demo.shapes import AMBER, CONFIRM, GREEN, RED, Scenes, days_ago, hours_ago
from kiosk.demo.supervisor import SupervisorScenes
from kiosk.demo.world import REVOKED_IDENTIFIER, START, World

WAIT = timedelta(seconds=31)
REVOKED_BADGE_OF = "Grâce"

_TWO_D_DOC = "DC04FR000001124F1D1DB2L101INVENTED" + "\x1d" + "L0EXAMPLE"
_SWISS_LIGHT = "LT1:6BFY90R10RDWT 9O60GO0000W50JB06H08CK QC/70YM8N34GB8WY0ABC"
_WHO_CLAIM = -6  # DVC/ICVP, the vaccine document of the WHO


def scenario(world: World) -> list[Step]:
    """All steps, in the order of a morning."""
    scenes = _Scenes(world)
    return [
        *scenes.accepted(),
        *scenes.at_the_desk(),
        *scenes.refused(),
        *scenes.undecided(),
        *scenes.other_codes(),
        *scenes.badges(),
        *scenes.names(),
        *scenes.guests(),
        *scenes.badges_at_the_door(),
        *SupervisorScenes(world).all(),
        *scenes.trouble(),
    ]


class _Scenes(Scenes):
    def accepted(self) -> Iterator[Step]:
        w = self._world
        yield self._both(
            "Inês",
            "v",
            vaccination(days_ago(120)),
            GREEN,
            "accepted, expected",
            what="second dose of 120 days",
        )
        certificate = self._of("Zoé", "r", recovery(days_ago(60)))
        yield Step(
            "Zoé",
            "badge, then recovery of 60 days",
            "self",
            (Hold(w.badge("Zoé")), Hold(certificate)),
            GREEN,
            "the order does not matter",
        )
        test = covid_test(hours_ago(71))
        why = "not older than 72 h"
        yield self._both("Mikkel", "t", test, GREEN, why, what="negative test of 71 h")
        rsa = w.certificate(
            w.subject("Siobhán"), "v", vaccination(days_ago(40), 1, 1), w.rsa_issuer
        )
        yield Step(
            "Siobhán",
            "single dose of 40 days (RSA) + badge",
            "self",
            (Hold(rsa), Hold(w.badge("Siobhán"))),
            GREEN,
            "signed with PS256",
        )
        booster = vaccination(days_ago(0), 3, 2)
        yield self._both("Tomáš", "v", booster, GREEN, "no wait after a booster", what="booster")
        yield self._both("Élodie", "v", vaccination(days_ago(90)), GREEN, "speaker, no Partnership")

    def at_the_desk(self) -> Iterator[Step]:
        """The guests who were checked at the self-scan screen come in."""
        w = self._world
        badge = Hold(w.badge("Inês"))
        yield Step(
            "Inês", "badge at the desk", "desk", (badge, *CONFIRM), GREEN, "checked before: entry"
        )
        yield Step(
            "Inês",
            "badge again after 20 s",
            "desk",
            (badge,),
            GREEN,
            "already admitted, no second entry",
            gap=timedelta(seconds=20),
        )
        yield Step(
            "Inês",
            "badge at the other door",
            "south",
            (badge,),
            AMBER,
            "inside, at another door",
            Reason.INSIDE_ELSEWHERE,
        )
        later = timedelta(minutes=10)
        yield Step("Inês", "badge alone, later", "desk", (badge,), GREEN, "re-entry", gap=later)
        yield Step("Inês", "badge, then leaves (F7)", "desk", (badge, Press("F7")), GREEN, "exit")
        yield Step("Inês", "badge at the other door", "south", (badge,), GREEN, "after the exit")
        yield self._both(
            "Anders",
            "v",
            vaccination(days_ago(30)),
            GREEN,
            "ID document and mask confirmed",
            station="desk",
            then=CONFIRM,
        )

    def refused(self) -> Iterator[Step]:
        w = self._world
        test, dose = covid_test, vaccination
        yield self._refused("t", test(hours_ago(73)), "negative test of 73 h")
        yield self._refused("t", test(hours_ago(5), "260373001"), "positive test")
        yield self._refused("t", test(hours_ago(-30)), "test in the future")
        yield self._refused("v", dose(days_ago(60), 1, 2), "first dose of two")
        yield self._refused("v", dose(days_ago(6)), "second dose of 6 days")
        yield self._refused("v", dose(days_ago(27), 1, 1), "single dose of 27 days")
        yield self._refused("r", recovery(days_ago(10)), "recovery of 10 days")
        yield self._refused("r", recovery(days_ago(184)), "recovery of 184 days")
        who = w.subject("Lorenzo")
        long_ago = START - timedelta(days=400)
        expired = w.certificate(who, "v", dose(days_ago(120)), issued_at=long_ago)
        yield self._alone(expired, "expired certificate")
        yield self._alone(w.forged_certificate(who, "v", dose(days_ago(90))), "forged")
        wrong_use = w.certificate(who, "v", dose(days_ago(90)), w.tests_only)
        yield self._alone(wrong_use, "signer for tests only")
        revoked = w.certificate(who, "v", dose(days_ago(90)), w.revoked)
        yield self._alone(revoked, "signer on the blocklist")
        withdrawn = w.certificate(who, "v", dose(days_ago(90), ci=REVOKED_IDENTIFIER))
        yield self._alone(withdrawn, "revoked certificate")

    def undecided(self) -> Iterator[Step]:
        w = self._world
        good = vaccination(days_ago(90))
        stranger = w.certificate(w.subject("Béla"), "v", good, w.stranger)
        yield self._desk(
            stranger,
            "certificate of an unknown signer",
            "signer not in the list",
            Reason.SIGNER_UNKNOWN,
        )
        no_result = self._of("Béla", "t", covid_test(hours_ago(5), ""))
        yield self._desk(
            no_result,
            "test that does not tell its result",
            "a rule that cannot be applied",
            Reason.RULE_OPEN,
        )
        certificate = self._of("Béla", "v", good)
        yield self._desk(
            certificate,
            "certificate, list past its end",
            "list too old for the event",
            Reason.TRUST_LIST_EXPIRED,
            "old list",
        )
        yield Step(
            "Béla",
            "certificate, clock a month slow",
            "self",
            (ClockJumps(timedelta(days=-30)), Hold(certificate), ClockJumps(timedelta(days=30))),
            AMBER,
            "clock not trusted",
            Reason.CLOCK_NOT_TRUSTED,
        )
        yield Step(
            "Béla",
            "certificate that does not get read",
            "self",
            (HoldUnreadable(certificate),),
            AMBER,
            "8 s without a reading",
            Reason.CODE_NOT_READ,
        )
        yield Step(
            "Béla",
            "the same at the desk, official reader (F6) + badge",
            "desk",
            (
                HoldUnreadable(certificate),
                Press("F6", reacts=True),
                Hold(w.badge("Béla")),
                *CONFIRM,
            ),
            GREEN,
            "checked with the official reader",
        )

    def other_codes(self) -> Iterator[Step]:
        w = self._world
        yield self._other(_TWO_D_DOC, "French 2D-DOC", Reason.CODE_2D_DOC)
        yield self._other(_SWISS_LIGHT, "Swiss light certificate", Reason.CODE_SWISS_LIGHT)
        issued = int(START.timestamp()) - 3600
        who = w.issuer.sign({6: issued, 4: issued + 86_400 * 30, -260: {_WHO_CLAIM: {}}})
        yield self._other(who, "WHO vaccine document", Reason.CODE_WHO)
        yield self._other("https://example.org/agenda", "a web address", Reason.CODE_UNKNOWN)

    def badges(self) -> Iterator[Step]:
        w = self._world
        for text, shows, reason in (
            (w.unknown_badge(), "badge of nobody on the list", Reason.BADGE_UNKNOWN),
            (w.forged_badge("Aino"), "forged badge", Reason.BADGE_FORGED),
            (w.badge(REVOKED_BADGE_OF), "badge that was withdrawn", Reason.BADGE_REVOKED),
            (w.badge_of_another_event("Aino"), "another event's", Reason.BADGE_OTHER_EVENT),
        ):
            yield Step("a guest", shows, "self", (Hold(text),), AMBER, "the badge", reason)
        yield Step(
            "Aino",
            "badge alone, for 30 s",
            "self",
            (Hold(w.badge("Aino")), Pause(WAIT)),
            AMBER,
            "no certificate came",
            Reason.CERTIFICATE_MISSING,
        )
        certificate = self._of("Aino", "v", vaccination(days_ago(50)))
        yield Step(
            "Aino",
            "certificate alone, for 30 s",
            "self",
            (Hold(certificate), Pause(WAIT)),
            AMBER,
            "no badge came",
            Reason.BADGE_MISSING,
        )

    def names(self) -> Iterator[Step]:
        w = self._world
        good = vaccination(days_ago(90))
        near = Subject("Schmidtova", "Katarzyna", "SCHMIDTOVA", "KATARZYNA")
        yield Step(
            "Katarzyna",
            "certificate of Schmidtova, badge of Schmittova",
            "self",
            (Hold(w.certificate(near, "v", good)), Hold(w.badge("Katarzyna"))),
            AMBER,
            "near-miss name",
            Reason.NAME_NEAR_MISS,
        )
        kristjan, ilze = (self._of(given, "v", good) for given in ("Kristjan", "Ilze"))
        yield Step(
            "Kristjan",
            "Ilze's certificate + own badge",
            "desk",
            (Hold(ilze), Hold(w.badge("Kristjan"))),
            AMBER,
            "names differ",
            Reason.NAMES_DIFFER,
        )
        yield Step(
            "Ilze",
            "Kristjan's certificate + own badge",
            "desk",
            (Hold(kristjan), Hold(w.badge("Ilze"))),
            AMBER,
            "two persons crossed",
            Reason.PAIR_CROSSED,
        )
        yield Step(
            "Kristjan, Ilze",
            "staff confirm both with one key",
            "desk",
            CONFIRM,
            GREEN,
            "set right",
            gap=timedelta(0),
        )

    def guests(self) -> Iterator[Step]:
        good = vaccination(days_ago(90))
        for given, why, reason in (
            ("Xabier", "remote guest", Reason.GUEST_REMOTE),
            ("Giulia", "on the waiting list", Reason.GUEST_WAITING),
            ("Oskar", "declined", Reason.GUEST_DECLINED),
            ("Noémie", "invited to another occasion", Reason.OCCASION_OTHER),
        ):
            yield self._both(given, "v", good, AMBER, why, reason)
        yield self._both("Łucja", "v", good, GREEN, "first seat of BioValleys")
        yield self._both("Matteo", "v", good, GREEN, "second seat of BioValleys")
        why = "third person of BioValleys"
        yield self._both("Nikolina", "v", good, AMBER, why, Reason.SEATS_TAKEN)
        yield self._both("Ivana", "v", good, AMBER, "room full", Reason.ROOM_FULL, "small room")

    def badges_at_the_door(self) -> Iterator[Step]:
        """The same event, had it handed out its badges at the door."""
        w = self._world
        good = vaccination(days_ago(90))
        unlisted = Subject("Nirgendwer", "Klara", "NIRGENDWER", "KLARA")
        more_names = Subject(
            "van der Voorbeeld", "Maarten Johannes", "VAN<DER<VOORBEELD", "MAARTEN<JOHANNES"
        )
        close = Subject("Dimitrowski", "Petar", "DIMITROWSKI", "PETAR")
        for who, subject, answer, why, reason in (
            ("Raluca", w.subject("Raluca"), GREEN, "exactly one guest of that name", None),
            ("Maarten", more_names, GREEN, "further given names on the certificate", None),
            ("Camille", w.subject("Camille"), AMBER, "two of that name", Reason.SEVERAL_GUESTS),
            ("Petar", close, AMBER, "near-miss, with candidates", Reason.NAME_NEAR_MISS),
            ("Klara", unlisted, AMBER, "not on the list", Reason.NOT_ON_LIST),
        ):
            certificate = w.certificate(subject, "v", good)
            yield Step(
                who,
                "certificate alone, badges at the door",
                "badges at the door",
                (Hold(certificate),),
                answer,
                why,
                reason,
            )

    def trouble(self) -> Iterator[Step]:
        certificate = self._of("Matija", "v", vaccination(days_ago(90)))
        yield Step(
            "Matija",
            "certificate + badge, database gone",
            "second kiosk",
            (DiskBreaks(), Hold(certificate), Hold(self._world.badge("Matija"))),
            AMBER,
            "never green without a durable entry",
            Reason.STORAGE_TROUBLE,
        )

    # Shapes that recur

    def _refused(self, group: str, statement: dict[str, object], what: str) -> Step:
        return self._alone(self._of("Lorenzo", group, statement), what)

    def _alone(self, certificate: str, what: str) -> Step:
        return Step("Lorenzo", what, "self", (Hold(certificate),), RED, "certainly not acceptable")

    def _desk(
        self, certificate: str, what: str, why: str, reason: Reason, station: str = "self"
    ) -> Step:
        return Step("Béla", what, station, (Hold(certificate),), AMBER, why, reason)

    def _other(self, text: str, shows: str, reason: Reason) -> Step:
        return Step("a guest", shows, "self", (Hold(text),), AMBER, "another kind of code", reason)
