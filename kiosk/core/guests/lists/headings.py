"""What the headings of a list mean, as people write them in French and English."""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from enum import StrEnum

from kiosk.core.guests.known import plain
from kiosk.core.guests.lists.table import MAX_CELL

MISTYPED = 0.75  # likeness (0 to 1) from which a strange word is taken for a slip


class Field(StrEnum):
    """What a column holds, by the word that `--map` takes."""

    NAME = "name"
    FAMILY = "family"
    GIVEN = "given"
    ORGANISATION = "organisation"
    PARTNERSHIP = "partnership"
    CATEGORY = "category"
    OCCASIONS = "occasions"
    OCCASION = "occasion"  # one alone: a column of yes or no
    ATTENDANCE = "attendance"
    SELECTION = "selection"
    REGISTERED_ON = "registered"
    LANGUAGE = "language"
    BIRTH_YEAR = "birth-year"
    BADGE = "badge"
    PSEUDONYM = "pseudonym"


# Without accents, case and what stands in brackets; the first is the one to recommend, and what an
# export writes. One heading may stand with several fields: the column's contents decide.
HEADINGS: dict[Field, tuple[str, ...]] = {
    Field.NAME: (
        *("name", "full name", "nom complet", "participant", "participante", "guest", "invite"),
        *("nom et prenom", "nom prenom", "prenom et nom", "prenom nom", "name and surname"),
        *("first and last name", "nom prenoms", "noms", "names", "attendee"),
    ),
    Field.FAMILY: (
        *("family name", "last name", "lastname", "surname", "family", "nom", "nom de famille"),
        *("familyname", "nom d'usage", "nom usuel"),
    ),
    Field.GIVEN: (
        *("given name", "first name", "firstname", "given", "given names", "first names"),
        *("prenom", "prenoms", "forename", "givenname", "prenom usuel"),
    ),
    Field.ORGANISATION: (
        *("organisation", "organization", "company", "cluster", "organisme", "societe"),
        *("entreprise", "employer", "employeur", "institution", "structure", "affiliation"),
        *("nom de l'organisme", "nom de l'organisation", "nom de l'entreprise", "company name"),
        *("nom de la societe", "nom de la structure", "nom du cluster", "cluster name"),
        *("organisation name", "organization name", "name organisation"),
    ),
    Field.PARTNERSHIP: (
        *("partnership", "partenariat", "partnership name", "nom du partenariat"),
        *("partnership or category", "partenariat ou categorie"),
        *("escp-4x", "escp-4x partnership", "consortium", "partnership acronym"),
        *("partenariat escp-4x", "name partnership", "acronyme du partenariat"),
    ),
    Field.CATEGORY: (
        *("category", "categorie", "role", "type", "statut", "status", "profil", "profile"),
        *("guest type", "type d'invite", "type de participant", "qualite"),
    ),
    Field.OCCASIONS: (
        *("occasions", "occasion", "sessions", "session", "days", "jours", "invited to"),
        *("invite a", "events", "evenements", "inscrit a", "je participerai a", "i will attend"),
        *("participera a", "will attend", "je m'inscris a"),
    ),
    Field.ATTENDANCE: (
        *("attendance", "participation", "presence", "mode", "format", "type", "modalite"),
        *("mode de participation", "type de participation", "attendance mode", "how"),
        *("in person or remote", "presentiel ou distanciel", "sur place ou a distance"),
    ),
    Field.SELECTION: (
        *("status", "selection", "selected", "statut", "selectionne", "decision", "etat"),
        *("registration status", "statut de l'inscription", "statut d'inscription"),
        *("confirmed", "confirme", "retenu", "inscription"),
    ),
    Field.REGISTERED_ON: (
        *("registered on", "date d'inscription", "registration date", "date of registration"),
        *("inscrit le", "inscrite le", "registered", "horodateur", "timestamp", "inscription"),
        *("date inscription", "date de l'inscription", "submitted on", "date d'enregistrement"),
    ),
    Field.LANGUAGE: (
        *("language", "langue", "lang", "preferred language", "langue preferee", "languages"),
        *("langue de correspondance", "langues", "langue d'echange", "langue de l'echange"),
    ),
    Field.BIRTH_YEAR: (
        *("year of birth", "birth year", "annee de naissance", "ne en", "nee en", "naissance"),
        *("birthyear", "yob"),
    ),
    Field.BADGE: ("badge id", "badge", "id badge", "numero de badge", "badge number", "no badge"),
    Field.PSEUDONYM: ("pseudonym", "pseudonyme"),
}
# Usual headings of other columns, though they are like some of these.
_NO_SLIPS = frozenset(
    {"age", "code", "codes", "no", "pays", "username", "nombre", "titre", "title", "ville", "table"}
    | {"date", "rate", "sexe", "genre", "hotel", "taille", "poste", "note", "notes", "game"}
    | {
        "present",
        "presente",
        "place",
        "mail",
        "email",
        "guests",
        "invites",
        "day",
        "time",
        "stand",
        "image",
        "payment",
    }
)
_FILLERS = frozenset(
    {
        "votre",
        "vos",
        "your",
        "du",
        "de",
        "des",
        "la",
        "le",
        "les",
        "l'",
        "d'",
        "the",
        "of",
        "a",
        "an",
    }
    | {
        "participant",
        "participante",
        "invite",
        "guest",
        "attendee",
        "quel",
        "quelle",
        "est",
        "what",
    }
    | {"is", "please", "veuillez", "indiquer", "enter", "saisir"}
)
# Words that tell of a field beside others that nobody foresaw.
_TELLING = {
    Field.PARTNERSHIP: {"partnership", "partenariat", "consortium"},
    Field.ORGANISATION: {"organisation", "organization", "organisme", "entreprise", "company"},
    Field.OCCASIONS: {"occasions", "sessions", "participerai", "participera", "attending"},
    Field.ATTENDANCE: {"presentiel", "distanciel", "remote"},
    Field.LANGUAGE: {"langue", "language"},
    Field.SELECTION: {"selection", "statut", "status"},
    Field.BIRTH_YEAR: {"naissance", "birth"},
}
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_EDGES = " \t*:?.!#°\"'«»"
_MEANING: dict[str, tuple[Field, ...]] = {
    alias: tuple(field for field, aliases in HEADINGS.items() if alias in aliases)
    for aliases in HEADINGS.values()
    for alias in aliases
}
_PREFERRED = {"status": Field.SELECTION, "statut": Field.SELECTION}


