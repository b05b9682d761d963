"""`kiosk trust`: import, show and diff, as somebody types them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from kiosk.adapters.trust.sources import installed_trust, named_trust
from kiosk.adapters.trust.store import FLOORS
from kiosk.cli.main import main
from kiosk.core.trust.formats import Source, own
from kiosk.core.trust.formats.source import fingerprint, pinned_key
from kiosk.core.trust.provenance import Signature
from kiosk.core.trust.trustlist import Row, trust_list_of
from kiosk.demo.issuer import Issuer, make_issuer
from tests.certificates import AT, SECOND, rsa_signer, signer, trust
from tests.lists import (
    austrian,
    austrian_signature,
    authority,
    german,
    kids,
    pem,
    pinned,
    public_pem,
    row,
    signed_by_authority,
)

ROOT = Path(__file__).resolve().parents[1]
EVENT = ROOT / "assets" / "events" / "saint-ouen-2021.toml"
OLD, NEW = "2021-10-01T00:00:00Z", "2021-11-01T00:00:00Z"


class Place:
    """A state folder, and the lists of somebody who imports them."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.state = folder, folder / "state"
        self.trust = self.state / "trust" / "trust.json"
        self._capsys = capsys
        (folder / "key.pem").write_bytes(pinned())
        self.out = self.err = ""

    def file(self, name: str, data: bytes) -> str:
        """A file with that content."""
        (self.folder / name).write_bytes(data)
        return str(self.folder / name)

    def german(self, stamp: str, *issuers: Issuer, name: str = "de.json") -> str:
        """An issue of the German list."""
        return self.file(name, german(*(row(one, timestamp=stamp) for one in issuers)))

    def run(self, action: str, *arguments: str, state: bool = True) -> int:
        """`kiosk trust ACTION`, with the state folder."""
        where = ["--state", str(self.state)] if state else []
        status = main(["trust", action, *arguments, *where])
        captured = self._capsys.readouterr()
        self.out, self.err = captured.out, captured.err
        return status

    def bring(self, *arguments: str) -> int:
        """Import signed lists."""
        return self.run("import", *arguments, "--key", str(self.folder / "key.pem"))

    def floors(self) -> dict[str, object]:
        """What the floors file holds."""
        found: dict[str, object] = json.loads((self.trust.parent / FLOORS).read_bytes())
        return found


@pytest.fixture
def place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Place:
    return Place(tmp_path, capsys)


# Import


def test_an_import_tells_what_is_new_changed_gone_and_not_used(place: Place) -> None:
    assert place.bring(place.german(OLD, signer(), rsa_signer())) == 0
    assert "2 new, 0 changed, 0 gone" in place.out
    assert "signature checked with key" in place.out
    faulty = row(signer(), rawData="!")
    issuers = [row(one, timestamp=NEW) for one in (signer(), rsa_signer(), make_issuer("IT"))]
    assert place.bring(place.file("de.json", german(faulty, *issuers))) == 0
    assert "not used: de.json, certificate 1: its certificate is not base64" in place.out
    assert "1 new, 0 changed, 0 gone" in place.out
    assert "replaced: 2 signers of 2021-10-01" in place.out


def test_chains_are_checked_over_all_sources_of_an_import(place: Place) -> None:
    dsc = place.file("dsc.der", signed_by_authority("FR").certificate)
    csca = json.dumps([row(authority("FR"), certificateType="CSCA")]).encode()
    assert place.run("import", dsc, place.file("csca.json", csca)) == 0
    (one,) = installed_trust([place.trust.parent]).signers
    assert one.provenance.chained is True


def test_authorities_alone_are_no_trust_list(place: Place) -> None:
    csca = json.dumps([row(authority("FR"), certificateType="CSCA")]).encode()
    assert place.run("import", place.file("csca.json", csca)) == 2
    assert "1 national authority (CSCA) and no signer" in place.err
    assert "Name the list of their signers (DSC) too" in place.err


def test_an_installation_without_keys_is_told_what_to_import(place: Place) -> None:
    place.state.mkdir()
    assert place.run("show") == 0
    assert "kiosk trust import" in place.out


