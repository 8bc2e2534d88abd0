"""Where findings are said to be: in the text as it was, and in the text that was written."""

from __future__ import annotations

from textwrap import dedent

from hypothesis import given
from hypothesis import strategies as st

from getter_compat.codemod import places
from getter_compat.codemod.findings import Finding, Place
from getter_compat.codemod.rewrite import rewrite

TEXT = dedent(
    """\
    import tensorflow as tf


    def net(x):
        with tf.variable_scope('net', reuse=tf.AUTO_REUSE): y = tf.contrib.tensor_forest.f(x)
        y = tf.log(tf.reduce_sum(
            y, keep_dims=True)); z = tf.contrib.tensor_forest.g('é', tf.to_float(y))
        return tf.layers.dense(y, 3), tf.placeholder(tf.float32)
    """
)


def at(text: str, place: Place) -> str:
    """What stands in a place."""
    lines = text.split("\n")[place.line - 1 : place.end_line]
    lines[-1] = lines[-1][: place.end_column - 1]
    lines[0] = lines[0][place.column - 1 :]
    return "\n".join(lines)


def test_places_before_are_those_of_the_old_text() -> None:
    found = {(f.status, at(TEXT, f.place)) for f in rewrite(TEXT).findings}
    assert {text for status, text in found if status == "left"} == {
        "tf.contrib.tensor_forest.f",
        "tf.contrib.tensor_forest.g",
    }
    assert ("runs", "tf.placeholder") in found
    assert ("rewritten", "tf.reduce_sum") in found


def test_places_after_are_those_of_the_new_text() -> None:
    result = rewrite(TEXT)
    assert len(result.after) == len(result.findings)
    found = {(f.status, at(result.source, f.place)) for f in result.after}
    assert {text for status, text in found if status == "left"} == {
        "tf.contrib.tensor_forest.f",
        "tf.contrib.tensor_forest.g",
    }
    assert ("runs", "tf.compat.v1.placeholder") in found
    assert ("rewritten", "getter_compat.getter_scope") in found
    assert ("rewritten", "getter_compat.layers.dense") in found


def test_what_is_left_stands_where_a_second_run_finds_it() -> None:
    result = rewrite(TEXT)
    again = rewrite(result.source)
    assert {f.place for f in again.findings} == {
        f.place for f in result.after if f.status != "rewritten"
    }


def test_a_name_that_comes_twice_in_what_is_written() -> None:
    result = rewrite("import tensorflow as v1\nv1.get_collection(name)\n")
    written = {at(result.source, it.place) for it in result.after}
    assert result.source.endswith("v1.compat.v1.get_collection(name)\n")
    assert written == {"v1.compat.v1.get_collection"}


def test_inside_of_what_was_replaced() -> None:
    """A call that is written anew as a whole still shows where its parts went."""
    before, after = "f(a, g(b),\n  k=c)\n", "h.f(a,\n  g(b), n=c)\n"
    finding = Finding(Place(1, 6, 1, 7), "rule", "message", "left")
    (moved,) = places.moved([finding], before, after, [(0, len(before) - 1, after[:-1].encode())])
    assert at(after, moved.place) == "g"


words = st.text("abé\n ", max_size=4)


@given(st.lists(st.tuples(words, words, st.booleans()), max_size=8))
def test_what_no_edit_touches_is_found_again(parts: list[tuple[str, str, bool]]) -> None:
    """Between any edits stands a mark; each is found where it is."""
    before, after, edits, findings, marks = "", "", [], [], []
    for old, new, is_edited in parts:
        start = len(before.encode())
        before += old
        if is_edited:
            edits.append((start, len(before.encode()), new.encode()))
        after += new if is_edited else old
        line, column = before.count("\n") + 1, len(before.rpartition("\n")[2]) + 1
        findings.append(Finding(Place(line, column, line, column + 1), "rule", "message", "left"))
        marks.append(Place(after.count("\n") + 1, len(after.rpartition("\n")[2]) + 1, 0, 0))
        before, after = before + "X", after + "X"
    moved = places.moved(findings, before, after, edits)
    assert [(f.line, f.column) for f in moved] == [(mark.line, mark.column) for mark in marks]
    assert all(at(after, finding.place) == "X" for finding in moved)
