"""Every reason an answer can have, each once: its code, who may see it, and the remedy.

Reasons about a certificate are for the organiser's tool alone: a door never shows why a
certificate is not accepted (law of 31 May 2021, art. 1 II B: the form of the check must not
reveal the nature of the proof).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum, auto


class Group(Enum):
    """What a reason is about; it decides the answer at the door and who may see the reason."""

    OTHER_CODE = auto()  # a code of another kind: the desk, named for staff
    CERTIFICATE = auto()  # certainly not acceptable: refused, never explained at the door
    UNDECIDED = auto()  # the program cannot tell: the desk, with the remedy
    GUEST = auto()  # badge, list, occasion, seat: the desk, with the remedy
    STAFF = auto()  # what staff asked for cannot be done: nothing is changed


class Reason(StrEnum):
    """A stable, speakable code."""

    # Codes of another kind
    CODE_UNKNOWN = "code_unknown"
    CODE_2D_DOC = "code_2d_doc"
    CODE_SWISS_LIGHT = "code_swiss_light"
    CODE_AUSTRIAN = "code_austrian"
    CODE_DUTCH = "code_dutch"
    CODE_SMART_HEALTH_CARD = "code_smart_health_card"
    CODE_HCERT_OTHER = "code_hcert_other"
    CODE_WHO = "code_who"
    # Malformed: the text is no well-formed HC1 certificate
    TEXT_TOO_LONG = "text_too_long"
    BASE45_INVALID = "base45_invalid"
    NOT_COMPRESSED = "not_compressed"
    COMPRESSION_BROKEN = "compression_broken"
    INFLATED_TOO_LARGE = "inflated_too_large"
    CBOR_MALFORMED = "cbor_malformed"
    CBOR_TOO_COMPLEX = "cbor_too_complex"
    CBOR_TAG_REFUSED = "cbor_tag_refused"
    CBOR_TRAILING_BYTES = "cbor_trailing_bytes"
    COSE_STRUCTURE = "cose_structure"
    ALGORITHM_UNSUPPORTED = "algorithm_unsupported"
    KID_MISSING = "kid_missing"
    HEADER_CRITICAL = "header_critical"
    # Not genuine, or not now
    ALGORITHM_MISMATCH = "algorithm_mismatch"
    SIGNATURE_INVALID = "signature_invalid"
    KEY_WEAK = "key_weak"
    SIGNER_REVOKED = "signer_revoked"
    CERTIFICATE_REVOKED = "certificate_revoked"
    SIGNER_NOT_YET_VALID = "signer_not_yet_valid"
    SIGNER_EXPIRED = "signer_expired"
    SIGNER_NOT_ENTITLED = "signer_not_entitled"
    CLAIMS_MALFORMED = "claims_malformed"
    CERTIFICATE_EXPIRED = "certificate_expired"
    ISSUED_IN_FUTURE = "issued_in_future"
    STATEMENTS_NOT_ONE = "statements_not_one"
    DCC_MALFORMED = "dcc_malformed"
    BIRTH_DATE_IN_FUTURE = "birth_date_in_future"
    DISEASE_OTHER = "disease_other"
    # Genuine, but not what this event accepts
    PROOF_NOT_ACCEPTED = "proof_not_accepted"
    TEST_POSITIVE = "test_positive"
    TEST_IN_FUTURE = "test_in_future"
    TEST_TOO_OLD = "test_too_old"
    TEST_TYPE_NOT_ACCEPTED = "test_type_not_accepted"
    DOSES_IMPLAUSIBLE = "doses_implausible"
    DOSES_INCOMPLETE = "doses_incomplete"
    DOSE_IN_FUTURE = "dose_in_future"
    DOSE_TOO_RECENT = "dose_too_recent"
    RECOVERY_TOO_RECENT = "recovery_too_recent"
    RECOVERY_TOO_OLD = "recovery_too_old"
    RECOVERY_OUTSIDE_OWN_DATES = "recovery_outside_own_dates"
    RULE_NOT_MET = "rule_not_met"
    # The program cannot tell
    SIGNER_UNKNOWN = "signer_unknown"
    TRUST_LIST_EMPTY = "trust_list_empty"
    TRUST_LIST_EXPIRED = "trust_list_expired"
    RULE_OPEN = "rule_open"
    CLOCK_NOT_TRUSTED = "clock_not_trusted"
    SESSION_OVER = "session_over"
    PROGRAM_TROUBLE = "program_trouble"
    STORAGE_TROUBLE = "storage_trouble"
    CODE_NOT_READ = "code_not_read"
    SCAN_DAMAGED = "scan_damaged"
    ONE_CODE_AT_A_TIME = "one_code_at_a_time"
    # Badge, list, occasion, seat
    BADGE_FORGED = "badge_forged"
    BADGE_OTHER_EVENT = "badge_other_event"
    BADGE_REVOKED = "badge_revoked"
    BADGE_UNKNOWN = "badge_unknown"
    BADGE_OF_RESERVE = "badge_of_reserve"
    BADGE_NOT_HANDED_OUT = "badge_not_handed_out"
    BADGE_MISSING = "badge_missing"
    CERTIFICATE_MISSING = "certificate_missing"
    NAMES_DIFFER = "names_differ"
    NAME_NEAR_MISS = "name_near_miss"
    PAIR_CROSSED = "pair_crossed"
    SEVERAL_GUESTS = "several_guests"
    NOT_ON_LIST = "not_on_list"
    GUEST_REMOTE = "guest_remote"
    GUEST_WAITING = "guest_waiting"
    GUEST_DECLINED = "guest_declined"
    NO_OCCASION_OPEN = "no_occasion_open"
    OCCASION_OTHER = "occasion_other"
    SEATS_TAKEN = "seats_taken"
    ROOM_FULL = "room_full"
    INSIDE_ELSEWHERE = "inside_elsewhere"
    REENTRY_NOT_ALLOWED = "reentry_not_allowed"
    EXIT_MISSING = "exit_missing"
    SEAT_PASSED_ON = "seat_passed_on"
    # What staff ask for
    NOT_AUTHORISED = "not_authorised"
    NOTHING_TO_UNDO = "nothing_to_undo"
    OVERRIDE_NOT_POSSIBLE = "override_not_possible"
    REGISTRATION_INCOMPLETE = "registration_incomplete"
    ALREADY_ON_LIST = "already_on_list"
    SEAT_NOT_HELD = "seat_not_held"
    SEAT_HELD = "seat_held"
    SEAT_IN_USE = "seat_in_use"
    PARTNERSHIP_OTHER = "partnership_other"
    BADGE_TAKEN = "badge_taken"
    TIME_NOT_POSSIBLE = "time_not_possible"


@dataclass(frozen=True)
class Explanation:
    """What a reason means, in English: one line for whoever may see it, and what to do."""

    group: Group
    meaning: str
    remedy: str


_CODE = "Ask for the EU Digital COVID Certificate: its code begins with HC1."
_REISSUE = "The issuer made it so; ask for a certificate issued anew."
_WAIT = "Ask for another proof: a negative test of the last hours, for instance."


def _explanations() -> dict[Reason, Explanation]:
    groups: dict[Group, dict[Reason, tuple[str, str]]] = {
        Group.OTHER_CODE: {
            Reason.CODE_UNKNOWN: ("This code is neither a certificate nor a badge.", _CODE),
            Reason.CODE_2D_DOC: ("A French 2D-DOC, not the EU certificate.", _CODE),
            Reason.CODE_SWISS_LIGHT: ("A Swiss light certificate, not the EU one.", _CODE),
            Reason.CODE_AUSTRIAN: ("An Austrian exemption, not the EU certificate.", _CODE),
            Reason.CODE_DUTCH: ("A Dutch domestic code, not the EU certificate.", _CODE),
            Reason.CODE_SMART_HEALTH_CARD: ("A SMART Health Card, not the EU one.", _CODE),
            Reason.CODE_HCERT_OTHER: ("A health certificate of another context.", _CODE),
            Reason.CODE_WHO: ("Validly signed, but a WHO document of another kind.", _CODE),
        },
        Group.CERTIFICATE: {
            Reason.TEXT_TOO_LONG: ("Longer than a QR code can be.", _REISSUE),
            Reason.BASE45_INVALID: ("Not base45 (RFC 9285).", _REISSUE),
            Reason.NOT_COMPRESSED: ("Not compressed with zlib (RFC 1950).", _REISSUE),
            Reason.COMPRESSION_BROKEN: ("The compressed data is damaged.", _REISSUE),
            Reason.INFLATED_TOO_LARGE: ("Inflates beyond any certificate.", _REISSUE),
            Reason.CBOR_MALFORMED: ("Not well-formed CBOR (RFC 8949).", _REISSUE),
            Reason.CBOR_TOO_COMPLEX: ("Deeper or larger than any certificate.", _REISSUE),
            Reason.CBOR_TAG_REFUSED: ("Holds a CBOR tag that has no place.", _REISSUE),
            Reason.CBOR_TRAILING_BYTES: ("Bytes follow the signed message.", _REISSUE),
            Reason.COSE_STRUCTURE: ("Not a COSE_Sign1 message (RFC 9052).", _REISSUE),
            Reason.ALGORITHM_UNSUPPORTED: ("Neither ES256 nor PS256.", _REISSUE),
            Reason.KID_MISSING: ("Names no signing key.", _REISSUE),
            Reason.HEADER_CRITICAL: ("Demands what nobody here understands.", _REISSUE),
            Reason.ALGORITHM_MISMATCH: ("The key is not of the algorithm.", _REISSUE),
            Reason.SIGNATURE_INVALID: ("The signature does not verify.", _REISSUE),
            Reason.KEY_WEAK: ("Its signing key is too weak, or of a kind not allowed.", _REISSUE),
            Reason.SIGNER_REVOKED: ("The signer is on the blocklist.", _REISSUE),
            Reason.CERTIFICATE_REVOKED: ("This certificate was revoked.", _REISSUE),
            Reason.SIGNER_NOT_YET_VALID: ("The signer is not valid yet.", _REISSUE),
            Reason.SIGNER_EXPIRED: ("The signer has expired.", _REISSUE),
            Reason.SIGNER_NOT_ENTITLED: ("The signer may not sign this kind.", _REISSUE),
            Reason.CLAIMS_MALFORMED: ("Its claims are malformed.", _REISSUE),
            Reason.CERTIFICATE_EXPIRED: ("The certificate has expired.", _REISSUE),
            Reason.ISSUED_IN_FUTURE: ("Issued in the future.", "Check the clock."),
            Reason.STATEMENTS_NOT_ONE: ("Not exactly one statement.", _REISSUE),
            Reason.DCC_MALFORMED: ("A field is missing or malformed.", _REISSUE),
            Reason.BIRTH_DATE_IN_FUTURE: ("The holder would not be born yet.", "Check the clock."),
            Reason.DISEASE_OTHER: ("Not about COVID-19.", _REISSUE),
            Reason.PROOF_NOT_ACCEPTED: ("This kind of proof is not accepted.", _WAIT),
            Reason.TEST_POSITIVE: ("The test did not come out negative.", _WAIT),
            Reason.TEST_IN_FUTURE: ("The sample lies in the future.", "Check the clock."),
            Reason.TEST_TOO_OLD: ("The test is older than the limit.", _WAIT),
            Reason.TEST_TYPE_NOT_ACCEPTED: ("Not a test that counts here.", _WAIT),
            Reason.DOSES_IMPLAUSIBLE: ("Dose numbers that cannot be.", _REISSUE),
            Reason.DOSES_INCOMPLETE: ("The course is not complete.", _WAIT),
            Reason.DOSE_IN_FUTURE: ("The dose lies in the future.", "Check the clock."),
            Reason.DOSE_TOO_RECENT: ("Too few days since the dose.", _WAIT),
            Reason.RECOVERY_TOO_RECENT: ("Too few days since the positive test.", _WAIT),
            Reason.RECOVERY_TOO_OLD: ("Too many days since the positive test.", _WAIT),
            Reason.RECOVERY_OUTSIDE_OWN_DATES: ("Outside its own validity.", _WAIT),
            Reason.RULE_NOT_MET: ("A rule of the organiser is not met.", _WAIT),
        },
        Group.UNDECIDED: {
            Reason.SIGNER_UNKNOWN: (
                "The signer of this certificate is not in the trust list.",
                "Check with the official reader and record it, or ask for another certificate.",
            ),
            Reason.TRUST_LIST_EMPTY: (
                "No trust list is installed.",
                "Put a national list into the trust folder; until then use the official reader.",
            ),
            Reason.TRUST_LIST_EXPIRED: (
                "The trust list is past its end.",
                "Install a newer list; until then use the official reader.",
            ),
            Reason.RULE_OPEN: (
                "A rule of this event could not be applied to this certificate.",
                "Check with the official reader and record it, or ask for another certificate.",
            ),
            Reason.CLOCK_NOT_TRUSTED: (
                "The clock of this PC cannot be right.",
                "The supervisor sets date and time of the PC, then: kiosk clock confirm.",
            ),
            Reason.SESSION_OVER: (
                "Nobody is named who checks here: the session ended with its day.",
                "Open the desk anew with name and PIN: F2.",
            ),
            Reason.PROGRAM_TROUBLE: (
                "The program could not finish this check.",
                "Scan again; if it stays, check the guest by hand on the paper list.",
            ),
            Reason.STORAGE_TROUBLE: (
                "The entry could not be written to disk.",
                "Write the name on the paper list; free disk space or restart the program.",
            ),
            Reason.CODE_NOT_READ: (
                "A code has been held for 8 seconds and was not read.",
                "Raise the brightness, flatten the paper, or use the official reader.",
            ),
            Reason.SCAN_DAMAGED: (
                "What the hand scanner sent is no whole certificate.",
                "Scan again; if it stays, scan the calibration code, or show it to the camera.",
            ),
            Reason.ONE_CODE_AT_A_TIME: (
                "Two certificates or two badges are in the picture.",
                "Show one at a time.",
            ),
        },
        Group.GUEST: {
            Reason.BADGE_FORGED: (
                "This badge was not made by the organiser.",
                "Find the guest by name and look at the ID document; keep the badge.",
            ),
            Reason.BADGE_OTHER_EVENT: (
                "A badge of another event.",
                "Find the guest by name and reprint the badge.",
            ),
            Reason.BADGE_REVOKED: (
                "This badge was replaced or withdrawn.",
                "Find the guest by name; the newest badge counts.",
            ),
            Reason.BADGE_UNKNOWN: (
                "A genuine badge that is not on this guest list.",
                "The list here may be older than the badge: find the guest by name.",
            ),
            Reason.BADGE_OF_RESERVE: (
                "A blank badge of another desk, which this desk knows nothing more of.",
                "Find the guest by name and look at the ID document, or ask that desk.",
            ),
            Reason.BADGE_NOT_HANDED_OUT: (
                "A blank badge of this desk that was not handed out yet.",
                "Find the guest by name, or register the guest, and give them this badge.",
            ),
            Reason.BADGE_MISSING: (
                "A certificate was shown, no badge.",
                "Ask for the badge, or find the guest by name.",
            ),
            Reason.CERTIFICATE_MISSING: (
                "A badge was shown, no certificate.",
                "Ask for the certificate.",
            ),
            Reason.NAMES_DIFFER: (
                "Certificate and badge carry different names.",
                "Compare both with the ID document.",
            ),
            Reason.NAME_NEAR_MISS: (
                "The name is nearly the one on the list.",
                "Compare the certificate with the guest shown and the ID document.",
            ),
            Reason.PAIR_CROSSED: (
                "Two guests show each other's codes.",
                "Confirm both: their own certificates and badges belong together.",
            ),
            Reason.SEVERAL_GUESTS: (
                "Several guests have this name.",
                "Ask for the badge, or choose by organisation.",
            ),
            Reason.NOT_ON_LIST: (
                "Not on the guest list.",
                "Search by another spelling; a supervisor may add the guest.",
            ),
            Reason.GUEST_REMOTE: (
                "Registered for the livestream, not in person.",
                "A supervisor may change it when a seat is free.",
            ),
            Reason.GUEST_WAITING: (
                "Registered, but not selected yet.",
                "A supervisor may select the guest when a seat is free.",
            ),
            Reason.GUEST_DECLINED: ("This registration was declined.", "Call the supervisor."),
            Reason.NO_OCCASION_OPEN: (
                "Nothing is open at this door at this time.",
                "See the opening hours; check the clock of this PC.",
            ),
            Reason.OCCASION_OTHER: (
                "Invited to another part of the event.",
                "Tell the guest when and where theirs begins.",
            ),
            Reason.SEATS_TAKEN: (
                "All seats of this Partnership are taken.",
                "A supervisor may substitute one person for another.",
            ),
            Reason.ROOM_FULL: ("The room is full.", "Wait until somebody has left."),
            Reason.INSIDE_ELSEWHERE: (
                "This guest is inside already, through another door.",
                "Look at the ID document: it may be a copied badge. After a break: everyone out.",
            ),
            Reason.REENTRY_NOT_ALLOWED: (
                "Already admitted, and the event allows no second entry.",
                "Call the supervisor.",
            ),
            Reason.EXIT_MISSING: (
                "Inside already: the event wants an exit first, and none was recorded.",
                "Look at the ID document; if it is the guest, record the exit and scan again.",
            ),
            Reason.SEAT_PASSED_ON: (
                "This guest's seat was given to somebody else of the Partnership.",
                "Tell the guest to whom; a supervisor may take it back while nobody sits there.",
            ),
        },
        Group.STAFF: {
            Reason.NOT_AUTHORISED: (
                "Only a supervisor may do this.",
                "A supervisor enters the PIN and does it.",
            ),
            Reason.NOTHING_TO_UNDO: (
                "Nothing that was recorded here in the last 15 minutes can be taken back.",
                "Record what is right now: an exit, for instance.",
            ),
            Reason.OVERRIDE_NOT_POSSIBLE: (
                "Nobody here can be let in against the answer.",
                "Find the guest by name first, or ask for another certificate.",
            ),
            Reason.REGISTRATION_INCOMPLETE: (
                "A name, an occasion, and a Partnership or a category are needed.",
                "Complete what is missing.",
            ),
            Reason.ALREADY_ON_LIST: (
                "Somebody of this name and organisation is on the list already.",
                "Find the guest by name.",
            ),
            Reason.SEAT_NOT_HELD: (
                "This guest has no seat there that could be passed on.",
                "Choose an occasion for which the guest is selected.",
            ),
            Reason.SEAT_HELD: (
                "The other guest has a seat there already.",
                "Let the guest in by that one.",
            ),
            Reason.SEAT_IN_USE: (
                "Somebody has come in to this seat already, or was checked for it.",
                "Seats are passed on before their guests come in: choose another one.",
            ),
            Reason.PARTNERSHIP_OTHER: (
                "The two guests are not of one Partnership.",
                "Seats are passed on inside a Partnership; register the guest instead.",
            ),
            Reason.BADGE_TAKEN: (
                "This badge cannot be given to the guest: it is in use, or withdrawn.",
                "Take another one.",
            ),
            Reason.TIME_NOT_POSSIBLE: (
                "That time is in no occasion of this event, or it has not come yet.",
                "Look at the paper again: date, hour and occasion.",
            ),
        },
    }
    return {
        reason: Explanation(group, *words)
        for group, rows in groups.items()
        for reason, words in rows.items()
    }


EXPLANATIONS = _explanations()


def explain(reason: Reason) -> Explanation:
    """Meaning and remedy of `reason`."""
    return EXPLANATIONS[reason]