def meanings(heading: str) -> tuple[Field, ...]:
    """What a column of that heading may hold, the likeliest first; empty where it is not known."""
    if len(heading) > MAX_CELL:
        return ()
    for form in _forms(heading):
        if found := _MEANING.get(form):
            first = _PREFERRED.get(form, found[0])
            return (first, *(field for field in found if field is not first))
    return ()


def meant(heading: str) -> Field | None:
    """The field that a mistyped heading stands for, if one of its words is like a known one."""
    written = _bare(heading)
    if not written or written in _NO_SLIPS or len(heading) > MAX_CELL or meanings(heading):
        return None
    words = written.split()
    likeness = {alias: _likeness(words, alias.split()) for alias in _MEANING}
    closest = max(likeness, key=lambda alias: likeness[alias])
    return meanings(closest)[0] if likeness[closest] >= MISTYPED else None


def hinted(heading: str) -> Field | None:
    """The field that one word of an unknown heading speaks of; to be asked, not taken by itself."""
    words = set(re.findall(r"\w+", _bare(heading)))
    spoken = {field for field, words_of in _TELLING.items() if words & words_of}
    return spoken.pop() if len(spoken) == 1 else None


def _likeness(words: list[str], known: list[str]) -> float:
    """Of the one word that differs; 0 where more do."""
    if len(words) != len(known):
        return 0.0
    differing = [pair for pair in zip(words, known, strict=True) if pair[0] != pair[1]]
    if len(differing) != 1:
        return 0.0
    return SequenceMatcher(None, *differing[0]).ratio()


def _forms(heading: str) -> list[str]:
    """As it is; each of two languages beside each other; without words that say nothing."""
    bare = _bare(heading)
    parts = [_bare(part) for part in re.split(r"[/|\n]| - ", heading)]
    forms = [bare, " ".join(parts), *parts]
    return [*forms, *(_without_fillers(form) for form in forms)]


def _bare(heading: str) -> str:
    text = plain(_BRACKETS.sub(" ", heading[:MAX_CELL]))
    return text.strip(_EDGES)


def _without_fillers(text: str) -> str:
    words = re.sub(r"\b([dl])'", r"\1' ", text).split()
    return " ".join(word for word in words if word not in _FILLERS)
