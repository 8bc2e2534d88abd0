"""Beside tf_upgrade_v2: what it writes otherwise is explained. The corpus has more of it."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from getter_compat.codemod.rewrite import rewrite

ROOT = Path(__file__).parents[2]

sys.path.insert(0, str(ROOT / "scripts"))

import peer  # noqa: E402


def test_examples_differ_only_as_explained() -> None:
    comparison = peer.Comparison()
    for path in sorted(ROOT.glob("examples/*/before.py")):
        before = path.read_text(encoding="utf-8")
        comparison.add(path, before, rewrite(before).source)
    assert comparison.unread == []
    assert not comparison.unexplained, comparison.report()
    assert comparison.agreed > 100
    assert comparison.explained.total() > 100


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ("tf.f(x, axis=1)", "tf.f(x, axis=1)", None),
        ("tf.f(x, axis=1)", "tf.f(x, dim=1)", ("tf.f(axis=1)", "tf.f(dim=1)")),
        ("tf.f(x, n)", "tf.f(x, name=n)", ("tf.f(n)", "tf.f(name=n)")),
        ("tf.f(*a)", "tf.f(*a, **k)", ("tf.f()", "tf.f(k)")),
        ("tf.f(a)", "tf.f(b)", ("tf.f(a)", "tf.f(b)")),
        ("tf.f", "tf.compat.v1.f", ("tf.f", "tf.compat.v1.f")),
        ("tf.f(g(x).value)", "tf.f(g(x))", ("tf.f(g(x).value)", "tf.f(g(x))")),
    ],
)
def test_names_and_arguments_are_compared(
    ours: str, theirs: str, expected: tuple[str, str] | None
) -> None:
    ((difference, line),) = peer.compared(f"\n{ours}", f"\n{theirs}")
    assert difference == (expected and peer.Difference(*expected))
    assert line == 2


def test_a_use_that_one_side_lacks_does_not_upset_the_rest() -> None:
    ours = "tf.a(tf.b(x))\ngetter_compat.getter_scope('s')\ntf.d"
    theirs = "tf.a(tf.b(x))\ntf.extra\ntf.compat.v1.variable_scope('s')\ntf.d"
    found = [difference for difference, _ in peer.compared(ours, theirs) if difference]
    assert sorted((item.ours, item.theirs) for item in found) == [
        ("", "tf.extra"),
        ("getter_compat.getter_scope", "tf.compat.v1.variable_scope"),
    ]


def test_what_is_not_explained_is_told_with_its_place() -> None:
    comparison = peer.Comparison()
    before = "import tensorflow as tf\n\ny = tf.log(x)\n"
    comparison.add(Path("a.py"), before, before.replace("tf.log", "tf.logarithm"))
    comparison.add(Path("b.py"), "import tensorflow as tf\nprint 1\n", "")
    assert [item.theirs for item in comparison.unexplained] == ["tf.math.log"]
    report = comparison.report()
    assert "     1  ? tf.logarithm | tf.math.log, a.py:3" in report
    assert "files that tf_upgrade_v2 can read: 1, cannot read: 1" in report
