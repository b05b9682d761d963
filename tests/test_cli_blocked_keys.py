"""`kiosk blocklist`: a key is blocked under whatever kid, from its certificate or a trust list."""

from __future__ import annotations

from base64 import encodebytes
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from kiosk.adapters.revocation.blocklist import FILE, FOLDER, open_blocklist
from kiosk.cli.main import main
from kiosk.core.reasons import Reason
from kiosk.core.revocation.revocations import Revocations
from kiosk.core.trust.formats import own
from kiosk.core.verify import Verifier
from kiosk.demo.issuer import Issuer, make_issuer
from tests.certificates import AT, claims, reason_of, rsa_signer, signer, trust

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


def blocklist(state: Path, *arguments: object) -> int:
    return main(["blocklist", *map(str, arguments), "--state", str(state)])


def again() -> Issuer:
    """Another certificate of the same key."""
    return make_issuer("FR", key=signer().key)


def reason(state: Path, issuer: Issuer) -> Reason | None:
    """What a later list that has the issuer alone makes of its certificates."""
    verifier = Verifier(trust(issuer), Revocations(blocked=open_blocklist(state)))
    return reason_of(verifier.verify(issuer.sign(claims()), AT))


def pem(certificate: bytes) -> bytes:
    text = encodebytes(certificate)
    return b"-----BEGIN CERTIFICATE-----\n" + text + b"-----END CERTIFICATE-----\n"


def installed(state: Path, data: bytes) -> None:
    (state / "trust").mkdir(parents=True)
    (state / "trust" / "list.json").write_bytes(data)


@pytest.mark.parametrize("written", [bytes, pem])
def test_a_certificate_blocks_its_kid_and_its_key(
    tmp_path: Path, state: Path, capsys: Captured, written: type[bytes]
) -> None:
    file = tmp_path / "leaked"
    file.write_bytes(written(signer().certificate))
    assert blocklist(state, "add", "--certificate", file) == 0
    told = capsys.readouterr().out
    assert f"key {signer().kid.hex()} (8 bytes)" in told
    assert "1 key, 0 certificates, 1 public key; 0 were blocked before" in told
    assert reason(state, signer()) is Reason.SIGNER_REVOKED
    assert reason(state, again()) is Reason.SIGNER_REVOKED
    assert reason(state, rsa_signer()) is None
    assert blocklist(state, "show") == 0
    assert "public key with SHA-256 " in capsys.readouterr().out


def test_a_kid_is_blocked_with_the_key_that_an_installed_list_has(
    tmp_path: Path, state: Path, capsys: Captured
) -> None:
    installed(state, own.dump(trust(signer(), rsa_signer())))
    assert blocklist(state, "add", "--kid", signer().kid.hex()) == 0
    told = capsys.readouterr().out
    assert "and with it, from the installed trust lists: 0 keys, 0 certificates, 1 public" in told
    assert reason(state, again()) is Reason.SIGNER_REVOKED
    assert reason(state, rsa_signer()) is None
    # Another kiosk takes the key over with the kid.
    other = tmp_path / "other"
    assert blocklist(other, "import", state / FOLDER / FILE) == 0
    assert reason(other, again()) is Reason.SIGNER_REVOKED


def test_a_broken_trust_list_hinders_no_blocking(state: Path, capsys: Captured) -> None:
    installed(state, b"no list")
    assert blocklist(state, "add", "--kid", signer().kid.hex()) == 0
    assert "What was asked for is blocked" in capsys.readouterr().err
    assert reason(state, signer()) is Reason.SIGNER_REVOKED


def weak() -> bytes:
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505
    return make_issuer("FR", key=key).certificate


@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (lambda: b"x", "there is no certificate in it"),
        (lambda: b"0\x00", "nothing of it is used"),
        (lambda: pem(signer().certificate) + pem(weak()), "neither P-256 nor RSA"),
        (lambda: pem(signer().certificate) * 1_000, "is too large"),
    ],
    ids=["nothing", "no certificate", "a weak key", "too much"],
)
def test_what_is_no_certificate_blocks_nothing(
    tmp_path: Path, state: Path, capsys: Captured, make: object, fault: str
) -> None:
    file = tmp_path / "file"
    file.write_bytes(make())  # type: ignore[operator]
    assert blocklist(state, "add", "--certificate", file) == 2
    assert fault in capsys.readouterr().err
    assert not state.exists()
