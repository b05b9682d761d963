"""What guests are told of their data, section by section: on the screen and on paper. No Qt."""

from __future__ import annotations

from kiosk.core.policy.event import Event
from kiosk.gui.words.wording import Wording


def notice(event: Event, say: Wording) -> tuple[tuple[str, str], ...]:
    """Pairs of title and words: what is read and kept, why, rights, who is responsible, a choice.

    The last one has no title. What the event file does not name is not claimed.
    """
    basis, contact = event.legal_basis, event.privacy_contact
    ground = say("notice.ground", basis=basis) if basis else say("notice.ground_plain")
    who = say("guest.contact", contact=contact)
    if event.controller:
        who = say("notice.contact", controller=event.controller, contact=contact)
    return (
        (say("notice.read_title"), say("notice.read")),
        (say("notice.kept_title"), say("notice.kept")),
        (say("notice.ground_title"), ground),
        (say("notice.rights_title"), say("notice.rights")),
        (say("notice.contact_title"), who),
        ("", say("notice.choice")),
    )
