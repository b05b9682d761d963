"""The benchmark of reading: its frames, its clips in simulated time, its reckoning."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest
import zxingcpp

from benchmarks.reading import corpus, frames
from benchmarks.reading.clips import FirstRead, first_reads
from benchmarks.reading.corpus import Clip, Still
from benchmarks.reading.goals import at, goals, missed, seconds, share
from benchmarks.reading.stills import Read, read_stills


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("frames")
    few = {"scale": frames.AXES["scale"][:1], "noise": frames.AXES["noise"][-1:]}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(frames, "AXES", few)
        frames.make_frames(folder, seed=3, per=1, mixed=1, empty=1)
    return folder


def test_frames_are_of_a_cameras_size_and_told_in_the_index(made: Path) -> None:
    index = json.loads((made / "index.json").read_text("utf-8"))
    assert [entry["axis"] for entry in index] == ["scale", "noise", "mixed", "neg"]
    assert [len(entry["truth"]) for entry in index] == [1, 1, 1, 0]
    for entry in index:
        assert corpus.grey(made / entry["file"]).shape == (720, 1280)


def test_frames_follow_from_the_seed() -> None:
    scene = frames.Scene()
    one, again, other = (
        frames.photographed(np.random.default_rng(seed), "HC1:ENSAIO", scene) for seed in (1, 1, 2)
    )
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)


def test_reads_are_counted_by_text(made: Path) -> None:
    easy = json.loads((made / "index.json").read_text("utf-8"))[0]
    text, path = easy["truth"][0]["text"], made / easy["file"]
    stills = [
        Still(path, 3, "scale", 1, (text,)),
        Still(path, 3, "scale", 1, ("HC1:ANOTHER",)),
        Still(path, 3, "scale", 1, (text, "HC1:ANOTHER")),
    ]
    told = [(r.codes, r.right, r.wrong) for r in read_stills(stills, ["zxing"], jobs=1)]
    assert told == [(1, 1, 0), (1, 0, 1), (2, 1, 0)]


def read(engine: str, axis: str, right: int, ms: float = 1.0, level: int = 1) -> Read:
    return Read(engine, 7, axis, level, "one.jpg", 1, right, 0, ms, "")


def test_a_share_of_misses_is_of_those_that_zxing_missed() -> None:
    reads = [read("zxing", "noise", 0), read("zxing", "noise", 0), read("zxing", "tilt", 1)]
    reads += [read("full", "noise", 0), read("full", "noise", 1), read("full", "tilt", 1)]
    assert missed(reads, "zxing") == 2
    assert share(reads) == 0.5
    assert share(reads, "tilt") == 0


def test_a_miss_where_zxing_has_none_is_a_worse_axis() -> None:
    reads = [read("zxing", "tilt", 1), read("full", "tilt", 0), read("zxing", "noise", 0)]
    reads += [read("full", "noise", 0)]
    told = {goal.what: goal for goal in goals(reads, [])}
    assert told["axes with more misses than zxing"].measured == "tilt"
    assert not told["axes with more misses than zxing"].reached
    assert told["wrong reads"].reached


def test_a_percentile_is_one_of_the_values() -> None:
    assert at([3.0, 1.0, 2.0], 0.5) == 2.0
    assert at([3.0, 1.0, 2.0], 0.95) == 3.0
    assert np.isnan(at([], 0.5))


def test_a_clip_that_nobody_reads_counts_three_seconds() -> None:
    clips = [
        FirstRead("zxing", 7, "v00", 0, None, None, 0, ""),
        FirstRead("zxing", 7, "v03", 0, 0.5, 15, 0, "zxing"),
    ]
    assert seconds(clips, "zxing", 0) == [3.0, 0.5]


@pytest.mark.parametrize("engine", ["zxing", "full"])
def test_time_to_first_read_runs_from_the_first_frame_that_shows_the_code(
    tmp_path: Path, engine: str
) -> None:
    """Ten empty frames; five that show the code entirely but hidden by blur; then it is sharp."""
    random, text = np.random.default_rng(1), "HC1:" + "ENSAIO" * 40
    blurred = frames.photographed(random, text, frames.Scene(defocus=4.0))
    sharp = frames.photographed(random, text, frames.Scene())
    empty = np.full_like(sharp, 120)
    for number, image in enumerate([empty] * 10 + [blurred] * 5 + [sharp] * 5):
        cv2.imwrite(str(tmp_path / f"{number:03d}.jpg"), image)
    clip = Clip(tmp_path, 7, 20, text, 0, visible=10)
    (first,) = first_reads([clip], [engine], jobs=1)
    assert first.frame == 5
    assert first.seconds is not None
    assert first.seconds >= 5 / 30
    assert first.wrong == 0


def test_negatives_hold_no_code_but_every_fourth_looks_like_one() -> None:
    formats = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCodeModel2)
    looked_like_one = []
    for image in corpus.negatives(7, 0, 8):
        found = zxingcpp.read_barcodes(image, formats=formats, return_errors=True)
        assert not any(code.valid for code in found)
        looked_like_one.append(bool(found))
    assert looked_like_one == [True, False, False, False] * 2
