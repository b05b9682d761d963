"""The WHO's list (GDHCN): a DID document, version 1 or 2, with a JSON Web Key for each signer.

publicKeyJwk carries x5c: the signer's certificate, and mostly its authority's. Version 2 says of
each key its domain and usage; version 1 is of signers alone and has the kid in the method's id.

The document's proof (JsonWebSignature2020) is over the URDNA2015 canonical form of JSON-LD. It is
not checked here: that takes a JSON-LD processor and the contexts it refers to.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from kiosk.core.encodings import from_base64
from kiosk.core.trust.certificate import UnusableCertificateError, read_certificate
from kiosk.core.trust.formats.source import Source, array, aware, broken
from kiosk.core.trust.keys import SignerKey, strong_key
from kiosk.core.trust.provenance import Signature
from kiosk.core.trust.trustlist import AnyRow, Row, TrustList, UnusableRow, trust_list_of

_METHODS, _DOMAIN = "verificationMethod", "DCC"
_AUTHORITIES = ("SCA", "CSCA")
_ESCAPED = re.compile("%([0-9A-Fa-f]{2})")  # RFC 3986 section 2.1
_MAX_NAME = 120  # characters of a document's id


def matches(source: Source) -> bool:
    """Whether this is a DID document."""
    return isinstance(source.json, dict) and isinstance(source.json.get(_METHODS), list)


def is_signed(_source: Source) -> bool:
    """Not in a way that is checked here."""
    return False


def load(source: Source, _keys: Sequence[bytes]) -> TrustList:
    """The signers of the domain DCC, and the authorities; the document's proof is not checked."""
    document = source.json
    methods = array(source, document[_METHODS])
    if methods and all(isinstance(method, str) for method in methods):
        raise broken(source, "it names keys and holds none (the embedded list is v2/trustlist)")
    proof = document.get("proof")
    issued_at = aware(proof.get("created")) if isinstance(proof, dict) else None
    return trust_list_of(
        _rows(methods),
        _name(document.get("id")) or source.name,
        signature=Signature.PROOF_NOT_CHECKED,
        version=max(int(issued_at.timestamp()), 0) if issued_at else 0,
        issued_at=issued_at,
        authorities=_authorities(methods),
    )


def _name(value: object) -> str:
    """The document's id: its files are all called did.json."""
    usable = isinstance(value, str) and value.isascii() and value.isprintable()
    return str(value) if usable and len(str(value)) <= _MAX_NAME else ""


def _rows(methods: Iterable[Any]) -> Iterator[AnyRow]:
    for method in methods:
        if not isinstance(method, dict):
            yield UnusableRow("not an object")
        elif _of_domain(method) and _code(method, "keyusage") in ("DSC", ""):
            yield _row(method)


def _authorities(methods: Iterable[Any]) -> Iterator[bytes]:
    for method in methods:
        if isinstance(method, dict) and _code(method, "keyusage") in _AUTHORITIES:
            der = _certificate(_jwk(method))
            if _of_domain(method) and der is not None:
                yield der


def _row(method: dict[str, Any]) -> AnyRow:
    jwk = _jwk(method)
    der, kid = _certificate(jwk), _kid(method, jwk)
    if der is None or kid is None:
        return UnusableRow("no certificate (x5c) or no kid")
    try:
        key = strong_key(read_certificate(der).public_key)
    except UnusableCertificateError:
        return Row(der, kid)  # why, is told where all rows are loaded
    if not _is_same_key(jwk, key):
        return UnusableRow("its JWK is another key than its certificate's")
    return Row(der, kid)


def _jwk(method: dict[str, Any]) -> dict[str, Any]:
    jwk = method.get("publicKeyJwk")
    return jwk if isinstance(jwk, dict) else {}


def _certificate(jwk: dict[str, Any]) -> bytes | None:
    """The first of x5c (RFC 7517 section 4.7)."""
    chain = jwk.get("x5c")
    return from_base64(chain[0]) if isinstance(chain, list) and chain else None


def _kid(method: dict[str, Any], jwk: dict[str, Any]) -> bytes | None:
    if "kid" in jwk:
        return from_base64(jwk["kid"])
    name = method.get("id")
    if not isinstance(name, str):
        return None
    return from_base64(_ESCAPED.sub(lambda found: chr(int(found[1], 16)), name.partition("#")[2]))


def _code(method: dict[str, Any], field: str) -> str:
    """A code such as {"code": "#DSC"}; empty where the method says nothing."""
    value = method.get(field)
    code = value.get("code") if isinstance(value, dict) else value
    return code.removeprefix("#") if isinstance(code, str) else ""


def _of_domain(method: dict[str, Any]) -> bool:
    return _code(method, "domain") in (_DOMAIN, "")


def _is_same_key(jwk: dict[str, Any], key: SignerKey) -> bool:
    """Whether the numbers are the same; they come with a leading zero or without."""
    if isinstance(key, RSAPublicKey):
        rsa = key.public_numbers()
        return (_number(jwk.get("n")), _number(jwk.get("e"))) == (rsa.n, rsa.e)
    point = key.public_numbers()
    return (_number(jwk.get("x")), _number(jwk.get("y"))) == (point.x, point.y)


def _number(value: object) -> int | None:
    """A Base64urlUInt (RFC 7518 section 2), padded or not."""
    try:
        text = str(value).rstrip("=").encode("ascii")
        return int.from_bytes(urlsafe_b64decode(text + b"=" * (-len(text) % 4)))
    except ValueError:
        return None
