"""`kiosk read`: pictures, films and sequences, and what is none of these."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import zxingcpp

from kiosk.adapters.reader.full import FullReader
from kiosk.adapters.reader.pictures import codes_in_picture
from kiosk.adapters.reader.quick import Look, QuickReader
from kiosk.cli.main import main
from kiosk.cli.progress import SHOWN_EVERY, TOLD_EVERY, Progress
from tests.test_pictures import BADGE, CERTIFICATE, Grey, code, encoded, framed, header

EMPTY = framed()
OTHER = "https://example.org/ensaio"

Captured = pytest.CaptureFixture[str]


def saved(path: Path, image: Grey) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(encoded(image, path.suffix))
    return path


def film(path: Path, *images: Grey) -> Path:
    """A film of motion JPEG, as webcams make them."""
    height, width = images[0].shape
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, (width, height))
    for image in images:
        writer.write(cv2.cvtColor(image, cv2.COLOR_GRAY2BGR))
    writer.release()
    return path


def rows(capsys: Captured) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


# Pictures


def test_a_picture_is_told_without_its_text(tmp_path: Path, capsys: Captured) -> None:
    path = saved(tmp_path / "photo.png", framed(code(CERTIFICATE)))
    assert main(["read", str(path)]) == 0
    printed = capsys.readouterr()
    told = f"{path}: certificate, {len(CERTIFICATE)} characters, by "
    assert printed.out.startswith(told)
    assert "ms CPU" in printed.out
    assert CERTIFICATE[:10] not in printed.out + printed.err
    assert printed.err == ""


def test_the_beginning_of_a_text_is_shown_only_when_asked(tmp_path: Path, capsys: Captured) -> None:
    path = saved(tmp_path / "photo.png", framed(code(BADGE)))
    assert main(["read", "--show", str(path)]) == 0
    out = capsys.readouterr().out
    assert BADGE[:60] + "…" in out
    assert BADGE not in out


def test_a_text_cannot_steer_the_terminal(tmp_path: Path, capsys: Captured) -> None:
    path = saved(tmp_path / "photo.png", framed(code("\x1b[2Jboo\x07")))
    assert main(["read", "--show", str(path)]) == 0
    assert "\x1b" not in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="has no such names")
def test_a_name_cannot_steer_the_terminal(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "a\x1b[31m.png").write_bytes(b"no picture")
    assert main(["read", str(tmp_path)]) == 2
    printed = capsys.readouterr()
    assert "a\ufffd[31m.png: This is not" in printed.err
    assert "\x1b" not in printed.err + printed.out


def test_json_tells_every_code_with_stage_time_and_place(tmp_path: Path, capsys: Captured) -> None:
    path = saved(tmp_path / "two.png", framed(code(CERTIFICATE), code(OTHER)))
    assert main(["read", "--json", str(path)]) == 0
    (row,) = rows(capsys)
    assert row["input"] == str(path)
    assert {one["text"] for one in row["codes"]} == {CERTIFICATE, OTHER}
    for one in row["codes"]:
        assert one["kind"] == "QR Code"
        assert one["stage"]
        assert 0 < one["ms"] <= row["ms"]
        assert np.array(one["corners"]).shape == (4, 2)
    assert row["wall_ms"] > 0


def test_a_picture_without_a_code_ends_with_1(tmp_path: Path, capsys: Captured) -> None:
    good, empty = saved(tmp_path / "a.jpg", framed(code(BADGE))), saved(tmp_path / "b.jpg", EMPTY)
    assert main(["read", str(good), str(empty)]) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith(f"{good}: badge, ")
    assert out[1].startswith(f"{empty}: no code; ")


@pytest.mark.parametrize("engine", ["full", "quick", "zxing"])
def test_every_engine_can_be_asked_for(engine: str, tmp_path: Path, capsys: Captured) -> None:
    path = saved(tmp_path / "photo.png", framed(code(BADGE)))
    assert main(["read", "--json", "--engine", engine, str(path)]) == 0
    assert [one["text"] for one in rows(capsys)[0]["codes"]] == [BADGE]


def test_other_kinds_of_code_are_read_when_asked(tmp_path: Path, capsys: Captured) -> None:
    symbol = zxingcpp.create_barcode("4006381333931", zxingcpp.BarcodeFormat.EAN13)
    drawn = np.pad(np.asarray(symbol.to_image(scale=3), np.uint8), 40, constant_values=255)
    path = saved(tmp_path / "bar code.png", drawn)
    assert main(["read", str(path)]) == 1
    assert main(["read", "--any", str(path)]) == 0
    assert (
        "another code in a code of kind EAN-13, 13 characters, by zxing" in capsys.readouterr().out
    )


def test_verify_reads_of_a_picture_what_read_does(tmp_path: Path, capsys: Captured) -> None:
    """One small code in 12 megapixels, which shows in a larger look alone."""
    photo = np.full((3_000, 4_000), 150, np.uint8)
    drawn = code(CERTIFICATE, module=3)
    photo[2_500 : 2_500 + len(drawn), 3_000 : 3_000 + len(drawn)] = drawn
    path = saved(tmp_path / "photo.jpg", photo)
    assert main(["read", "--json", str(path)]) == 0
    assert [one["text"] for one in rows(capsys)[0]["codes"]] == [CERTIFICATE]
    assert codes_in_picture(path) == (CERTIFICATE,)


# Folders and films


def test_the_pictures_of_a_folder_are_read_one_by_one(tmp_path: Path, capsys: Captured) -> None:
    saved(tmp_path / "2.png", EMPTY)
    saved(tmp_path / "1.JPG", framed(code(BADGE)))
    (tmp_path / "notes.txt").write_text("no picture")
    assert main(["read", "--json", str(tmp_path)]) == 1
    told = [(Path(row["input"]).name, len(row["codes"])) for row in rows(capsys)]
    assert told == [("1.JPG", 1), ("2.png", 0)]


def test_every_frame_of_a_film_is_read(tmp_path: Path, capsys: Captured) -> None:
    one, two = framed(code(CERTIFICATE)), framed(code(BADGE))
    path = film(tmp_path / "clip.avi", EMPTY, one, one, two)
    assert main(["read", "--json", str(path)]) == 0
    told = [(row["frame"], [c["text"] for c in row["codes"]]) for row in rows(capsys)]
    assert told == [(0, []), (1, [CERTIFICATE]), (2, [CERTIFICATE]), (3, [BADGE])]
    assert main(["read", str(path)]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"{path}: 3 of 4 frames read: certificate, ")
    assert " in frame 1; badge, " in out


@pytest.mark.parametrize("made", ["film", "folder"])
def test_a_sequence_tells_the_first_frame_that_was_read(
    made: str, tmp_path: Path, capsys: Captured
) -> None:
    images = [EMPTY, EMPTY, framed(code(BADGE)), framed(code(CERTIFICATE)), EMPTY]
    path = tmp_path / "clip.avi"
    if made == "film":
        film(path, *images)
    else:
        path = tmp_path / "clip"
        for number, image in enumerate(images):
            saved(path / f"{number:03d}.png", image)
    assert main(["read", "--sequence", "--json", str(path)]) == 0
    (row,) = rows(capsys)
    assert (row["input"], row["frames"], row["first_read"]) == (str(path), 5, 2)
    assert [(one["frame"], one["text"]) for one in row["codes"]] == [(2, BADGE), (3, CERTIFICATE)]
    assert row["ms"] >= sum(one["ms"] for one in row["codes"])


def test_a_sequence_without_a_code_has_no_first_frame(tmp_path: Path, capsys: Captured) -> None:
    path = film(tmp_path / "clip.avi", EMPTY, EMPTY)
    assert main(["read", "--sequence", "--json", str(path)]) == 1
    assert rows(capsys)[0]["first_read"] is None
    assert main(["read", "--sequence", str(path)]) == 1
    assert capsys.readouterr().out.startswith(f"{path}: no code in 2 frames; ")


def test_the_reader_forgets_between_folders_and_between_pictures_but_not_within_a_sequence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr(FullReader, "forget", lambda _: done.append("forget"))

    def look(*_: object) -> Look:
        done.append("look")
        return Look()

    monkeypatch.setattr(QuickReader, "look", look)
    for name in "ab":
        saved(tmp_path / name / "1.png", EMPTY[:540, :960])
        saved(tmp_path / name / "2.png", EMPTY[:540, :960])
    folders = [str(tmp_path / name) for name in "ab"]
    main(["read", "--sequence", *folders])
    assert done == ["forget", "look", "look"] * 2
    done.clear()
    main(["read", folders[0]])
    assert done[0] == "forget"
    assert "look look" not in " ".join(done)


# What cannot be read


def test_each_thing_that_cannot_be_read_is_told_with_its_remedy(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    good = saved(tmp_path / "good.png", framed(code(BADGE)))
    hostile = {
        "text.png": (b"HC1:", "not a PNG or JPEG picture. PNG and JPEG pictures can be read"),
        "cut.png": (encoded(EMPTY)[:400] + bytes(90), "damaged: save or send it again"),
        "bomb.png": (header(20_000, 20_000), "more than 50 megapixels. Give a smaller one"),
        "long.png": (header(1, 90_000), "more than 30,000 pixels"),
        "list.avi": (b"#EXTM3U\nhttp://127.0.0.1:9/a.ts\n", "not a PNG or JPEG picture"),
        "cut.avi": (film(tmp_path / "f.avi", EMPTY).read_bytes()[:80], "not a film, or it is"),
        "cut.mp4": (b"\x00\x00\x00\x18ftypisom" + bytes(60), "Convert it to MP4 or AVI"),
        "nothing.jpg": (b"", "not a PNG or JPEG picture"),
    }
    for name, (data, why) in hostile.items():
        (tmp_path / name).write_bytes(data)
        assert main(["read", str(tmp_path / name), str(good)]) == 2
        printed = capfd.readouterr()
        assert f"{tmp_path / name}: " in printed.err
        assert why in printed.err
        assert "badge" in printed.out


@pytest.mark.parametrize(
    ("argument", "why"),
    [
        ("nowhere.png", "there is no such file"),
        ("https://example.org/a.png", "nothing is fetched"),
        ("empty", "holds no PNG or JPEG picture"),
        ("deep", "Name the folders in it one by one"),
        ("nul\0l", "cannot be a path"),
        ("", "An input is empty"),
    ],
)
def test_a_name_that_leads_nowhere_is_told_with_the_remedy(
    argument: str,
    why: str,
    tmp_path: Path,
    capsys: Captured,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "deep" / "inside").mkdir(parents=True)
    assert main(["read", argument]) == 2
    assert why in capsys.readouterr().err


@pytest.mark.skipif(sys.platform != "linux", reason="names are always text there")
def test_a_film_whose_name_is_no_text_is_told_with_the_remedy(
    tmp_path: Path, capsys: Captured
) -> None:
    odd = tmp_path / os.fsdecode(b"\xff.avi")
    film(tmp_path / "f.avi", EMPTY).rename(odd)
    assert main(["read", "--json", str(odd)]) == 2
    (row,) = rows(capsys)
    assert "Rename it" in row["problem"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no such names")
def test_a_film_whose_name_looks_like_an_address_is_a_file(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    film(tmp_path / "f.avi", framed(code(BADGE))).rename(tmp_path / "tcp:f.avi")
    assert main(["read", "tcp:f.avi"]) == 0
    assert "badge" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="has no such pipes")
def test_a_pipe_is_not_waited_for(tmp_path: Path, capsys: Captured) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    assert main(["read", str(tmp_path / "pipe.png")]) == 2
    assert "not a regular file" in capsys.readouterr().err


def test_a_program_is_told_of_a_problem_in_its_own_row(tmp_path: Path, capsys: Captured) -> None:
    good = saved(tmp_path / "good.png", framed(code(BADGE)))
    assert main(["read", "--json", "nowhere.png", str(good)]) == 2
    bad, row = rows(capsys)
    assert (bad["input"], bad["codes"]) == ("nowhere.png", [])
    assert "no such file" in bad["problem"]
    assert len(row["codes"]) == 1


def test_one_damaged_picture_of_a_folder_does_not_hide_the_others(
    tmp_path: Path, capsys: Captured
) -> None:
    (tmp_path / "1.png").write_bytes(b"?")
    saved(tmp_path / "2.png", framed(code(BADGE)))
    assert main(["read", str(tmp_path)]) == 2
    printed = capsys.readouterr()
    assert "1.png: This is not a PNG" in printed.err
    assert "2.png: badge" in printed.out


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (["--engine", "quirc"], "there is no 'quirc'. Give full, quick, zxing"),
        (["--any", "--engine", "opencv"], "opencv reads QR codes alone"),
    ],
)
def test_an_engine_that_cannot_do_it_is_told(
    options: list[str], why: str, capsys: Captured
) -> None:
    assert main(["read", *options, "any.png"]) == 2
    assert why in capsys.readouterr().err


@pytest.mark.parametrize("options", [[], ["--sequence"]])
def test_an_engine_that_gives_up_is_told_without_the_picture(
    options: list[str], tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ValueError("Image dimensions too large")

    saved(tmp_path / "clip" / "1.png", EMPTY)
    monkeypatch.setattr("zxingcpp.read_barcodes", fails)
    assert main(["read", "--engine", "zxing", *options, str(tmp_path / "clip")]) == 2
    err = capsys.readouterr().err
    assert "cannot be examined" in err or "gave up on frame 0" in err


# Progress


@pytest.mark.parametrize("terminal", [True, False])
def test_long_work_is_told_now_and_then_and_short_work_never(
    terminal: bool, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    now = 100.0
    monkeypatch.setattr("kiosk.cli.progress.time.monotonic", lambda: now)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: terminal)
    progress = Progress("clips", 1_000)
    for _ in range(30):
        progress.step()
    assert capsys.readouterr().err == ""
    now += SHOWN_EVERY if terminal else TOLD_EVERY
    progress.step()
    progress.step()
    progress.clear()
    told = "\rclips: 31 of 1,000\x1b[K\r\x1b[K" if terminal else "clips: 31 of 1,000\n"
    assert capsys.readouterr().err == told
