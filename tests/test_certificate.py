"""The reader of X.509: what real certificates do, what it refuses, which keys are strong enough."""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from itertools import chain, combinations
from random import Random

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from kiosk.core.hcert.dcc import EntryKind
from kiosk.core.trust import der
from kiosk.core.trust.certificate import (
    MAX_CERTIFICATE,
    UnusableCertificateError,
    country_of,
    read_certificate,
)
from kiosk.core.trust.keys import canonical, in_words, strong_key
from kiosk.core.trust.provenance import Remark
from kiosk.core.trust.signer import kid_of, load_signer
from kiosk.demo.issuer import PrivateKey, make_issuer
from tests.certificates import rsa_signer, signer
from tests.dermaking import (
    EXTENSIONS,
    PUBLIC_KEY,
    SERIAL,
    SUBJECT,
    VALIDITY,
    extension,
    generalized_time,
    key_usages,
    number,
    oid,
    public_key,
    sequence,
    tlv,
    utc_time,
    validity,
    with_extensions,
    with_field,
)
from tests.fuzz.mutations import mutated_bytes

P256, RSA, RSA_PSS = "1.2.840.10045.3.1.7", "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.10"
EC_KEY, NULL = "1.2.840.10045.2.1", tlv(5)
CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
FAMILIES = ("1.3.6.1.4.1.1847.2021.1", "1.3.6.1.4.1.0.1847.2021.1")
KINDS = (EntryKind.TEST, EntryKind.VACCINATION, EntryKind.RECOVERY)


def refusal(data: bytes) -> UnusableCertificateError:
    with pytest.raises(UnusableCertificateError) as caught:
        load_signer(data)
    return caught.value


def with_key(element: bytes) -> bytes:
    return with_field(signer().certificate, PUBLIC_KEY, element)


def point() -> bytes:
    key = signer().key.public_key()
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


# What a strict parser reads, is read the same


def test_a_sound_certificate_is_read_as_the_strict_parser_reads_it() -> None:
    for issuer in (signer(), rsa_signer()):
        read, strict = (
            read_certificate(issuer.certificate),
            x509.load_der_x509_certificate(issuer.certificate),
        )
        assert (read.not_before, read.not_after) == (
            strict.not_valid_before_utc,
            strict.not_valid_after_utc,
        )
        assert (read.country, read.serial, read.strict) == (
            issuer.country,
            strict.serial_number,
            True,
        )
        assert strong_key(read.public_key) == strict.public_key()
        assert load_signer(issuer.certificate).provenance.remarks == frozenset()


@given(
    st.datetimes(datetime(1950, 1, 1), datetime(9998, 12, 31)),  # noqa: DTZ001  # made aware below
    st.sampled_from(["FR", "el", "DE"]),
    st.integers(1, 2**159 - 1),
)
def test_whatever_the_library_writes_is_read_as_it_reads_it(
    begin: datetime, country: str, serial: int
) -> None:
    key = signer().key
    name = x509.Name([x509.NameAttribute(NameOID.COUNTRY_NAME, country)])
    begin = begin.replace(tzinfo=UTC, microsecond=0)
    builder = x509.CertificateBuilder(name, name, key.public_key(), serial, begin, begin)
    written = builder.sign(key, SHA256()).public_bytes(Encoding.DER)
    read = read_certificate(written)
    assert (read.not_before, read.country, read.serial) == (begin, country.upper(), serial)
    assert read.strict


# What a strict parser refuses


def not_ca() -> bytes:
    return extension("2.5.29.19", sequence(tlv(1, b"\0")))  # cA=FALSE, which DER leaves out


