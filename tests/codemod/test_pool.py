"""A pool that says of each item what became of it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest

from getter_compat.codemod import pool


def square(number: int) -> int:
    return number * number


def exit_at_7(number: int) -> int:
    return os._exit(3) if number == 7 else number


def killed_at_sevens(number: int) -> int:
    if number % 7 == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def done_at_7(number: int) -> int:
    return os._exit(0) if number == 7 else number


def raises_at_7(number: int) -> int:
    if number == 7:
        raise ZeroDivisionError
    return number


def all_of(work: Callable[[int], int], count: int = 100, workers: int = 3) -> dict[int, object]:
    outcomes = list(pool.outcomes(work, range(count), workers, lambda: False))
    assert len(dict(outcomes)) == len(outcomes)
    return dict(outcomes)


def test_every_item_is_answered_once() -> None:
    assert all_of(square) == {number: number * number for number in range(100)}


@pytest.mark.parametrize(
    ("work", "how"), [(exit_at_7, "status 3"), (done_at_7, "status 0"), (raises_at_7, "status 1")]
)
def test_only_the_item_at_which_a_process_died_is_lost(
    work: Callable[[int], int], how: str
) -> None:
    expected: dict[int, object] = {number: number for number in range(100)}
    assert all_of(work) == {**expected, 7: pool.Died(how)}


def test_processes_that_die_again_and_again() -> None:
    died = pool.Died("signal 9")
    assert all_of(killed_at_sevens) == {n: n if n % 7 else died for n in range(100)}


def test_nothing_is_begun_after_a_stop() -> None:
    came: list[int] = []
    for number, _ in pool.outcomes(square, range(10_000), 2, lambda: bool(came)):
        came.append(number)
    assert 0 < len(came) < 100