def test_a_chain_that_does_not_hold_is_noted_and_the_key_is_believed_all_the_same(
    place: Place,
) -> None:
    forged = signed_by_authority("FR", make_issuer("FR").key)
    csca = json.dumps([row(authority("FR"), certificateType="CSCA")]).encode()
    lists = place.file("dsc.der", forged.certificate), place.file("csca.json", csca)
    assert place.run("import", *lists) == 0
    assert f"note: FR {forged.kid.hex()} is not signed by the CSCA it names" in place.out
    assert place.run("show") == 0
    assert "1 not signed by the CSCA that they name" in place.out


def test_a_list_that_has_ended_is_imported_with_a_note(place: Place) -> None:
    data = austrian(signer())
    source = place.file("at.cbor", data)
    place.file("at.cbor.sig", austrian_signature(data))
    assert place.bring(source) == 0
    assert "note: it ended 2021-11-24" in place.out


def test_lists_of_two_publishers_are_imported_with_the_keys_of_both(place: Place) -> None:
    other = place.file("other.pem", public_pem(ec.generate_private_key(ec.SECP256R1())))
    data = austrian(rsa_signer())
    at = place.file("at.cbor", data)
    place.file("at.cbor.sig", austrian_signature(data))
    assert place.bring(place.german(OLD, signer()), at) == 0
    assert kids(installed_trust([place.trust.parent])) == {signer().kid, rsa_signer().kid}
    assert place.bring(place.german(OLD, signer()), at, "--key", other) == 2
    assert "none of the lists is signed with key 1 of 2" in place.err


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (german(row(signer())).replace(b"DSC", b"dsc"), "does not verify"),
        (german(row(signer()))[:-9], "does not verify"),
        (json.dumps({"certificates": [row(signer())]}).encode()[:-9], "cut off"),
        (json.dumps({"certificates": [row(signer())]}).encode(), "none of the lists is signed"),
        (german(row(signer(), rawData="!")), "No key in it can be used"),
        (b"hello", "not a trust list"),
    ],
    ids=["changed", "cut off", "unsigned, cut off", "unsigned", "no key in it", "no list"],
)
def test_a_list_that_must_not_be_believed_leaves_the_old_one(
    place: Place, data: bytes, why: str
) -> None:
    assert place.bring(place.german(OLD, rsa_signer())) == 0
    before, floors = place.trust.read_bytes(), place.floors()
    assert place.bring(place.file("new.json", data)) == 2
    assert why in place.err
    assert (place.trust.read_bytes(), place.floors()) == (before, floors)


def test_another_key_than_the_publishers_leaves_the_old_list(place: Place) -> None:
    assert place.bring(place.german(OLD, signer())) == 0
    other = place.file("other.pem", public_pem(ec.generate_private_key(ec.SECP256R1())))
    assert place.run("import", place.german(NEW, signer()), "--key", other) == 2
    assert "does not verify" in place.err


def test_an_older_issue_is_refused_even_after_its_file_was_deleted(place: Place) -> None:
    assert place.bring(place.german(NEW, signer())) == 0
    place.trust.unlink()
    old = place.german(OLD, signer())
    assert place.bring(old) == 2
    assert "an older issue than one that was here" in place.err
    assert "--force imports it all the same" in place.err
    assert not place.trust.exists()
    assert place.bring(old, "--out", str(place.trust.with_name("other.json"))) == 2
    assert place.bring(old, "--force") == 0
    assert place.bring(old) == 0  # the floor is where somebody insisted on it


def test_a_restored_older_file_is_refused_at_the_door(place: Place) -> None:
    assert place.bring(place.german(OLD, signer())) == 0
    backup = place.trust.read_bytes()
    assert place.bring(place.german(NEW, signer())) == 0
    place.trust.write_bytes(backup)
    assert place.run("show") == 2
    assert "older than one that was believed" in place.err
    assert place.bring(place.german(NEW, signer())) == 0
    assert place.run("show") == 0


def claiming(place: Place) -> str:
    """An unsigned file that says that the German list's key signed it, today."""
    now = datetime.now(UTC)  # noqa: TID251  # the command reads the clock
    forged = trust_list_of(
        [Row(make_issuer("XX").certificate)],
        "de.json",
        signature=Signature.CHECKED,
        key=fingerprint(pinned_key(Source("a key", b""), pinned())),
        form="German",
        version=int(now.timestamp()),
        issued_at=now,
    )
    return place.file("evil.json", own.dump(forged))