ODD = {
    "cA is encoded though it is false": with_extensions(signer().certificate, not_ca()),
    "an empty key usage": with_extensions(signer().certificate, key_usages()),
    "the same extension twice": with_extensions(
        signer().certificate, key_usages(CLIENT_AUTH), key_usages(CLIENT_AUTH)
    ),
    "a name of a kind nobody knows": with_extensions(
        signer().certificate, extension("2.5.29.17", sequence(tlv(0xA3, sequence())))
    ),
    "a serial number of zero": with_field(signer().certificate, SERIAL, number(0)),
    "a negative serial number": with_field(signer().certificate, SERIAL, number(-7)),
    "a serial number with zeros before it": with_field(
        signer().certificate, SERIAL, tlv(2, b"\0\0\x07")
    ),
    "a time without seconds": with_field(
        signer().certificate, VALIDITY, validity(utc_time(b"2101010000Z"), utc_time(b"3101010000Z"))
    ),
    "a time of another zone": with_field(
        signer().certificate,
        VALIDITY,
        validity(utc_time(b"210101020000+0200"), utc_time(b"310101000000-0030")),
    ),
}


@pytest.mark.parametrize("odd", ODD.values(), ids=ODD.keys())
def test_what_a_strict_parser_refuses_is_read_with_a_remark(odd: bytes) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = load_signer(odd)
    assert loaded.provenance.remarks == {Remark.LENIENT_X509}
    assert loaded.country == "FR"
    assert loaded.usages == frozenset()
    assert loaded.key == signer().key.public_key()


def test_a_certificate_of_the_first_version_has_no_version_and_no_extensions() -> None:
    first = with_field(signer().certificate, 0, None)
    assert load_signer(first).country == "FR"


