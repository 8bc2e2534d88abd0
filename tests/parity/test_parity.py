"""What TensorFlow 1.15.5 answers, getter_compat answers.

The answers of TensorFlow 1.15.5 are recorded in tests/data/parity (scripts/record_parity.py). Each
probe is asked with the layers of both Keras lines and with getter_compat's, eagerly, traced and in
a TF1 graph: a probe that only looks at names runs whole while a `tf.function` is traced; one that
computes has its programs made a `tf.function`; in a graph all is asked as it was of TF1.
"""

import functools
import json
import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tensorflow as tf

from getter_compat import VariableStore
from tests.forking import python

from .counterparts import COUNTERPARTS, NOT_OURS
from .departures import (
    DEPARTURES,
    EAGER,
    GRAPH,
    KERAS_2,
    KERAS_3,
    LAYERS,
    LINES,
    MODES,
    NOT_OF_KERAS_IN_GRAPHS,
    NOT_YET,
    OF_TF1S_CONTROL_FLOW,
    OF_TF_KERAS,
    REFERENCES,
    TRACED,
)
from .probes import PROBES
from .probing import Probe
from .spelling import InGraph, ModelInGraph, Spelling

ROOT = Path(__file__).resolve().parents[2]
RECORDINGS = ROOT / "tests" / "data" / "parity"
RECORDED = {
    name: facts
    for file in sorted(RECORDINGS.glob("*.json"))
    for name, facts in json.loads(file.read_text(encoding="utf-8")).items()
}


def ask(probe: Probe, line: str, mode: str) -> Any:
    """Put a probe to getter_compat, in a graph or a store of its own."""
    if mode == GRAPH:
        with tf.Graph().as_default():
            return probe.facts(InGraph(line))
    tf1 = Spelling(line, traced=mode == TRACED)
    with VariableStore().as_default():
        if mode == EAGER or probe.needs_values:
            return probe.facts(tf1)
        return while_tracing(lambda: probe.facts(tf1))


class Traced(Exception):  # noqa: N818 - it is no error
    """Ends a trace: the second one, in which variables must exist, is none of our business."""


def while_tracing(function: Callable[[], Any]) -> Any:
    """Call a function while a `tf.function` is traced for the first time."""
    answers: list[Any] = []

    def trace() -> None:
        answers.append(function())
        raise Traced

    with pytest.raises(Traced):
        tf.function(trace, autograph=False)()
    return answers[0]


def is_error(fact: Any) -> bool:
    return isinstance(fact, dict) and set(fact) == {"raises", "message"}


def agrees(expected: Any, found: Any) -> bool:
    """Whether a fact is as expected. Of a message, TF1's words come first; more may follow."""
    if is_error(expected) and is_error(found):
        same = expected["raises"] == found["raises"]
        return same and found["message"].startswith(expected["message"])
    if isinstance(expected, float) and isinstance(found, float):
        return abs(expected - found) <= 2e-4 + 1e-5 * abs(expected)
    return type(expected) is type(found) and expected == found


def differences(expected: Any, found: Any, path: str = "") -> dict[str, Any]:
    """The facts that are not as expected, by the path to them."""
    if isinstance(expected, dict) and isinstance(found, dict) and set(expected) == set(found):
        inside = [(key, expected[key], found[key]) for key in expected]
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        inside = list(zip(map(str, range(len(found))), expected, found, strict=True))
    else:
        inside = []
    if not inside or is_error(expected):
        return {} if agrees(expected, found) else {path: found}
    result: dict[str, Any] = {}
    for key, left, right in inside:
        result.update(differences(left, right, f"{path}/{key}" if path else key))
    return result


def instead_of(probe: str, line: str, mode: str) -> dict[str, Any]:
    """What is answered on purpose where TensorFlow 1.15.5 answers otherwise."""
    instead: dict[str, Any] = {}
    for departure in DEPARTURES:
        if departure.holds(line, mode):
            instead.update(departure.instead.get(probe, {}))
    return instead


def is_asked(probe: Probe, line: str, mode: str) -> bool:
    """Whether a probe is put to these layers in this mode."""
    if mode == GRAPH and probe.name == "returned.endless_recursion":
        return False  # what fails first depends on the stack of the process; it is asked apart
    if mode == GRAPH and probe.name in OF_TF1S_CONTROL_FLOW:
        return False
    if mode != GRAPH:
        return not probe.is_of_graphs
    if line == LAYERS:
        return not probe.is_of_tf1
    not_asked = {name for names in NOT_OF_KERAS_IN_GRAPHS.values() for name in names}
    return probe.is_of_layers and probe.name not in not_asked


