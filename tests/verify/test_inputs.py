"""Inputs from specifications and files."""

from __future__ import annotations

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