DAY = datetime(2021, 11, 22, 8, 30, 15, tzinfo=UTC)
TIMES = [
    (utc_time(b"211122083015Z"), DAY), (utc_time(b"2111220830Z"), DAY.replace(second=0)),
    (utc_time(b"211122093015+0100"), DAY), (utc_time(b"211122073015-0100"), DAY),
    (utc_time(b"500101000000Z"), datetime(1950, 1, 1, tzinfo=UTC)),
    (utc_time(b"491231235959Z"), datetime(2049, 12, 31, 23, 59, 59, tzinfo=UTC)),
    (generalized_time(b"20211122083015Z"), DAY), (generalized_time(b"20211122083015.5Z"), DAY),
    (generalized_time(b"99991231235959Z"), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
]  # fmt: skip


@pytest.mark.parametrize(("element", "meant"), TIMES, ids=range(len(TIMES)))
def test_a_time_is_read_in_each_of_its_forms(element: bytes, meant: datetime) -> None:
    assert der.time(der.elements(element)[0]) == meant


NO_TIMES = [
    utc_time(b""), utc_time(b"211122083015"), utc_time(b"20211122083015Z"),
    generalized_time(b"211122083015Z"), utc_time(b"211322083015Z"), utc_time(b"211122240000Z"),
    generalized_time(b"00000101000000Z"), generalized_time(b"00010101000000+0100"),
    tlv(0x0C, b"211122083015Z"), utc_time("２１1122083015Z".encode()),
]  # fmt: skip


@pytest.mark.parametrize("element", NO_TIMES, ids=range(len(NO_TIMES)))
def test_what_is_no_time_is_refused(element: bytes) -> None:
    with pytest.raises(der.DerError):
        der.time(der.elements(element)[0])


@pytest.mark.parametrize(
    ("given", "country"),
    [("fr", "FR"), (" de ", "DE"), ("XXA", "XXA"), ("", ""), ("F", ""), ("FRAN", ""), ("F1", ""),
     ("É", ""), (None, ""), (7, "")],
    ids=range(10),
)  # fmt: skip
def test_a_country_is_two_or_three_letters(given: object, country: str) -> None:
    assert country_of(given) == country


def test_a_subject_without_a_country_gives_none() -> None:
    name = sequence(tlv(der.SET, sequence(oid("2.5.4.10"), tlv(0x0C, b"Ministry"))))
    assert load_signer(with_field(signer().certificate, SUBJECT, name)).country == ""


@pytest.mark.parametrize(
    ("dotted", "content"),
    [
        ("2.5.29.37", "551d25"),
        ("1.2.840.10045.3.1.7", "2a8648ce3d030107"),
        ("1.3.6.1.4.1.0.1847.2021.1.3", "2b06010401008e378f650103"),
        ("1.3.0.127.128.16383.16384", "2b007f8100ff7f818000"),
    ],
)
def test_an_object_identifier_is_written_as_x690_says(dotted: str, content: str) -> None:
    assert der.oid(dotted).hex() == content


# What is no certificate


BROKEN = {
    "nothing": b"",
    "a tag alone": b"\x30",
    "no bytes of a length": b"\x30\x80",
    "a length of too many bytes": b"\x30\x85" + bytes(9),
    "a length that is cut off": b"\x30\x82\x01",
    "a length beyond the data": b"\x30\x05\x30",
    "a tag of several bytes": b"\x1f\x81\x00",
    "something behind it": signer().certificate + b"\0",
    "an empty sequence": sequence(),
    "another type": tlv(der.SET, signer().certificate[4:]),
    "no signature": sequence(sequence()),
    "fields are missing": sequence(sequence(number(1)), sequence(), sequence()),
    "no fields at all": sequence(sequence(), sequence(), sequence()),
    "a serial that is none": with_field(signer().certificate, SERIAL, tlv(4, b"7")),
    "one time": with_field(signer().certificate, VALIDITY, sequence(utc_time(b"210101000000Z"))),
    "a subject of no names": with_field(signer().certificate, SUBJECT, sequence(number(7))),
    "an extension that is cut off": with_field(
        signer().certificate, EXTENSIONS, tlv(0xA3, b"\x30\x05\x30")
    ),
    "a key usage that is none": with_extensions(
        signer().certificate, extension("2.5.29.37", number(7))
    ),
    "too large": bytes(MAX_CERTIFICATE + 1),
    "a key of no parts": with_key(sequence()),
    "a key without algorithm": with_key(sequence(sequence(), tlv(3, b"\0"))),
    "an algorithm that is no name": with_key(sequence(sequence(number(1)), tlv(3, b"\0"))),
    "bits of odd number": with_key(sequence(sequence(oid(RSA)), tlv(3, b"\x01\x80"))),
    "an RSA key of one number": with_key(public_key(RSA, NULL, sequence(number(7)))),
    "an RSA key that is none": with_key(public_key(RSA, NULL, b"junk")),
}


@pytest.mark.parametrize("data", BROKEN.values(), ids=BROKEN.keys())
def test_what_is_no_certificate_is_refused_and_not_called_weak(data: bytes) -> None:
    assert not refusal(data).weak


@given(st.binary(max_size=300))
def test_no_bytes_bring_the_reader_out_of_step(data: bytes) -> None:
    for content in (data, sequence(data), sequence(sequence(data), sequence(), tlv(3))):
        with pytest.raises(UnusableCertificateError):
            load_signer(content)


@given(st.randoms(use_true_random=False), st.sampled_from(sorted(ODD.values())))
def test_no_mutation_gives_another_exception_or_a_warning(random: Random, odd: bytes) -> None:
    for certificate in (signer().certificate, rsa_signer().certificate, odd):
        try:
            loaded = load_signer(mutated_bytes(random, certificate))
        except UnusableCertificateError:
            continue
        assert loaded.not_before.tzinfo is loaded.not_after.tzinfo is UTC


def test_no_changed_bit_of_a_certificate_gives_another_exception_or_a_warning() -> None:
    data = signer().certificate
    for bit in range(8 * len(data)):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        try:
            loaded = load_signer(bytes(changed))
        except UnusableCertificateError:
            continue
        assert loaded.kid == kid_of(bytes(changed)) != signer().kid


# Keys


WEAK_KEYS: list[PrivateKey] = [
    rsa.generate_private_key(65537, 1024),  # noqa: S505  # weak on purpose
    rsa.generate_private_key(65537, 2047),  # noqa: S505
    rsa.generate_private_key(3, 2048),
    ec.generate_private_key(ec.SECP384R1()),
    ec.generate_private_key(ec.SECP256K1()),
]


def off_the_curve() -> bytes:
    return point()[:-1] + bytes([point()[-1] ^ 1])


WEAK = {
    **{f"{k.key_size} bits": make_issuer("XX", key=k).certificate for k in WEAK_KEYS},
    "a point off the curve": with_key(public_key(EC_KEY, oid(P256), off_the_curve())),
    "a point at infinity": with_key(public_key(EC_KEY, oid(P256), b"\0")),
    "no point": with_key(public_key(EC_KEY, oid(P256), b"")),
    "a curve of one's own": with_key(public_key(EC_KEY, sequence(number(1)), point())),
    "RSA of 4,097 bits": with_key(
        public_key(RSA, NULL, sequence(number(2**4096 + 1), number(65537)))
    ),
    "RSA with an even modulus": with_key(
        public_key(RSA, NULL, sequence(number(2**2047), number(65537)))
    ),
    "RSA with the exponent 1": with_key(
        public_key(RSA, NULL, sequence(number(2**2047 + 1), number(1)))
    ),
    "Ed25519": with_key(
        ed25519.Ed25519PrivateKey.generate()
        .public_key()
        .public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    ),
    "Ed25519 of a small order": with_key(public_key("1.3.101.112", b"", b"\x01" + bytes(31))),
}


@pytest.mark.parametrize("data", WEAK.values(), ids=WEAK.keys())
def test_a_weak_key_is_refused_and_called_weak(data: bytes) -> None:
    assert refusal(data).weak


@pytest.mark.parametrize("bits", [2048, 3072, 4096])
def test_rsa_keys_from_2048_to_4096_bits_are_strong_enough(bits: int) -> None:
    key = rsa.generate_private_key(65537, bits)
    loaded = load_signer(make_issuer("BG", key=key).certificate)
    assert in_words(loaded.key) == f"RSA-{bits}"


def test_the_same_key_is_the_same_however_it_is_written() -> None:
    numbers = rsa_signer().key.public_key().public_numbers()
    assert isinstance(numbers, rsa.RSAPublicNumbers)
    bits = sequence(number(numbers.n), number(numbers.e))
    plain, pss = (public_key(name, NULL, bits) for name in (RSA, RSA_PSS))
    compressed = public_key(
        EC_KEY,
        oid(P256),
        signer().key.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint),
    )
    for element, issuer in ((plain, rsa_signer()), (pss, rsa_signer()), (compressed, signer())):
        key = strong_key(der.only(element, der.SEQUENCE))
        assert canonical(key) == load_signer(issuer.certificate).public_key