def marks(probe: Probe, mode: str) -> list[Any]:
    found: list[Any] = []
    if probe.name in NOT_YET:
        found.append(pytest.mark.xfail(reason=NOT_YET[probe.name], strict=True))
    if mode == GRAPH and probe.section in OF_TF_KERAS:
        found.append(pytest.mark.thorough)  # their graphs are asked in a process of their own too
    return found


def cases() -> list[Any]:
    return [
        pytest.param(
            line,
            mode,
            probe,
            id=f"{name}-{line}-{mode}",
            marks=marks(probe, mode),
        )
        for name, probe in PROBES.items()
        for line in ((LAYERS,) if probe.section in OF_TF_KERAS else LINES)
        for mode in MODES
        if is_asked(probe, line, mode)
    ]


@pytest.mark.parametrize(("line", "mode", "probe"), cases())
def test_answers_as_tensorflow_1_does(line: str, mode: str, probe: Probe) -> None:
    check(probe, line, mode, ask(probe, line, mode))


def cases_apart() -> list[Any]:
    """Graphs are asked in the process of the tests, too: with Keras 3, and by layers of Keras 2.

    What is left for a process of its own is `disable_v2_behavior()`, and cells of Keras 2.
    """
    of_tf_keras = [
        name
        for name, probe in PROBES.items()
        if probe.section in OF_TF_KERAS and is_asked(probe, LAYERS, GRAPH)
    ]
    asked = ((REFERENCES, KERAS_3, PROBES), (REFERENCES, KERAS_2, PROBES))
    return [
        pytest.param(mode, keras, name, marks=[] if keras == KERAS_3 else pytest.mark.thorough)
        for mode, keras, names in (*asked, (GRAPH, KERAS_2, of_tf_keras))
        for name in names
    ]


@functools.cache
def answers_apart(mode: str, keras: str, section: str) -> dict[str, Any]:
    """What getter_compat answers to a section's probes in a process without eager execution.

    A section each: workers that share the tests ask few probes twice.
    """
    references = ["--references"] if mode == REFERENCES else []
    legacy = "1" if keras == KERAS_2 else "0"
    done = python("-m", "tests.parity.apart", section, *references, TF_USE_LEGACY_KERAS=legacy)
    assert done.returncode == 0, done.stderr
    answers: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answers


@pytest.mark.parametrize(("mode", "keras", "name"), cases_apart())
def test_answers_as_tensorflow_1_does_in_a_process_without_eager_execution(
    mode: str, keras: str, name: str
) -> None:
    probe = PROBES[name]
    check(probe, LAYERS, mode, answers_apart(mode, keras, probe.section)[name])


@pytest.mark.parametrize("name", [name for name in PROBES if name.startswith("once.")])
def test_what_a_model_in_a_graph_makes_is_what_tensorflow_1_made(name: str) -> None:
    """It departs where it does in a trace: a model has a store of its own in a graph, too."""
    with tf.Graph().as_default():
        check(PROBES[name], LAYERS, TRACED, PROBES[name].facts(ModelInGraph(LAYERS)))


def check(probe: Probe, line: str, mode: str, found: Any) -> None:
    """Compare an answer with TensorFlow 1.15.5's, but for where it departs on purpose."""
    instead = instead_of(probe.name, line, mode)
    different = differences(RECORDED[probe.name], found)
    unexpected = {
        path: fact
        for path, fact in different.items()
        if path not in instead or differences(instead[path], fact)
    }
    assert unexpected == {}, f"TensorFlow 1.15.5: {json.dumps(RECORDED[probe.name], indent=1)}"
    assert set(instead) - set(different) == set(), "agrees now: no longer a departure"


def test_every_probe_is_recorded() -> None:
    assert set(RECORDED) == set(PROBES)


def test_departures_are_of_probes() -> None:
    named = {name for departure in DEPARTURES for name in departure.instead}
    assert (named | set(NOT_YET)) - set(PROBES) == set()


def test_every_question_of_the_survey_is_asked() -> None:
    assert len(COUNTERPARTS) + len(NOT_OURS) == 124
    asked = {name for names in COUNTERPARTS.values() for name in names}
    assert asked - set(PROBES) == set()


@pytest.mark.thorough
@pytest.mark.parametrize("section", sorted({probe.section for probe in PROBES.values()}))
def test_the_recording_is_what_tensorflow_1_answers_now(section: str) -> None:
    goldens: dict[str, Any] = runpy.run_path(str(ROOT / "scripts" / "make_goldens.py"))
    given = os.environ.get("TF1_PYTHON")
    if not given and not goldens["find_python37"]():
        pytest.skip(goldens["HOW_TO_GET_ONE"])
    command = [sys.executable, str(ROOT / "scripts" / "record_parity.py"), section, "--check"]
    command += ["--tf1-python", given] if given else []
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
