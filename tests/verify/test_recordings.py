"""Recordings that are damaged, or no recordings at all: one line, and nothing is run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from getter_compat.verify import verify, verify_program
from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.tf1_side import Record, RecordError, save_arrays


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
    {"error": {"type": "KeyError"}},
    {"error": "KeyError"},
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


@pytest.mark.parametrize("kind", [Record, ProgramRecord])
def test_a_head_that_could_not_be_written_whole_is_not_there(
    tmp_path: Path, kind: type[Record] | type[ProgramRecord]
) -> None:
    """As where the side is ended while it writes: the other one would read it."""
    resource = pytest.importorskip("resource")
    record = kind()
    record.meta["long"] = "x" * 200_000
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            record.save(str(tmp_path))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (tmp_path / "arrays.npz").exists()
    assert not (tmp_path / "record.json").exists()


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


@pytest.fixture
def program(tmp_path: Path) -> Path:
    record = ProgramRecord()
    call = {"thread": "MainThread", "site": ["a.py:1 f"], "fetches": [["value", "loss:0"]]}
    record.calls, record.runs = [call], [0, 0]
    record.variables["w"] = {"shape": [], "dtype": "float32", "trainable": True}
    record.arrays["run/0/value"] = np.ones(2, np.float32)
    record.noise["run/0/value"] = np.zeros(2)
    record.save(str(tmp_path / "program"))
    assert ProgramRecord.load(str(tmp_path / "program")).runs == [0, 0]
    return tmp_path / "program"


@pytest.mark.parametrize(
    "changed",
    [
        {"meta": 3},
        {"calls": {}},
        {"calls": ["loss"]},
        {"calls": [{"thread": "MainThread"}]},
        {"calls": [{"thread": 1, "site": [], "fetches": []}]},
        {"calls": [{"thread": "a", "site": [], "fetches": [["value"]]}]},
        {"calls": [{"thread": "a", "site": [], "fetches": 3}]},
        {"calls": [{"thread": "a", "site": [], "fetches": [["other", "loss:0"]]}]},
        {"runs": "0 1"},
        {"runs": "0 -1"},
        {"runs": "0 0 0"},
        {"runs": "one"},
        {"runs": [0, 0]},
        {"variables": []},
        {"variables": {"w": "float32"}},
        {"draws": 0},
        {"status": "well"},
        {"error": {"type": "KeyError"}},
        {"error": {"type": "KeyError", "message": 3, "traceback": ""}},
        {"nothing": 1},
    ],
    ids=json.dumps,
)
def test_a_head_that_is_none_of_a_program(program: Path, changed: dict[str, Any]) -> None:
    head = json.loads((program / "record.json").read_text())
    (program / "record.json").write_text(json.dumps({**head, **changed}))
    (line,) = verify_program(str(program), "after.py").lines()
    assert f"{program} is no recording of verify, or a damaged one" in line


def test_damaged_arrays_of_a_program(program: Path) -> None:
    path = program / "arrays.npz"
    whole = path.read_bytes()
    for length in range(0, len(whole), 13):
        path.write_bytes(whole[:length])
        with pytest.raises(RecordError, match="is no recording"):
            ProgramRecord.load(str(program))
    save_arrays(str(path), {"run/0/value": np.ones(2), "noise/run/0/value": np.ones(3)})
    with pytest.raises(RecordError, match="not 2 numbers"):
        ProgramRecord.load(str(program))
    path.write_bytes(whole)
    (program / "stdout.txt").write_bytes(b"\xff")
    with pytest.raises(RecordError, match="is no recording"):
        ProgramRecord.load(str(program))


def test_verify_says_so(recording: Path) -> None:
    (recording / "arrays.npz").write_bytes(b"")
    report = verify(str(recording), "after.py:model")
    assert report.exit_code == 2
    (line,) = report.lines()
    assert f"{recording} is no recording of verify, or a damaged one" in line