def test_a_file_that_only_claims_a_checked_signature_raises_no_floor(place: Place) -> None:
    other = ("--out", str(place.trust.with_name("other.json")))
    assert place.run("import", claiming(place), *other) == 0
    assert place.floors()["lists"] == {}
    assert "signature not recorded" in place.out
    assert place.bring(place.german(NEW, signer())) == 0
    assert signer().kid in kids(installed_trust([place.trust.parent]))


def test_a_file_that_only_claims_a_checked_signature_displaces_no_list(place: Place) -> None:
    genuine = place.german(NEW, signer())
    assert place.bring(genuine, claiming(place)) == 0
    assert "a newer issue is here" not in place.out
    assert signer().kid in kids(installed_trust([place.trust.parent]))


@pytest.mark.parametrize("before", [False, True], ids=["no import before", "an import before"])
def test_such_a_file_among_the_installed_lists_displaces_none(place: Place, before: bool) -> None:
    folder = place.trust.parent
    (folder / "de").mkdir(parents=True)
    (folder / "de" / "de.json").write_bytes(german(row(signer(), timestamp=NEW)))
    (folder / "de" / "list-key.pem").write_bytes(pinned())
    if before:
        assert place.bring(place.german(NEW, signer())) == 0
    (folder / "evil.json").write_bytes(Path(claiming(place)).read_bytes())
    found = installed_trust([folder])
    assert signer().kid in kids(found)
    assert found.newest_at == datetime.fromisoformat(NEW)  # a claim proves no time


def test_what_an_import_wrote_keeps_its_record_where_it_lies_and_nowhere_else(
    place: Place,
) -> None:
    assert place.bring(place.german(NEW, signer())) == 0
    assert installed_trust([place.trust.parent]).signers[0].provenance.signed
    copied = place.folder / "certs"
    copied.mkdir()
    (copied / "trust.json").write_bytes(place.trust.read_bytes())
    for found in (installed_trust([copied]), named_trust([place.trust])):
        assert kids(found) == {signer().kid}
        assert not found.signers[0].provenance.signed
        assert found.newest_at is None
    key = str(place.folder / "key.pem")  # what was imported does not differ from its source
    assert (
        place.run(
            "diff", str(place.trust), str(place.folder / "de.json"), "--key", key, state=False
        )
        == 0
    )


def test_damaged_floors_are_told_and_written_anew_only_by_force(place: Place) -> None:
    assert place.bring(place.german(NEW, signer())) == 0
    (place.trust.parent / FLOORS).write_bytes(b"{")
    for command in (["show"], ["import", place.german(NEW, signer()), "--key",
                               str(place.folder / "key.pem")]):  # fmt: skip
        assert place.run(*command) == 2
        assert "record of the newest lists is damaged" in place.err
    assert place.bring(place.german(NEW, signer()), "--force") == 0
    assert place.run("show") == 0


def test_a_list_from_the_future_is_refused_also_by_force(place: Place) -> None:
    tomorrow = datetime.now(UTC) + timedelta(days=2)  # noqa: TID251  # the command reads the clock
    future = place.german(tomorrow.isoformat(), signer())
    for force in ([], ["--force"]):
        assert place.bring(future, *force) == 2
        assert "Set the clock of this PC" in place.err
        assert "all the same" not in place.err
    assert not place.trust.exists()


def test_a_list_that_shrinks_is_refused_with_every_key(place: Place) -> None:
    keys = [make_issuer("FR", lifetime=timedelta(days=36_500)) for _ in range(3)]
    assert place.bring(place.german(OLD, *keys)) == 0
    assert place.bring(place.german(NEW, *keys[:2])) == 2
    assert f"1 of 3 keys in force would be gone: FR {keys[2].kid.hex()}" in place.err
    assert place.bring(place.german(NEW, *keys[:2]), "--force") == 0
    assert "0 new, 0 changed, 1 gone" in place.out


def test_a_refusal_names_a_few_keys_and_the_command_that_names_all(place: Place) -> None:
    keys = [make_issuer("FR", lifetime=timedelta(days=36_500)) for _ in range(9)]
    greek = make_issuer("GR", lifetime=timedelta(days=36_500))
    assert place.bring(place.german(OLD, *keys)) == 0
    shrunk = place.german(NEW, greek)
    assert place.bring(shrunk) == 2
    assert "9 of 9 keys in force would be gone: FR " in place.err
    assert max(map(len, place.err.splitlines())) < 300
    assert place.err.count(" and 4 more") == 2
    key = place.folder / "key.pem"
    hint = f"kiosk trust diff {place.trust} {shrunk} --key {key}"
    assert hint in place.err
    assert place.run(*hint.split()[2:], state=False) == 1
    assert all(f"- FR {one.kid.hex()}" in place.out for one in keys)


