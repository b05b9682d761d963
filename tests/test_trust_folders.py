"""Trust on disk: the folders of an installation, and the lists that a user names."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk.adapters.trust.sources import installed_trust, named_trust
from kiosk.core.trust.formats import TrustSourceError
from kiosk.core.trust.formats.source import MAX_SOURCE
from kiosk.core.trust.trustlist import TrustList
from tests.certificates import rsa_signer, signer
from tests.lists import austrian, austrian_signature, german, kids, pem, pinned, row


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A trust folder: a German list with its key, an Austrian one below, and other files."""
    (tmp_path / "de.json").write_bytes(german(row(signer())))
    (tmp_path / "list-key.pem").write_bytes(pinned())
    (tmp_path / "README.md").write_text("what lies here")
    (tmp_path / ".hidden.json").write_text("half written")
    below = tmp_path / "at"
    below.mkdir()
    data = austrian(rsa_signer())
    (below / "list.bin").write_bytes(data)
    (below / "list.bin.sig").write_bytes(austrian_signature(data))
    (below / "signing-key.pem").write_bytes(pinned())
    return tmp_path


def test_a_folder_gives_its_lists_under_the_keys_beside_them(folder: Path) -> None:
    trust = installed_trust([folder, folder / "absent"])
    assert kids(trust) == {signer().kid, rsa_signer().kid}
    assert trust.sources == ("de.json", "list.bin")


def test_a_signed_list_in_a_folder_without_its_key_is_refused(folder: Path) -> None:
    (folder / "list-key.pem").unlink()
    with pytest.raises(TrustSourceError, match="no key is pinned"):
        installed_trust([folder])


def test_a_changed_list_in_a_folder_is_refused(folder: Path) -> None:
    path = folder / "de.json"
    path.write_bytes(path.read_bytes().replace(b"DSC", b"dsc"))
    with pytest.raises(TrustSourceError, match="does not verify"):
        installed_trust([folder])


def test_certificates_in_a_folder_are_read(tmp_path: Path) -> None:
    (tmp_path / "one.pem").write_bytes(pem(signer()))
    (tmp_path / "two.der").write_bytes(rsa_signer().certificate)
    assert kids(installed_trust([tmp_path])) == {signer().kid, rsa_signer().kid}


def test_no_folder_at_all_gives_an_empty_list(tmp_path: Path) -> None:
    assert installed_trust([tmp_path, tmp_path / "absent"]) == TrustList()


def test_named_lists_are_read_under_the_named_key(folder: Path) -> None:
    paths = [folder / "de.json", folder / "at" / "list.bin"]
    assert kids(named_trust(paths, pinned())) == {signer().kid, rsa_signer().kid}
    assert kids(named_trust([folder], pinned())) == {signer().kid, rsa_signer().kid}


def test_a_named_key_that_no_list_needs_is_refused(tmp_path: Path) -> None:
    (tmp_path / "one.pem").write_bytes(pem(signer()))
    assert named_trust([tmp_path / "one.pem"], None).signers
    for path in (tmp_path, tmp_path / "one.pem"):
        with pytest.raises(TrustSourceError, match="none of the lists is signed"):
            named_trust([path], pinned())


def test_a_named_list_that_is_signed_needs_a_named_key(folder: Path) -> None:
    with pytest.raises(TrustSourceError, match="no key is pinned"):
        named_trust([folder / "de.json"], None)


def test_a_list_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TrustSourceError, match="cannot be read"):
        named_trust([tmp_path / "absent.json"], None)
    with (tmp_path / "large.json").open("wb") as file:
        file.truncate(MAX_SOURCE + 1)
    with pytest.raises(TrustSourceError, match="larger than any trust list"):
        named_trust([tmp_path / "large.json"], None)


def test_a_file_that_is_no_list_may_be_removed_from_the_folder(tmp_path: Path) -> None:
    (tmp_path / "README").write_text("what lies here")
    with pytest.raises(TrustSourceError, match="remove this file from the folder"):
        installed_trust([tmp_path])
