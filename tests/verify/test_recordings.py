"""Recordings that are damaged, or no recordings at all: one line, and nothing is run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from getter_compat.verify import verify
from getter_compat.verify.tf1_side import Record, RecordError


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    record = Record()
    record.meta.update(steps=1, tensorflow="1.15.5")
    record.add_variable("net/w", [2], "float32", True)
    record.add("value", {"net/w": np.ones(2, np.float32)})
    record.save(str(tmp_path / "recording"))
    return tmp_path / "recording"


HEADS: list[Any] = [
    [],
    "text",
    {"meta": []},
    {"meta": {"steps": "many"}},
    {"variables": {}},
    {"variables": ["net/w"]},
    {"variables": [{"name": "net/w"}]},
    {"nothing": 1},
    {"error": None, "stdout": 3},
]


@pytest.mark.parametrize("head", HEADS, ids=json.dumps)
def test_a_head_that_is_none(recording: Path, head: Any) -> None:
    (recording / "record.json").write_text(json.dumps(head))
    with pytest.raises(RecordError, match="is no recording of verify, or a damaged one") as caught:
        Record.load(str(recording))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("data", [b"", b"[" * 100_000, b"{", b"\xff\xfe", b"null"])
def test_a_head_that_is_no_json(recording: Path, data: bytes) -> None:
    (recording / "record.json").write_bytes(data)
    with pytest.raises(RecordError, match="is no recording"):
        Record.load(str(recording))


def test_damaged_arrays(recording: Path) -> None:
    path = recording / "arrays.npz"
    whole = path.read_bytes()
    refused = 0
    for length in range(0, len(whole), 7):
        path.write_bytes(whole[:length])
        with pytest.raises(RecordError, match="is no recording"):
            Record.load(str(recording))
        refused += 1
    assert refused > 20
    path.unlink()
    with pytest.raises(RecordError, match="No such file"):
        Record.load(str(recording))


def test_arrays_that_are_pickled_objects_are_not_loaded(recording: Path) -> None:
    np.savez(recording / "arrays.npz", **{"value/net/w": np.array([Trap()], dtype=object)})
    with pytest.raises(RecordError, match="Object arrays cannot be loaded"):
        Record.load(str(recording))


class Trap:
    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("a pickle was loaded",))


def test_verify_says_so(recording: Path) -> None:
    (recording / "arrays.npz").write_bytes(b"")
    report = verify(str(recording), "after.py:model")
    assert report.exit_code == 2
    (line,) = report.lines()
    assert f"{recording} is no recording of verify, or a damaged one" in line