def test_a_folder_of_many_certificates_is_told_in_short(place: Place) -> None:
    (place.folder / "many").mkdir()
    files = [place.file(f"many/{n}.der", make_issuer("FR").certificate) for n in range(22)]
    assert place.run("import", str(Path(files[0]).parent)) == 0
    assert place.out.count("\nfrom ") == 19  # and one at the beginning
    assert "\nand 2 more lists: 2 keys\n" in place.out


def test_keys_not_in_force_are_shown_in_part_and_all_in_json(place: Place) -> None:
    keys = [make_issuer("FR", lifetime=timedelta(days=1)) for _ in range(7)]
    assert place.run("import", place.file("own.json", own.dump(trust(*keys)))) == 0
    assert place.run("show") == 0
    assert "7 keys ending before" in place.out
    assert " and 2 more" in place.out
    assert place.run("show", "--json") == 0
    (country,) = json.loads(place.out)["countries"]
    assert len(country["ending"]) == 7


def test_a_revoked_kid_stays_revoked_with_an_alarm(place: Place) -> None:
    blocked = own.dump(trust(signer(), revoked=frozenset({rsa_signer().kid})))
    assert place.run("import", place.file("own.json", blocked)) == 0
    place.trust.unlink()
    for _ in range(2):
        assert place.run("import", place.file("own.json", own.dump(trust(signer())))) == 0
        assert f"ALARM: the kid {rsa_signer().kid.hex()} was revoked" in place.out
        assert installed_trust([place.trust.parent]).revoked == {rsa_signer().kid}


def test_a_list_written_elsewhere_raises_no_floor(place: Place) -> None:
    elsewhere = place.folder / "elsewhere" / "list.json"
    assert place.bring(place.german(NEW, signer()), "--out", str(elsewhere)) == 0
    assert [one.name for one in elsewhere.parent.iterdir()] == ["list.json"]
    assert place.bring(place.german(OLD, signer()), "--out", str(elsewhere)) == 2
    assert not place.state.exists()


def test_a_dated_list_is_replaced_by_an_undated_one_only_by_force(place: Place) -> None:
    dated = own.dump(replace(trust(signer()), issued_at=AT))
    undated = place.file("signer.der", make_issuer("XZ").certificate)
    assert place.run("import", place.file("dated.json", dated)) == 0
    assert place.run("import", undated) == 2
    assert "--out" in place.err
    assert place.run("import", undated, "--out", str(place.trust.with_name("xz.json"))) == 0
    assert place.run("import", undated, "--force") == 0
    assert "replaced: 1 signer of 2021" in place.out


def test_a_file_that_is_no_list_is_replaced(place: Place) -> None:
    place.trust.parent.mkdir(parents=True)
    place.trust.write_bytes(b"{")
    assert place.bring(place.german(OLD, signer())) == 0
    assert "1 new" in place.out


def test_a_place_that_cannot_be_written_is_told(place: Place) -> None:
    place.file("state", b"")
    assert place.bring(place.german(OLD, signer())) == 2
    assert "Nothing was changed" in place.err