# Key usage: 3 kinds, of 2 families, each alone, with others, or only foreign ones (T4)


def subsets() -> list[tuple[int, ...]]:
    return list(chain.from_iterable(combinations(range(3), size) for size in range(4)))


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("foreign", [(), (CLIENT_AUTH,)], ids=["alone", "with foreign"])
@pytest.mark.parametrize("named", subsets(), ids=str)
def test_a_key_signs_what_its_usage_names_and_all_where_it_names_none(
    named: tuple[int, ...], foreign: tuple[str, ...], family: str
) -> None:
    usages = [f"{family}.{index + 1}" for index in named]
    certificate = make_issuer("IS", usages=[*foreign, *usages]).certificate
    loaded = load_signer(certificate)
    may = {kind for kind in KINDS if loaded.may_sign(kind)}
    assert may == ({KINDS[index] for index in named} or set(KINDS))


def test_usages_of_both_families_add_up() -> None:
    usages = [f"{FAMILIES[0]}.1", f"{FAMILIES[1]}.2"]
    loaded = load_signer(make_issuer("IS", usages=usages).certificate)
    assert loaded.usages == {EntryKind.TEST, EntryKind.VACCINATION}


def test_usages_are_found_behind_a_unique_id() -> None:
    certificate = with_extensions(signer().certificate, key_usages(f"{FAMILIES[0]}.1"))
    extensions = tlv(0xA3, sequence(key_usages(f"{FAMILIES[0]}.1")))
    unique_id = tlv(0x81, b"\0\x01")  # [1], RFC 5280 section 4.1.2.8
    both = with_field(certificate, EXTENSIONS, unique_id + extensions)
    assert load_signer(both).usages == {EntryKind.TEST}


def test_a_number_of_the_family_that_nobody_knows_is_foreign() -> None:
    assert load_signer(make_issuer("IS", usages=[f"{FAMILIES[0]}.4"]).certificate).usages == set()
