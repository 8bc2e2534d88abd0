"""Inputs from specifications and files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from getter_compat.verify.inputs import InputError, make_input, read_inputs


def test_the_numbers_depend_on_the_name_alone() -> None:
    x = make_input("x", "float32[4,784]")
    assert x.shape == (4, 784)
    assert x.dtype == np.float32
    assert np.abs(x).max() <= 1
    np.testing.assert_array_equal(x, make_input("x", "float32[4,784]"))
    assert not np.array_equal(x, make_input("y", "float32[4,784]"))


def test_integers_stay_below_their_bound() -> None:
    ids = make_input("ids", "int32[50,7]<3")
    assert set(np.unique(ids)) == {0, 1, 2}
    assert make_input("flag", "bool[]").shape == ()


@pytest.mark.parametrize("spec", ["float32", "4,784", "float32[4;784]", "int32[3]<"])
def test_a_wrong_specification_says_what_is_expected(spec: str) -> None:
    with pytest.raises(InputError, match=r"float32\[4,784\]"):
        make_input("x", spec)


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "inputs.npz"
    np.savez(path, x=np.ones(3), y=np.zeros(2))
    assert read_inputs([str(path), "z=int64[2]"]).keys() == {"x", "y", "z"}
    path.write_bytes(b"no archive")
    with pytest.raises(InputError, match="cannot be read"):
        read_inputs([str(path)])
    with pytest.raises(InputError, match="neither a file nor"):
        read_inputs([str(tmp_path / "absent.npz")])


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ("float32[1000000,1000000,1000000]", "cannot be made here"),
        ("float64[99999999999999999999999]", "cannot be made here"),
        ("object[3]", "is no type of numbers"),
        ("str[3]", "is no type of numbers"),
        ("nothing[3]", "NumPy has no type 'nothing'; expected float32, int32, bool or the like"),
        ("floot32[3]", "NumPy has no type 'floot32'; did you mean float32?"),
        ("int8[3]<1000", "no int8 lies from 0 to below 1000"),
        ("int32[3]<0", "no int32 lies from 0 to below 0"),
        ("float32[3]<5", "no float32 lies from 0 to below 5"),
    ],
)
def test_an_input_that_cannot_be_made_is_one_line(spec: str, words: str) -> None:
    with pytest.raises(InputError, match=r"^Input 'x': ") as caught:
        make_input("x", spec)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_largest_bound_of_a_type() -> None:
    assert make_input("x", "uint8[500]<256").max() > 200


def damaged(path: Path) -> Iterator[bytes]:
    """The bytes of a file, damaged in several ways."""
    whole = path.read_bytes()
    yield b""
    yield b"PK\x03\x04"
    yield from (whole[:length] for length in range(1, len(whole), 7))
    yield from (whole[:n] + b"\xff" * 9 + whole[n + 9 :] for n in range(0, len(whole), 5))


def test_a_damaged_archive_is_one_line_or_right(tmp_path: Path) -> None:
    path = tmp_path / "inputs.npz"
    np.savez_compressed(path, x=np.arange(6.0))
    refused = 0
    for data in damaged(path):
        path.write_bytes(data)
        try:
            read_inputs([str(path)])
        except InputError:
            refused += 1
    assert refused > 20


def test_an_archive_without_arrays(tmp_path: Path) -> None:
    np.savez(tmp_path / "empty.npz")
    with pytest.raises(InputError, match="holds no array"):
        read_inputs([str(tmp_path / "empty.npz")])
