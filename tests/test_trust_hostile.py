"""Every importer under fire: no exception but its own, and no forged row out of a signed list."""

from __future__ import annotations

import json
import os
from base64 import b64encode
from collections.abc import Callable
from functools import cache
from random import Random
from typing import Any

import cbor2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.trust import floors
from kiosk.core.trust.floors import FloorsError
from kiosk.core.trust.formats import Source, TrustSourceError, open_source, own
from kiosk.core.trust.trustlist import TrustList, merge, trust_list_of
from kiosk.demo.issuer import Issuer, make_issuer
from tests.certificates import rsa_signer, signer, trust
from tests.fuzz.mutations import mutated_bytes
from tests.lists import (
    austrian,
    austrian_signature,
    german,
    german_body,
    key_row,
    kids,
    pem,
    pinned,
    row,
    signed,
)
from tests.test_trust_french import entry, listed, mirror, twice
from tests.test_trust_who import document, method

# Mutations of each form, from a fixed seed; more on demand.
ROUNDS = int(os.environ.get("KIOSK_ROUNDS", "400"))
HUGE_TEXTS = ("é" * 9, "\u202e", "A" * 2_000, "9" * 5_000, "\ud800", "0001-01-01T00:00:00+23:59")
VALUES: list[Any] = [
    None, True, 7, -1, 2**70, 1e308, float("nan"), "", "!", "AAAA", [], {}, [[]], {"": {}},
    *HUGE_TEXTS,
]  # fmt: skip


@cache
def good() -> dict[str, Source]:
    """A valid source of each form."""
    at = austrian(signer(), rsa_signer())
    rows = [
        row(signer()),
        row(rsa_signer(), thumbprint=None),
        row(signer(), certificateType="CSCA"),
    ]
    whole = merge([trust(signer()), trust_list_of([key_row(rsa_signer(), b"kid")], "keys")])
    forms = {
        "German": german(*rows),
        "gateway": german_body(rows),
        "array": json.dumps(rows).encode(),
        "mirror": json.dumps({"certificates": [
            {"kid": rows[0]["kid"], "rawData": rows[0]["rawData"]}]}).encode(),
        "WHO": document(method(signer()), method(rsa_signer()), method(signer(), "SCA")),
        "French": listed(k=twice(signer().certificate)),
        "French mirror": mirror(k=entry(signer()), other=entry(rsa_signer())),
        "own": own.dump(whole),
        "PEM": pem(signer(), rsa_signer()),
        "DER": signer().certificate,
    }  # fmt: skip
    sources = {name: Source(name, data) for name, data in forms.items()}
    return {**sources, "Austrian": Source("Austrian", at, austrian_signature(at))}


FORMS = [
    "German", "gateway", "array", "mirror", "WHO", "French", "French mirror", "own", "PEM", "DER",
    "Austrian",
]  # fmt: skip
JSON_FORMS = FORMS[1:8]


def read(source: Source) -> TrustList | None:
    """The list, or None where it is refused as it may be."""
    try:
        found = open_source(source, [pinned()])
    except TrustSourceError:
        return None
    own.dump(found)  # whatever was read can also be kept
    assert all(1 <= len(one.kid) <= 32 for one in found.signers)
    return found


def test_every_form_is_read_when_nothing_is_wrong() -> None:
    assert set(good()) == set(FORMS)
    for source in good().values():
        found = read(source)
        assert found is not None
        assert found.signers
        assert found.skipped == ()


@pytest.mark.parametrize("form", FORMS)
def test_a_mutated_list_gives_no_other_exception(form: str) -> None:
    random = Random(form)  # noqa: S311  # the same faults in every run
    source = good()[form]
    for _ in range(ROUNDS):
        data = mutated_bytes(random, source.data)
        found = read(Source(form, data, source.signature))
        if form == "Austrian" and found is not None:
            assert data == source.data
        if form == "German" and found is not None and found.lists[0].key:
            assert kids(found) == kids(open_source(source, [pinned()]))


