"""Two records compared: what counts as equal, and what is said of a difference."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from getter_compat.verify.compare import Check, compare
from getter_compat.verify.tf1_side import Record


def record(**groups: dict[str, Any]) -> Record:
    made = Record()
    made.add_variable("net/kernel", [2, 2], "float32", True)
    made.add_variable("net/moving_mean", [2], "float32", False)
    for kind, values in groups.items():
        made.add(kind, {name: np.asarray(value, np.float32) for name, value in values.items()})
    return made


def check(checks: list[Check], what: str) -> Check:
    (found,) = [c for c in checks if c.what == what]
    return found


def test_a_record_equals_itself() -> None:
    ours = record(output={"output": [1, 2, 3]}, gradient={"net/kernel": np.ones([2, 2])})
    assert all(c.ok for c in compare(ours, ours))


def test_the_first_difference_is_told_with_place_and_size() -> None:
    ours = record(output={"output": [[1, 2], [3, 4]]})
    theirs = record(output={"output": [[1, 2], [3.5, 8]]})
    found = check(compare(ours, theirs), "outputs")
    assert not found.ok
    assert found.difference is not None
    assert (found.difference.tensor, found.difference.index) == ("output", (1, 0))
    assert (found.difference.left, found.difference.right) == ("3.0", "3.5")
    assert found.max_abs == 4.0
    assert "output[1, 0]: 3.0 before, 3.5 after" in found.problems[0]


@pytest.mark.parametrize(("factor", "ok"), [(1 + 1e-6, True), (1 + 1e-4, False)])
def test_tolerance_is_relative_to_the_tensor(factor: float, ok: bool) -> None:
    values = np.array([1e-6, 3e-6])
    ours, theirs = record(output={"output": values}), record(output={"output": values * factor})
    assert check(compare(ours, theirs), "outputs").ok is ok


@pytest.mark.parametrize(("size", "ok"), [(4e-7, True), (4e-6, False)])
def test_rounding_error_beside_large_gradients_is_no_difference(size: float, ok: bool) -> None:
    ours = record(gradient={"kernel": [1.0], "bias_before_layer_norm": [size]})
    theirs = record(gradient={"kernel": [1.0], "bias_before_layer_norm": [-size]})
    assert check(compare(ours, theirs), "gradients").ok is ok


def test_a_small_loss_that_is_twice_as_large_is_a_difference() -> None:
    ours = record(regularization={"0": 5e-9, "1": 3.0})
    assert not check(
        compare(ours, record(regularization={"0": 1e-8, "1": 3.0})), "regularization losses"
    ).ok


def test_order_of_losses_does_not_matter_but_their_number_does() -> None:
    ours = record(regularization={"0": 1, "1": 2})
    swapped = record(regularization={"0": 2, "1": 1})
    assert check(compare(ours, swapped), "regularization losses").ok
    assert not check(compare(ours, record(regularization={"0": 3})), "regularization losses").ok


def test_losses_are_as_exact_as_the_least_exact_of_them() -> None:
    ours = record(regularization={"0": 0.5, "1": 3.0}, noise={"regularization/1": 1e-4})
    ours.narrow["regularization/0"] = "float16"
    for losses, ok in (({"0": 0.501, "1": 3.0}, True), ({"0": 0.51, "1": 3.0}, False)):
        there = compare(ours, record(regularization=losses))
        assert check(there, "regularization losses").ok is ok


def test_no_gradient_is_a_gradient_of_zeros_and_nothing_else() -> None:
    ours = record(gradient={"net/kernel": np.zeros([2, 2])})
    none = record()
    none.without_gradient = ["net/kernel"]
    assert check(compare(ours, none), "gradients").ok
    ours = record(gradient={"net/kernel": np.ones([2, 2])})
    assert not check(compare(ours, none), "gradients").ok


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ([1, 2, np.nan], "nan after"),
        ([[1, 2, 3]], "shape [3] before, shape [1, 3] after"),
    ],
)
def test_nan_and_shapes(values: list[Any], problem: str) -> None:
    ours, theirs = record(output={"output": [1, 2, 3]}), record(output={"output": values})
    assert problem in check(compare(ours, theirs), "outputs").problems[0]


def test_half_precision_has_its_own_tolerance() -> None:
    ours, theirs = record(), record()
    ours.add("output", {"output": np.array([1.0, 2.0], np.float16)})
    theirs.add("output", {"output": np.array([1.001, 2.0], np.float16)})
    assert check(compare(ours, theirs), "outputs").ok


def test_names_types_and_trainable_set() -> None:
    theirs = Record()
    theirs.add_variable("net/kernel", [2, 3], "float32", True)
    theirs.add_variable("net/mean", [2], "float32", False)
    checks = compare(record(), theirs)
    assert check(checks, "variable names").problems == (
        "net/moving_mean: only before",
        "net/mean: only after",
    )
    assert check(checks, "shapes and types").problems == (
        "net/kernel: float32[2, 2] before, float32[2, 3] after",
    )
    theirs = record()
    theirs.variables[1]["trainable"] = True
    assert check(compare(record(), theirs), "trainable set").problems == (
        "net/moving_mean: not trainable before, trainable after",
    )


def test_a_missing_output_is_a_difference() -> None:
    ours, theirs = record(output={"output/0": 1, "output/1": 2}), record(output={"output/0": 1})
    assert check(compare(ours, theirs), "outputs").problems == ("output/1: only before",)


def test_initial_values_do_not_count_when_they_came_from_a_checkpoint() -> None:
    ours = record(initial={"net/kernel": np.ones([2, 2])})
    theirs = record(initial={"net/kernel": np.zeros([2, 2])})
    assert not check(compare(ours, theirs), "initial values").ok
    ours.meta["checkpoint"] = True
    assert all(c.ok for c in compare(ours, theirs))


def test_a_difference_from_zeros_is_not_told_relative_to_them() -> None:
    ours, theirs = record(output={"output": [0, 0]}), record(output={"output": [0, 0.5]})
    (problem,) = check(compare(ours, theirs), "outputs").problems
    assert problem.endswith("0.0 before, 0.5 after (largest difference 0.5)")