def test_progress_is_told_where_somebody_asks_or_looks(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = place.german(OLD, signer())
    assert place.bring(source) == 0
    assert place.err == ""
    assert place.bring(source, "--progress") == 0
    assert "0 of 1 read; de.json" in place.err
    assert "chains of 1 key to 0 CSCA" in place.err
    assert place.err.endswith("\r")
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    assert place.bring(source) == 0
    assert "de.json" in place.err


def test_a_name_in_a_list_does_not_steer_the_terminal(place: Place) -> None:
    source = place.german(OLD, signer(), name="\x1b[2J.json")
    assert place.bring(source, "--progress") == 0
    assert "\x1b" not in place.out + place.err


# Show


def test_show_tells_each_country_and_what_is_not_in_force(place: Place) -> None:
    later = make_issuer("IT", not_before=AT + SECOND)
    ending = make_issuer("GR", not_before=AT - timedelta(days=9), lifetime=timedelta(days=9))
    assert place.bring(place.german(OLD, signer(), later, ending)) == 0
    assert place.run("show", "--event", str(EVENT)) == 0
    assert "FR 1: P-256 1, 2021-05-01 to 2023-05-01, 1 signature checked" in place.out
    assert (
        "1 key ending before 2021-11-23 18:30:00+01:00:\n  GR 1: " + ending.kid.hex() in place.out
    )
    assert f"  IT 1: {later.kid.hex()}" in place.out
    assert place.run("show", "--at", "2021-11-22T08:00:01Z") == 0
    assert "not in force yet" not in place.out
    assert place.run("show", "--at", "2021-11-22T08:00:00Z") == 0
    assert "1 key not in force yet" in place.out


def test_show_speaks_json(place: Place) -> None:
    assert place.bring(place.german(OLD, signer())) == 0
    assert place.run("show", "--event", str(EVENT), "--json") == 0
    told = json.loads(place.out)
    assert told["signers"] == 1
    assert told["issued_at"] == "2021-10-01T00:00:00+00:00"
    assert told["lists"][0]["signature"] == "signature checked"
    (country,) = told["countries"]
    assert (country["country"], country["algorithms"], country["signed"]) == ("FR", {"P-256": 1}, 1)
    assert (country["ending"], country["beginning"]) == ([], [])


def test_show_takes_named_lists_with_their_keys(place: Place) -> None:
    source = place.german(OLD, signer())
    key = str(place.folder / "key.pem")
    assert place.run("show", source, "--key", key) == 0
    assert "not used" not in place.out
    assert place.run("show", source) == 2
    assert "no key is pinned" in place.err
    weak = place.file(
        "weak.pem", pem(signer()) + b"-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----"
    )
    blocked = own.dump(trust(signer(), revoked=frozenset({b"kid"})))
    assert place.run("show", weak, place.file("own.json", blocked)) == 0
    assert "not used: weak.pem, certificate 2" in place.out
    assert "0 weak keys, 1 revoked" in place.out


def test_wrong_usage_of_show_is_told(place: Place) -> None:
    place.state.mkdir()
    both = ("show", "--event", str(EVENT), "--at", "2021-11-22T08:00:00Z")
    assert place.run(*both) == 2
    assert "--event or --at" in place.err
    assert place.run("show", "--key", str(place.folder / "key.pem")) == 2
    assert "--key belongs to a list" in place.err


# Diff


def test_diff_tells_the_difference_by_its_exit_status(place: Place) -> None:
    one = place.german(OLD, signer(), rsa_signer(), name="one.json")
    two = place.german(NEW, signer(), make_issuer("IT"), name="two.json")
    key = ["--key", str(place.folder / "key.pem")]
    assert place.run("diff", one, one, *key, state=False) == 0
    assert place.out == "0 new, 0 changed, 0 gone\n"
    assert place.run("diff", one, two, *key, state=False) == 1
    assert "+ IT " in place.out
    assert f"- BG {rsa_signer().kid.hex()} RSA-2048" in place.out
    assert place.run("diff", one, str(place.folder / "absent"), *key, state=False) == 2
    assert place.run("diff", one, one, state=False) == 2
    assert "no key is pinned" in place.err


def test_diff_speaks_json_and_tells_changes(place: Place) -> None:
    signed = place.german(OLD, signer())
    plain = place.file("plain.pem", pem(signer()))
    blocked = place.file("own.json", own.dump(trust(revoked=frozenset({b"kid"}))))
    key = ["--key", str(place.folder / "key.pem"), "--json"]
    assert place.run("diff", signed, plain, *key, state=False) == 1
    (change,) = json.loads(place.out)["changed"]
    assert (change["kid"], change["aspects"]) == (signer().kid.hex(), ["provenance"])
    assert place.run("diff", plain, blocked, state=False) == 1
    assert "+ blocked " + b"kid".hex() in place.out
    assert place.run("diff", blocked, plain, "--json", state=False) == 1
    told = json.loads(place.out)
    assert told["unblocked"] == [b"kid".hex()]
    assert told["new"][0]["algorithm"] == "P-256"


def test_diff_tells_trouble_of_a_folder_that_may_not_be_read(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "a folder")

    monkeypatch.setattr("kiosk.adapters.trust.sources.named_trust", refused)
    assert place.run("diff", "a", "b", state=False) == 2
    assert "a folder: Permission denied" in place.err
    assert place.run("show", "a") == 2
