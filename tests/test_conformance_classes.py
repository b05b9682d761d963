"""The command for the official vectors, asked about vectors made here: each class that occurs."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import cbor2
import cv2
import numpy as np
import pytest
from cbor2 import CBORTag
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from kiosk.core.hcert.envelope import open_envelope
from kiosk.demo.issuer import Issuer, make_issuer
from tests.certificates import ISSUED, claims, signer
from tests.conformance.__main__ import main
from tests.conformance.checks import CHECKS
from tests.conformance.run import run
from tests.made_vectors import asked, deviating, picture_of, vector_of

# --- What real vectors differ in, and agree nevertheless ---------------------------------------


def message(header: dict[int, Any], unprotected: dict[int, Any], tagged: bool = True) -> bytes:
    head = cbor2.dumps(header) if header else b""
    text = signer().sign_message(head, unprotected, cbor2.dumps(claims()))
    return open_envelope(text) if tagged else cbor2.dumps(cbor2.loads(open_envelope(text)).value)


KID, ALG = {4: signer().kid}, {1: -7}
MESSAGES = {
    "as it should be": message(ALG | KID, {}),
    "untagged": message(ALG | KID, {}, tagged=False),
    "CWT tagged": b"\xd8\x3d" + message(ALG | KID, {}),
    "kid unprotected": message(ALG, KID),
    "all unprotected": message({}, ALG | KID),
    "empty map": open_envelope(signer().sign_message(b"\xa0", ALG | KID, cbor2.dumps(claims()))),
    "wrong kid unprotected": message(ALG | KID, {4: bytes(8)}),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_each_form_of_the_message_agrees(tmp_path: Path, name: str) -> None:
    result = asked(tmp_path, vector_of(message=MESSAGES[name]))
    assert result.deviations == []
    assert result.agree.total() == len(CHECKS)
    assert result.vectors_agreeing == result.vectors == 1


CONTENTS: dict[str, Callable[[], dict[int, Any]]] = {
    "vaccination": lambda: claims("v"),
    "test": lambda: claims("t"),
    "recovery": lambda: claims("r"),
    "times as floats": lambda: {**claims(), 4: claims()[4] + 0.5, 6: float(claims()[6])},
    "no issue time": lambda: {key: value for key, value in claims().items() if key != 6},
    "doses as floats": lambda: claims("v", dn=2.0, sd=2.0),
    "a tagged instant": lambda: claims("t", sc=CBORTag(0, "2021-11-21T10:00:00Z")),
    "a tagged day": lambda: claims("v", dt=CBORTag(1004, "2021-06-15")),
    "an offset without colon": lambda: claims("t", sc="2021-11-21T10:00:00+0200"),
    "no zone": lambda: claims("t", sc="2021-11-21T10:00:00"),
    "a long name of a centre": lambda: claims("t", tc="x" * 120),
    "a day with a time": lambda: claims("v", dt="2021-06-15T00:00:00"),
    "blanks at the end": lambda: claims("v", mp="EU/1/20/1528 "),
    "an issuer that differs": lambda: {**claims(), 1: "CNAM"},
    "no country": lambda: claims("v", co=""),
    "null groups": lambda: with_dcc(t=None, r=None),
    "birth year alone": lambda: with_dcc(dob="1963"),
    "a birth month of zero": lambda: with_dcc(dob="1963-00"),
    "no birth date": lambda: with_dcc(dob=""),
    "version 1.3.3": lambda: with_dcc(ver="1.3.3"),
}


def with_dcc(**fields: Any) -> dict[int, Any]:
    content = claims()
    return {**content, -260: {1: {**content[-260][1], **fields}}}


@pytest.mark.parametrize("name", CONTENTS)
def test_each_form_of_the_content_agrees(tmp_path: Path, name: str) -> None:
    content = CONTENTS[name]()
    vector = vector_of(content)
    assert asked(tmp_path, vector).deviations == []


def test_cbor_may_hold_all_claims_and_json_another_zone_and_order(tmp_path: Path) -> None:
    content = claims("t", sc="2021-11-21T10:00:00Z")
    vector = vector_of(content)
    vector["CBOR"] = cbor2.dumps(content).hex()
    vector["JSON"]["t"][0]["sc"] = "2021-11-21T11:00:00.123+01:00"
    vector["JSON"] = dict(reversed(vector["JSON"].items())) | {"v": None}
    assert asked(tmp_path, vector).deviations == []


CLOCKS = [
    "2021-10-02T14:00:00+02:00", "2021-10-02T14:00:00+0200", "2021-10-02T12:00:00Z",
    "2021-10-02T12:00:00", "2021-10-02T12:00:00.123456", "2021-10-02T12:00:00.123456789Z",
    "2021-10-02 12:00:00 +00:00", "2021-10-02", "20211002T120000Z",
    "2021-10-02T14:00:00+02:00[Europe/Paris]", 1633176000, 1633176000000,
]  # fmt: skip


@pytest.mark.parametrize("clock", CLOCKS, ids=str)
def test_a_clock_is_read_in_each_form(tmp_path: Path, clock: object) -> None:
    vector = vector_of()
    vector["TESTCTX"]["VALIDATIONCLOCK"] = clock
    result = asked(tmp_path, vector)
    assert result.deviations == []
    assert result.total["EXPECTEDEXPIRATIONCHECK"] == 1


def test_a_certificate_is_read_in_each_form(tmp_path: Path) -> None:
    vector, der = vector_of(), signer().certificate
    plain = b64encode(der).decode()
    armoured = f"-----BEGIN CERTIFICATE-----\n{plain}\n-----END CERTIFICATE-----\n"
    for form in (
        plain.rstrip("="),
        plain.replace("+", "-").replace("/", "_"),
        "\n".join(plain[at : at + 64] for at in range(0, len(plain), 64)),
        armoured,
        b64encode(armoured.encode()).decode(),
    ):
        vector["TESTCTX"]["CERTIFICATE"] = form
        assert asked(tmp_path, vector).deviations == []


# What a strict parser refuses: cA=FALSE written out (FI), an extended key usage of nothing (CO15).
LOOSE = {
    "cA=FALSE written out": ("2.5.29.19", "3003010100"),
    "an empty key usage": ("2.5.29.37", "3000"),
}


@pytest.mark.parametrize("name", LOOSE)
def test_a_certificate_that_is_not_strictly_der_is_read(tmp_path: Path, name: str) -> None:
    number, content = LOOSE[name]
    loose = x509.UnrecognizedExtension(x509.ObjectIdentifier(number), bytes.fromhex(content))
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COUNTRY_NAME, "FI")])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), 1)
        .not_valid_before(ISSUED)
        .not_valid_after(ISSUED + timedelta(days=400))
        .add_extension(loose, critical=False)
        .sign(key, SHA256())
    )
    issuer = Issuer(key, certificate.public_bytes(Encoding.DER), "FI")
    result = asked(tmp_path, vector_of(issuer=issuer), "FI")
    assert result.deviations == []
    assert result.agree["EXPECTEDVERIFY"] == result.agree["EXPECTEDKEYUSAGE"] == 1


def test_hexadecimal_and_base64_are_read_in_each_form(tmp_path: Path) -> None:
    vector = vector_of()
    for field in ("CBOR", "COSE", "COMPRESSED"):
        vector[field] = f" {vector[field].upper()}\n"
    vector["2DCODE"] = "data:image/png;base64," + vector["2DCODE"].rstrip("=")
    vector["JSON"] = json.dumps(vector["JSON"])
    vector["EXPECTEDRESULTS"]["EXPECTEDVERIFY"] = "true"
    result = asked(tmp_path, vector)
    assert result.deviations == []
    assert result.agree.total() == len(CHECKS)


def test_a_kid_that_the_context_gives_counts_beside_the_computed_one(tmp_path: Path) -> None:
    for kid, written in ((b"Key3RE", "S2V5M1JF"), (bytes(range(8)), "0001020304050607")):
        vector = vector_of(message=open_envelope(signer().sign(claims(), kid=kid)))
        assert deviating(asked(tmp_path, vector)) == {"EXPECTEDVERIFY"}
        vector["TESTCTX"]["KID"] = written
        assert asked(tmp_path, vector).deviations == []


# --- What is not there is not asked ------------------------------------------------------------


@pytest.mark.parametrize("field", ["JSON", "CBOR", "COSE", "COMPRESSED", "BASE45", "2DCODE"])
@pytest.mark.parametrize("left", ["absent", None, ""], ids=str)
def test_a_field_that_is_missing_takes_its_own_checks_alone(
    tmp_path: Path, field: str, left: str | None
) -> None:
    vector = vector_of()
    vector[field] = left
    if left == "absent":
        del vector[field]
    result = asked(tmp_path, vector)
    own = {key for key, check in CHECKS.items() if (field,) in check.needs}
    assert result.deviations == []
    assert set(result.not_asked) == own
    assert set(result.total) == set(CHECKS) - own


def test_without_the_text_of_the_code_the_picture_must_be_a_certificate(tmp_path: Path) -> None:
    vector = vector_of()
    del vector["PREFIX"]
    result = asked(tmp_path, vector)
    assert (result.deviations, set(result.not_asked)) == ([], {"EXPECTEDUNPREFIX"})
    vector["2DCODE"] = b64encode(picture_of("https://example.org")).decode()
    assert deviating(asked(tmp_path, vector)) == {"EXPECTEDPICTUREDECODE"}


@pytest.mark.parametrize("field", ["COSE", "COMPRESSED", "BASE45", "PREFIX", "CBOR"])
def test_one_form_of_the_certificate_is_enough_for_what_it_says(tmp_path: Path, field: str) -> None:
    vector = vector_of()
    for other in ("COSE", "COMPRESSED", "BASE45", "PREFIX", "CBOR", "2DCODE"):
        if other != field:
            del vector[other]
    result = asked(tmp_path, vector)
    assert result.deviations == []
    assert result.agree["EXPECTEDSCHEMAVALIDATION"] == result.agree["EXPECTEDVALIDJSON"] == 1
    assert result.agree["EXPECTEDVERIFY"] == (field != "CBOR")


def test_a_vector_without_signer_clock_or_context_is_asked_the_rest(tmp_path: Path) -> None:
    vector = vector_of()
    vector["TESTCTX"] = {"CERTIFICATE": None, "VALIDATIONCLOCK": "some day"}
    missing = {"EXPECTEDVERIFY", "EXPECTEDKEYUSAGE", "EXPECTEDEXPIRATIONCHECK"}
    contexts: list[object] = [{}, None, "none", vector["TESTCTX"]]
    for context in contexts:
        vector["TESTCTX"] = context
        result = asked(tmp_path, vector)
        assert result.deviations == []
        assert set(result.not_asked) == missing


@pytest.mark.parametrize("results", [None, {}, [], "all", {"EXPECTEDVERIFY": None}], ids=str)
def test_a_vector_that_expects_nothing_agrees(tmp_path: Path, results: object) -> None:
    result = asked(tmp_path, vector_of() | {"EXPECTEDRESULTS": results})
    assert (result.vectors, result.vectors_agreeing, result.total.total()) == (1, 1, 0)


def test_keys_of_issuers_and_of_no_format_are_named_as_not_covered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vector = vector_of()
    vector["EXPECTEDRESULTS"] = {"EXPECTEDENCODE": True, "EXPECTEDVALIDOBJECT": False, "X": True}
    result = asked(tmp_path, vector)
    assert result.not_covered == {"EXPECTEDENCODE": 1, "EXPECTEDVALIDOBJECT": 1, "X": 1}
    assert main([str(tmp_path / "dgc-testdata")]) == 0
    assert "not covered: EXPECTEDENCODE, 1 times" in capsys.readouterr().out


def test_a_file_that_is_no_vector_is_told_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for content in (b"", b"{", b"\xff\xfe\xff", b"[" * 100_000, b"[1]", b'"x"', b"null"):
        assert len(asked(tmp_path, content).unreadable) == 1
    asked(tmp_path, vector_of(), "common")
    assert main([str(tmp_path / "dgc-testdata")]) == 1
    printed = capsys.readouterr().out
    assert "1 vectors" in printed
    assert "unreadable: FR/2DCode/raw/1.json" in printed


@pytest.mark.parametrize("byte_order_mark", [b"\xef\xbb\xbf", b""])
def test_other_encodings_of_json_are_read(tmp_path: Path, byte_order_mark: bytes) -> None:
    content = json.dumps(vector_of())
    assert asked(tmp_path, byte_order_mark + content.encode()).deviations == []
    assert asked(tmp_path, content.encode("utf-16")).deviations == []


NONSENSE = [1, -1.5, True, [], ["x"], {"x": 1}, "x", "\x00", "ü", "ff", "A" * 9_000, None]


@pytest.mark.parametrize("field", [*vector_of(), "CERTIFICATE", "VALIDATIONCLOCK", "KID"])
def test_nonsense_in_a_field_stops_nothing(tmp_path: Path, field: str) -> None:
    for value in NONSENSE:
        vector = vector_of()
        if field in vector:
            vector[field] = value
        else:
            vector["TESTCTX"][field] = value
        result = asked(tmp_path, vector)
        assert result.vectors == 1
        assert result.unreadable == []


def test_a_jpeg_is_read_and_what_no_camera_gives_is_told(tmp_path: Path) -> None:
    vector = vector_of()
    text = vector["PREFIX"]
    picture = cv2.imdecode(np.frombuffer(picture_of(text), np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    read = vector | {"2DCODE": b64encode(bytes(cv2.imencode(".jpg", picture)[1])).decode()}
    assert asked(tmp_path, read).deviations == []
    for other in (picture_of(text, "svg"), bytes(range(256)), b"\x89PNG\r\n"):
        (one,) = asked(tmp_path, vector | {"2DCODE": b64encode(other).decode()}).deviations
        assert (one.key, one.got, one.known) == ("EXPECTEDPICTUREDECODE", False, None)
        assert one.reason


# --- What is expected to fail, fails -----------------------------------------------------------


def refused(tmp_path: Path, key: str, vector: dict[str, Any]) -> bool:
    """Whether the vector, which expects `key` alone, and that it fails, agrees."""
    vector = vector | {"EXPECTEDRESULTS": {key: False}}
    result = asked(tmp_path, vector)
    return result.agree[key] == result.total[key] == 1


def test_broken_links_of_the_chain_are_refused(tmp_path: Path) -> None:
    good = vector_of()
    text = good["BASE45"]
    for prefix in ("HL0:", "HC2:", "", "hc1:", "HC1", "LT1:"):  # H1 to H3
        assert refused(tmp_path, "EXPECTEDUNPREFIX", good | {"PREFIX": prefix + text})
    cut = text + "0" * ((1 - len(text)) % 3)  # a letter alone in the last group
    for wrong in (cut, text + "\n", "GGW" + text, text[:9] + "a" + text[10:]):  # B1
        assert refused(tmp_path, "EXPECTEDB45DECODE", good | {"BASE45": wrong})
    for wrong in (good["COSE"], good["COMPRESSED"][:-2], good["COMPRESSED"] + "00"):  # Z1, Z2
        assert refused(tmp_path, "EXPECTEDCOMPRESSION", good | {"COMPRESSED": wrong})
    for wrong in ("ffff49", good["CBOR"] + "00", good["CBOR"][:-2], "01"):  # CBO1
        assert refused(tmp_path, "EXPECTEDDECODE", good | {"CBOR": wrong})
    assert refused(tmp_path, "EXPECTEDVERIFY", good | {"COSE": "009162"})  # CBO2


def test_another_content_beside_it_is_refused(tmp_path: Path) -> None:
    good, other = vector_of(), vector_of(claims("r"))
    assert refused(tmp_path, "EXPECTEDB45DECODE", good | {"COMPRESSED": other["COMPRESSED"]})
    assert refused(tmp_path, "EXPECTEDCOMPRESSION", good | {"COSE": other["COSE"]})
    assert refused(tmp_path, "EXPECTEDDECODE", good | {"CBOR": other["CBOR"]})
    assert refused(tmp_path, "EXPECTEDVALIDJSON", good | {"JSON": other["JSON"]})
    assert refused(tmp_path, "EXPECTEDPICTUREDECODE", good | {"2DCODE": other["2DCODE"]})
    assert refused(tmp_path, "EXPECTEDPICTUREDECODE", good | {"2DCODE": "AAAA"})  # Q1


def test_signatures_and_key_ids_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    other = make_issuer("FR")
    for wrong in (
        message(ALG | {4: bytes(8)}, KID),  # CO22
        message(ALG, {4: bytes(8)}),  # CO23
        message(ALG, {}),
        message({1: -37} | KID, {}),  # CO27
        message({1: -257} | KID, {}),  # CO4
        message(ALG | {4: signer().kid[:6]}, {}),
        MESSAGES["as it should be"][:-1] + b"\0",  # CO5
        open_envelope(other.sign(claims(), kid=signer().kid)),
    ):
        assert refused(tmp_path, "EXPECTEDVERIFY", vector_of(message=wrong))


@pytest.mark.parametrize(
    ("exp", "iat"), [(-1, -100), (100, 3600), (None, -100), ("soon", -100), (1e300, -100)]
)
def test_times_that_do_not_hold_are_refused(tmp_path: Path, exp: Any, iat: int) -> None:
    now = int((ISSUED + timedelta(days=1)).timestamp())
    content = {**claims(), 6: now + iat, 4: now + exp if isinstance(exp, int) else exp}
    assert refused(tmp_path, "EXPECTEDEXPIRATIONCHECK", vector_of(content))  # CO16, CO17


def test_what_is_wrong_in_the_content_hides_no_time_and_no_signature(tmp_path: Path) -> None:
    vector = vector_of({**claims(), -260: {1: {"ver": "1.0.0", "nam": {}}}})  # DGC1
    vector["EXPECTEDRESULTS"] = {"EXPECTEDEXPIRATIONCHECK": True, "EXPECTEDVERIFY": True}
    assert asked(tmp_path, vector).deviations == []
    assert refused(tmp_path, "EXPECTEDSCHEMAVALIDATION", vector)


def test_contents_that_no_schema_allows_are_refused(tmp_path: Path) -> None:
    statement = claims()[-260][1]["v"][0]
    flaws: list[dict[str, Any]] = [{"v": []}, {"v": None}, {"r": [statement]}, {"nam": None}]
    for flaw in (*flaws, {"dob": "2021-13-1"}):
        vector = vector_of(with_dcc(**flaw))  # DGC1, DGC2
        assert refused(tmp_path, "EXPECTEDSCHEMAVALIDATION", vector)


TEST, VACCINATION, RECOVERY = (f"1.3.6.1.4.1.1847.2021.1.{number}" for number in (1, 2, 3))


@pytest.mark.parametrize("group", ["v", "t", "r"])
def test_a_signer_of_another_kind_is_not_entitled(tmp_path: Path, group: str) -> None:
    own = {"v": VACCINATION, "t": TEST, "r": RECOVERY}[group]
    for usage in (TEST, VACCINATION, RECOVERY):  # CO6 to CO14
        vector = vector_of(claims(group), issuer=make_issuer("FR", usages=[usage]))
        vector["EXPECTEDRESULTS"] = {"EXPECTEDKEYUSAGE": usage == own}
        assert asked(tmp_path, vector).deviations == []


# --- Deviations on purpose ---------------------------------------------------------------------


def test_each_class_of_deviation_is_known_by_what_the_vector_says(tmp_path: Path) -> None:
    name = claims()[-260][1]["nam"]
    statement = claims()[-260][1]["v"][0]
    schema = {"EXPECTEDRESULTS": {"EXPECTEDSCHEMAVALIDATION": False}}
    other_curve = make_issuer("ES", key=ec.generate_private_key(ec.SECP384R1()))
    header = cbor2.dumps(ALG | {4: other_curve.kid})
    signed = cbor2.dumps(CBORTag(18, [header, {}, cbor2.dumps(claims()), bytes(96)]))
    p384 = vector_of(issuer=other_curve, message=signed)
    p384["EXPECTEDRESULTS"] = {"EXPECTEDVERIFY": True}
    two = vector_of(with_dcc(v=[statement, statement]))
    two["EXPECTEDRESULTS"] = {"EXPECTEDSCHEMAVALIDATION": True}
    emoji = with_dcc(nam={**name, "gn": "😀", "gnt": ""})
    for place, vector in (
        ("ES", p384),
        ("SK", two),
        ("NL", vector_of(emoji) | schema),
        ("PL/1.2.1", vector_of(claims("v", ma="ORG-99999999")) | schema),
        ("PL/1.0.0", vector_of(claims("t", ma="9999")) | schema),
        ("PL/1.3.0", vector_of(claims("r", co="XY")) | schema),
    ):
        asked(tmp_path, vector, place)
    result = run(tmp_path / "dgc-testdata")
    assert len(result.deviations) == result.vectors == 6
    assert result.unexplained == []
    assert main([str(tmp_path / "dgc-testdata")]) == 0


def test_a_deviation_of_no_known_class_is_told_and_fails_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vector = vector_of()
    vector["EXPECTEDRESULTS"] = dict.fromkeys(CHECKS, False)
    for place in ("NL", "SK", "FR"):
        result = asked(tmp_path, vector, place)
    assert len(result.unexplained) == 3 * len(CHECKS)
    assert main([str(tmp_path / "dgc-testdata"), "--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    assert printed["keys"]["EXPECTEDVERIFY"] == {"agree": 0, "total": 3}
    assert printed["deviations"][0] == {
        "vector": "FR/2DCode/raw/1.json", "key": "EXPECTEDPICTUREDECODE",
        "expected": False, "got": True, "reason": "", "known": None,
    }  # fmt: skip
    assert printed["vectors_agreeing"] == 0
    assert printed["pictures"] is None


def test_the_named_broken_vectors_are_known_wherever_the_folder_begins(tmp_path: Path) -> None:
    vector = vector_of() | {"JSON": vector_of(claims("r"))["JSON"]}
    asked(tmp_path, vector, "PL/1.3.0")
    folder = tmp_path / "dgc-testdata"
    for start in (folder, folder / "PL", folder / "PL/1.3.0", folder / "PL/1.3.0/2DCode/raw"):
        result = run(start)
        assert deviating(result) == {"EXPECTEDDECODE", "EXPECTEDVALIDJSON"}
        assert result.unexplained == []


def test_the_command_needs_a_folder_of_vectors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in ([], [str(tmp_path / "absent")], [str(tmp_path)]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        assert ended.value.code == 2
    assert "2DCode/raw" in capsys.readouterr().err