@pytest.mark.parametrize("form", ["German", "Austrian"])
def test_no_change_of_a_signature_lets_another_list_through(form: str) -> None:
    random = Random(7)  # noqa: S311
    forger = make_issuer("XX")
    for _ in range(ROUNDS):
        if form == "German":
            line = mutated_bytes(random, german(row(signer())).split(b"\n")[0])
            found = read(Source(form, line + b"\n" + german_body([row(forger)])))
        else:
            data = austrian(forger)
            signature = mutated_bytes(random, austrian_signature(austrian(signer())))
            found = read(Source(form, data, signature))
        assert found is None or not any(one.key for one in found.lists)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path to every value inside a JSON value."""
    inside: dict[Any, Any] = dict(enumerate(value)) if isinstance(value, list) else {}
    inside = value if isinstance(value, dict) else inside
    return [path, *(p for key, one in inside.items() for p in places(one, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    """`value` with `other` at `path`."""
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], other)
    return copy


@pytest.mark.parametrize("form", JSON_FORMS)
def test_any_value_in_any_place_gives_no_other_exception(form: str) -> None:
    document = json.loads(good()[form].data)
    for path in places(document):
        for value in VALUES:
            read(Source(form, json.dumps(replaced(document, path, value)).encode()))


def test_a_publisher_who_signs_nonsense_gives_no_other_exception() -> None:
    rows = json.loads(good()["gateway"].data)
    for path in places(rows):
        for value in VALUES:
            read(Source("German", signed(json.dumps(replaced(rows, path, value)).encode())))
    random = Random(8)  # noqa: S311
    for _ in range(ROUNDS):
        data = mutated_bytes(random, good()["Austrian"].data)
        read(Source("Austrian", data, austrian_signature(data)))


NONSENSE = [
    {"c": [{"c": cbor2.CBORTag(35, "(a+)+$"), "i": b""}]}, {"c": [cbor2.CBORTag(2, b"\xff" * 99)]},
    {"c": cbor2.CBORTag(28, [cbor2.CBORTag(29, 0)])}, {"c": [{b"c": b"", 1.5: None}]},
    {"c": [{"c": b"", "i": b"", "x": [[[[[]]]]]}]}, {"c": [{"c": signer().certificate, "i": b""}]},
]  # fmt: skip


@pytest.mark.parametrize("content", NONSENSE, ids=range(len(NONSENSE)))
def test_signed_cbor_of_another_kind_gives_no_signer(content: object) -> None:
    data = cbor2.dumps(content)
    found = read(Source("Austrian", data, austrian_signature(data)))
    assert found is None or found.signers == ()


@given(
    st.binary(max_size=200), st.sampled_from([b"", b"{", b"[", b"\xa1\x61c", b"0", b"-----BEGIN"])
)
def test_bytes_of_any_kind_give_no_other_exception(data: bytes, head: bytes) -> None:
    read(Source("any", head + data, data))
    try:
        floors.load(head + data)
    except FloorsError:
        return


def forged(issuer: Issuer) -> dict[str, object]:
    """A row that claims to be of the trusted signer and holds another's certificate."""
    return row(issuer, kid=b64encode(signer().kid).decode())


def _added(data: bytes, extra: dict[str, object]) -> bytes:
    line, body = data.split(b"\n", 1)
    whole = json.loads(body)
    whole["certificates"].append(extra)
    return line + b"\n" + json.dumps(whole).encode()


FORGERIES: list[Callable[[bytes, dict[str, object]], bytes]] = [
    _added,
    lambda data, extra: data + json.dumps({"certificates": [extra]}).encode(),
    lambda data, extra: data.split(b"\n")[0] + b"\n" + json.dumps([extra]).encode(),
    lambda data, extra: data.split(b"\n")[0] + b"\n\n" + german_body([extra]),
]


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_row_that_the_publisher_did_not_sign_is_never_taken(
    forgery: Callable[[bytes, dict[str, object]], bytes],
) -> None:
    data = forgery(german(row(signer())), forged(make_issuer("XX")))
    assert read(Source("German", data)) is None
