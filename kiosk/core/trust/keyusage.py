"""Extended key usage of X.509 certificates, also of those that a strict parser refuses.

A real Finnish signer encodes cA=FALSE, which DER forbids; the library then gives no extension
at all. This walker looks for one extension only and takes what cannot be read for absent.
"""

from __future__ import annotations

from collections.abc import Iterator

_EXTENSIONS = 0xA3  # [3] EXPLICIT in TBSCertificate (RFC 5280 section 4.1)
_OID = 0x06
_EXTENDED_KEY_USAGE = bytes.fromhex("551d25")  # 2.5.29.37


def extended_key_usages(der: bytes) -> frozenset[str]:
    """The dotted OIDs of extKeyUsage (RFC 5280 section 4.2.1.12); empty without any."""
    try:
        return frozenset(_usages(der))
    except (IndexError, ValueError):
        return frozenset()


def _usages(der: bytes) -> Iterator[str]:
    certificate = _content(der)
    tbs = _content(certificate)
    for tag, content in _children(tbs):
        if tag != _EXTENSIONS:
            continue
        for _, extension in _children(_content(content)):
            parts = list(_children(extension))
            if parts[0] == (_OID, _EXTENDED_KEY_USAGE):
                purposes = _content(parts[-1][1])
                yield from (_dotted(value) for tag, value in _children(purposes) if tag == _OID)


def _content(data: bytes) -> bytes:
    for _, content in _children(data):
        return content
    raise ValueError("nothing there")  # and no StopIteration, which a generator turns into a bug


def _children(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The (tag, content) pairs that stand in `data`, one after the other."""
    at = 0
    while at < len(data):
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            width = length & 0x7F
            length = int.from_bytes(data[at : at + width])
            at += width
        if at + length > len(data):
            raise ValueError("length beyond the data")
        yield tag, data[at : at + length]
        at += length


def _dotted(value: bytes) -> str:
    arcs: list[int] = []
    arc = 0
    for byte in value:
        arc = arc << 7 | byte & 0x7F
        if not byte & 0x80:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, [first, arcs[0] - 40 * first, *arcs[1:]]))
