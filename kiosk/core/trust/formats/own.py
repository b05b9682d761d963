"""The form of this program: what a merge of lists is written as, and read back from.

Version 2 keeps the provenance of each signer; version 1, which had none, is still read.
The file carries no signature: what it records of those of others is believed where the floors
of its folder confirm it, and nowhere else (`vouched`).
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from kiosk.core.encodings import from_base64
from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.trust.certificate import UnusableCertificateError
from kiosk.core.trust.floors import Floors
from kiosk.core.trust.formats.source import Source, TrustSourceError, array, aware
from kiosk.core.trust.provenance import Listing, Remark, Signature
from kiosk.core.trust.signer import KID_LENGTHS, DocumentSigner
from kiosk.core.trust.trustlist import KeyRow, Row, TrustList, trust_list_of, united

FORMAT, FORMAT_1 = "kiosk-trust-2", "kiosk-trust-1"
_FAMILY = "kiosk-trust-"


def matches(source: Source) -> bool:
    """Whether this program wrote it."""
    name = source.json.get("format") if isinstance(source.json, dict) else None
    return isinstance(name, str) and name.startswith(_FAMILY)


def is_signed(_source: Source) -> bool:
    """Not yet: signed packs come with the hub."""
    return False


def dump(trust: TrustList) -> bytes:
    """`trust` as JSON, the same bytes for the same list."""
    lists = sorted(trust.lists, key=lambda listing: listing.sort_key)
    numbers = {listing: number for number, listing in enumerate(lists)}
    signers = sorted(trust.signers, key=lambda s: (s.country, s.kid, s.der or s.public_key))
    document = {
        "format": FORMAT,
        "version": trust.version,
        "issued_at": _text(trust.issued_at),
        "expires_at": _text(trust.expires_at),
        "newest_at": _text(trust.newest_at),
        "lists": [_listing_out(listing) for listing in lists],
        "signers": [_signer_out(signer, numbers) for signer in signers],
        "weak": sorted(kid.hex() for kid in trust.weak),
        "revoked": sorted(kid.hex() for kid in trust.revoked),
    }
    return (json.dumps(document, indent=1) + "\n").encode()


def load(source: Source, _keys: Sequence[bytes]) -> TrustList:
    """The list as it was written. Raises TrustSourceError."""
    document = source.json
    if document["format"] not in (FORMAT, FORMAT_1):
        raise _unusable(source, f"{document['format']!r} is not known to this program")
    try:
        return _first_form(source) if document["format"] == FORMAT_1 else _form(source)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError, AttributeError):
        raise _unusable(source, f"not the form {document['format']}") from None


def vouched(trust: TrustList, floors: Floors) -> TrustList:
    """`trust`, as it was read, with those of its records alone that `floors` confirm.

    Every other list in it counts as one whose signature nobody recorded: it has no identity, so
    it displaces none and raises no floor, and it proves no time.
    """
    lists = {listing: _vouched(listing, floors) for listing in trust.lists}
    proven = [li.issued_at for li in lists.values() if li.key and li.issued_at is not None]
    return replace(
        trust,
        newest_at=max(proven, default=None),
        signers=united(_held_by(signer, lists) for signer in trust.signers),
        lists=tuple(dict.fromkeys(lists.values())),
    )


def _vouched(listing: Listing, floors: Floors) -> Listing:
    if (listing.signature is Signature.NONE and not listing.key) or floors.confirms(listing):
        return listing
    return replace(listing, signature=Signature.NOT_RECORDED, key="", form="")


def _held_by(signer: DocumentSigner, lists: Mapping[Listing, Listing]) -> DocumentSigner:
    held_by = frozenset(lists[listing] for listing in signer.provenance.lists)
    return replace(signer, provenance=replace(signer.provenance, lists=held_by))


def _unusable(source: Source, problem: str) -> TrustSourceError:
    return TrustSourceError(source.name, problem, "Import the lists that it was made of again.")


def _form(source: Source) -> TrustList:
    document = source.json
    lists = [_listing_in(fields) for fields in document["lists"]]
    signers: list[DocumentSigner] = []
    skipped: list[str] = []
    for number, fields in enumerate(array(source, document["signers"]), start=1):
        try:
            signers.append(_signer_in(fields, lists))
        except UnusableCertificateError as error:
            skipped.append(f"{source.name}, certificate {number}: {error}")
    return TrustList(
        version=_count(document["version"]),
        issued_at=_stamp(document["issued_at"]),
        expires_at=_stamp(document["expires_at"]),
        newest_at=_stamp(document["newest_at"]),
        signers=tuple(signers),
        weak=_kids(document["weak"]),
        revoked=_kids(document["revoked"]),
        lists=tuple(lists),
        skipped=tuple(skipped),
    )


def _first_form(source: Source) -> TrustList:
    """Version 1 knew who was in it, not from where."""
    document = source.json
    rows = [
        Row(_bytes(fields["certificate"]), bytes.fromhex(fields["kid"]), str(fields["country"]))
        for fields in array(source, document["signers"])
    ]
    came_from = ", ".join(str(line) for line in document["sources"])
    trust = trust_list_of(
        rows,
        f"{source.name} ({came_from})",
        signature=Signature.NOT_RECORDED,
        version=_count(document["version"]),
        issued_at=_stamp(document["issued_at"]),
        expires_at=_stamp(document["expires_at"]),
    )
    return replace(
        trust,
        newest_at=_stamp(document.get("newest_at")),
        weak=trust.weak | _kids(document["weak"]),
        revoked=_kids(document["revoked"]),
    )


# Signers


def _signer_out(signer: DocumentSigner, numbers: Mapping[Listing, int]) -> dict[str, object]:
    fields: dict[str, object] = {"kid": signer.kid.hex(), "country": signer.country}
    if signer.der is None:
        undated = Remark.UNDATED in signer.provenance.remarks
        validity = [_text(signer.not_before), _text(signer.not_after)]
        fields["public_key"] = b64encode(signer.public_key).decode()
        fields["validity"] = None if undated else validity
        fields["usages"] = sorted(signer.usages)
    else:
        fields["certificate"] = b64encode(signer.der).decode()
    fields["lists"] = sorted(numbers[li] for li in signer.provenance.lists if li in numbers)
    fields["chained"] = signer.provenance.chained
    return fields


def _signer_in(fields: dict[str, Any], lists: Sequence[Listing]) -> DocumentSigner:
    signer = _row(fields).signer()
    chained = fields["chained"]
    if not isinstance(chained, bool | None):
        raise TypeError("not yes, no or unknown")
    held_by = frozenset(lists[_count(number)] for number in fields["lists"])
    return replace(signer, provenance=replace(signer.provenance, lists=held_by, chained=chained))


def _row(fields: dict[str, Any]) -> Row | KeyRow:
    kid, country = bytes.fromhex(fields["kid"]), str(fields["country"])
    if "certificate" in fields:
        return Row(_bytes(fields["certificate"]), kid, country)
    usages = frozenset(EntryKind(usage) for usage in fields["usages"])
    return KeyRow(_bytes(fields["public_key"]), kid, _validity(fields), country, usages)


def _validity(fields: dict[str, Any]) -> tuple[datetime, datetime] | None:
    if fields["validity"] is None:
        return None
    not_before, not_after = (_time(stamp) for stamp in fields["validity"])
    return not_before, not_after


# Lists


def _listing_out(listing: Listing) -> dict[str, object]:
    return {
        "name": listing.name,
        "signature": listing.signature.value,
        "key": listing.key,
        "form": listing.form,
        "version": listing.version,
        "digest": listing.digest,
        "issued_at": _text(listing.issued_at),
    }


def _listing_in(fields: dict[str, Any]) -> Listing:
    return Listing(
        name=str(fields["name"]),
        signature=Signature(fields["signature"]),
        key=str(fields["key"]),
        form=str(fields["form"]),
        version=_count(fields["version"]),
        digest=str(fields["digest"]),
        issued_at=_stamp(fields["issued_at"]),
    )


# Values


def _kids(values: Any) -> frozenset[bytes]:
    kids = frozenset(bytes.fromhex(value) for value in values)
    if not all(len(kid) in KID_LENGTHS for kid in kids):
        raise ValueError("no kid")
    return kids


def _count(value: Any) -> int:
    """A whole number from zero up; JSON's true and false are none."""
    if type(value) is not int or value < 0:
        raise ValueError("no count")
    return value


def _bytes(value: Any) -> bytes:
    data = from_base64(value)
    if data is None:
        raise ValueError("not base64")
    return data


def _text(stamp: datetime | None) -> str | None:
    return stamp.isoformat() if stamp else None


def _stamp(value: Any) -> datetime | None:
    return None if value is None else _time(value)


def _time(value: Any) -> datetime:
    stamp = aware(value)
    if stamp is None:
        raise ValueError("no time with a zone")
    return stamp
