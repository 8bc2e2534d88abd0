"""What is said of functions: equal, different, and failing in ways that have a remedy.

All of them run in one process on either side, and the original reads all checkpoints in one.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import getter_compat
from getter_compat.verify import Job, make_input, verify, verify_all
from getter_compat.verify.report import Report
from getter_compat.verify.tf1_side import others_code

EXAMPLES = Path(__file__).parents[2] / "examples"

BEFORE = """\
import functools

import tensorflow as tf


class Net(object):
    def __init__(self, units):
        self.units = units

    def scores(self, x, shift=0.0):
        with tf.variable_scope("shared"):
            w = tf.get_variable("kernel", [x.shape[-1].value, self.units])
            b = tf.get_variable("bias", [self.units])
        return tf.matmul(x, w) + b + shift


class Broken(object):
    def __init__(self):
        self.units.append(3)


def model(x):
    return Net(2).scores(x)


def broken(x):
    return undefined_before(x)


def text(x):
    return tf.matmul(x, tf.get_variable("w", [x.shape[-1], 2])), "scores", [b"a", b"bc"]


def local(x):
    seen = tf.get_local_variable("seen", [], initializer=tf.ones_initializer())
    return x * tf.get_variable("w", []) + seen


def in_no_collection(x):
    return x * tf.Variable([3.0, 2.0, 1.0, 0.5], collections=[], name="rate")


def switched(x, on):
    return 2.0 * x if on else x


def by_what_variables_are(x):
    w = tf.get_variable("w", [])
    return x + w if w.op.type == "VarHandleOp" else x * w


def below(x):
    with tf.variable_scope("s", custom_getter=lambda getter, n, **kwargs: getter(n, **kwargs)):
        return x * tf.get_variable("w", [])


def with_a_rate(function):
    @functools.wraps(function)
    def call(x):
        return function(x, 0.5)

    return call


@with_a_rate
def decorated(x, rate):
    return x * rate


def ends_when_moved(x):
    \"\"\"Its inputs are multiples of 1/8; moved by a unit in the last place they are none.\"\"\"
    check = tf.Assert(tf.reduce_all(tf.equal(x * 8.0, tf.round(x * 8.0))), [x])
    with tf.control_dependencies([check]):
        return x * tf.get_variable("w", [], initializer=tf.ones_initializer())
"""

AFTER = (
    (
        BEFORE.replace(
            "import tensorflow as tf", "import getter_compat\nimport tensorflow as tf", 1
        )
        .replace("tf.variable_scope", "getter_compat.getter_scope")
        .replace("tf.get_", "getter_compat.get_")
        .replace("tf.Variable", "tf.compat.v1.Variable")
        .replace("shape[-1].value", "shape[-1]")
        .replace("undefined_before", "undefined_after")
    )
    + """\


def score(x):
    return tf.matmul(x, getter_compat.get_variable("w", [x.shape[-1], 2])), "score", [b"a", b"bc"]


def late(x):
    return x * tf.compat.v1.Variable([3.0, 2.0, 1.0, 0.5], collections=[], name="late")


def scaled(x):
    return x * 0.5


def of_a_resource(x):
    return x + getter_compat.get_variable("w", [])


def of_a_reference(x):
    return x * getter_compat.get_variable("w", [])


def tripled(x, on):
    return 3.0 * x if on else x


def eager_only(x):
    return model(x) if x.numpy().any() else x


def near(x):
    return ends_when_moved(x) * 1.0001


def far(x):
    return ends_when_moved(x) * 1.01


def forgotten(x):
    return tf.layers.dense(x, 2)
"""
)

CASES = {
    "broken before": ("broken", "model"),
    "broken after": ("model", "broken"),
    "one mode fails": ("model", "eager_only"),
    "text": ("text", "text"),
    "another text": ("text", "score"),
    "local": ("local", "local"),
    "in no collection": ("in_no_collection", "in_no_collection"),
    "another name": ("in_no_collection", "late"),
    "switched off": ("switched", "tripled"),
    "switched on": ("switched", "tripled"),
    "a method with a checkpoint": ("Net.scores", "Net.scores"),
    "no constructor argument": ("Net.scores", "Net.scores"),
    "its constructor fails": ("Broken.scores", "Net.scores"),
    "resources": ("by_what_variables_are", "of_a_resource"),
    "references": ("by_what_variables_are", "of_a_reference"),
    "no argument": ("switched", "tripled"),
    "an argument too much": ("switched", "tripled"),
    "not rewritten": ("model", "forgotten"),
    "an argument of what it calls": ("below", "below"),
    "an argument of its decorator": ("decorated", "scaled"),
    "absent": ("absent", "model"),
    "misspelt": ("modle", "model"),
    "equal without noise": ("ends_when_moved", "ends_when_moved"),
    "near without noise": ("ends_when_moved", "near"),
    "far without noise": ("ends_when_moved", "far"),
}
SETTINGS = {
    "switched off": {"arguments": {"on": False}},
    "switched on": {"arguments": {"on": True}},
    "a method with a checkpoint": {
        "arguments": {"shift": 1.5},
        "constructor": {"units": 4},
        "inputs": {"x": make_input("x", "float32[3,7]")},
        "checkpoint": str(EXAMPLES / "lambda_closure" / "tf1" / "model.ckpt"),
    },
    "no constructor argument": {"arguments": {"shift": 1.5}},
    "an argument too much": {"arguments": {"on": True, "off": False}},
    "resources": {"resource_variables": True},
}


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Report]:
    folder = tmp_path_factory.mktemp("functions")
    (folder / "before.py").write_text(BEFORE)
    (folder / "after.py").write_text(AFTER)
    eighths = make_input("x", "int32[3,4]<8") / 8.0
    jobs = []
    for name, (before, after) in CASES.items():
        inputs = {"x": eighths.astype("float32")}
        settings = {"inputs": inputs, **SETTINGS.get(name, {})}
        jobs.append(Job(f"{folder}/before.py:{before}", f"{folder}/after.py:{after}", **settings))
    (folder / "damaged").mkdir()
    (folder / "damaged" / "record.json").write_text("{")
    places = {"no function": "before.py", "no file": "absent.py:model", "damaged": "damaged"}
    jobs += [Job(f"{folder}/{place}", f"{folder}/after.py:model") for place in places.values()]
    made = verify_all(jobs)
    return dict(zip([*CASES, *places], made, strict=True))


def said(report: Report) -> str:
    return "\n".join([*report.notes(), *report.lines()])


@pytest.mark.parametrize(
    "name",
    [
        "text",
        "local",
        "in no collection",
        "switched off",
        "a method with a checkpoint",
        "an argument of its decorator",
        "resources",
        "references",
        "equal without noise",
    ],
)
def test_equal(name: str, reports: dict[str, Report]) -> None:
    reports[name].assert_equal()
    assert list(reports[name].checks) == ["eager", "function"]


@pytest.mark.parametrize(
    "name", ["another text", "another name", "switched on", "far without noise"]
)
def test_different(name: str, reports: dict[str, Report]) -> None:
    assert reports[name].verdict == "differs"


@pytest.mark.parametrize("side", ["before", "after"])
def test_a_crash_shows_the_functions_own_traceback(side: str, reports: dict[str, Report]) -> None:
    report = reports[f"broken {side}"]
    assert report.exit_code == 2
    assert f"NameError: name 'undefined_{side}' is not defined" in said(report)
    assert f"return undefined_{side}(x)" in said(report)
    assert "tf2_side.py" not in said(report)
    assert "tf1_side.py" not in said(report)
    assert said(report).count("Traceback") == 1
    assert "site-packages" not in said(report)


def test_one_mode_may_fail_alone(reports: dict[str, Report]) -> None:
    report = reports["one mode fails"]
    assert report.exit_code == 2
    assert "after, function: " in said(report)
    assert all(check.ok for check in report.checks["eager"])


def test_a_folder_whose_name_begins_as_this_packages_is_the_users() -> None:
    package = Path(getter_compat.__file__).parent
    assert str(package / "layers.py").startswith(others_code())
    assert not f"{package}_demo/train.py".startswith(others_code())


@pytest.mark.parametrize("name", ["text", "another text"])
def test_text_that_a_function_returns_is_compared(name: str, reports: dict[str, Report]) -> None:
    for mode in ("eager", "function"):
        outputs = next(c for c in reports[name].checks[mode] if c.what == "outputs")
        assert outputs.left == outputs.right == "4 tensors"
        assert all("output/1" in problem for problem in outputs.problems)


def test_variables_that_no_collection_has_are_compared_too(reports: dict[str, Report]) -> None:
    checks = {check.what: check for check in reports["in no collection"].checks["function"]}
    assert checks["variable names"].left == "1 variable"
    for what in ("written before, read after", "written after, read before"):
        assert checks[f"checkpoint {what}"].left == "1 tensor"
    checks = {check.what: check for check in reports["another name"].checks["eager"]}
    assert checks["variable names"].problems == ("rate: only before", "late: only after")


def test_values_of_a_checkpoint_are_no_initial_ones(reports: dict[str, Report]) -> None:
    checks = reports["a method with a checkpoint"].checks["eager"]
    assert "initial values" not in [check.what for check in checks]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no function", "names no function"),
        ("no function", "--program"),
        ("absent", "has no 'absent'."),
        ("misspelt", "has no 'modle'. Did you mean 'model'?"),
        ("no file", "absent.py: there is no such file"),
        ("damaged", "is no recording of verify, or a damaged one"),
        ("no argument", ":switched needs 'on'. Give it with --input on="),
        ("an argument too much", ":switched has no argument 'off': it takes x, on."),
        ("no constructor argument", ":Net needs 'units'. Give it with --constructor-arg units="),
    ],
)
def test_what_is_missing_is_named(name: str, message: str, reports: dict[str, Report]) -> None:
    assert reports[name].verdict == "could not run"
    assert message in said(reports[name])
    assert "Traceback" not in said(reports[name])


def test_a_side_that_is_still_tf1_is_told(reports: dict[str, Report]) -> None:
    assert reports["not rewritten"].verdict == "could not run"
    assert "rewrite it with `python -m getter_compat.codemod`" in said(reports["not rewritten"])


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("an argument of what it calls", "missing 1 required positional argument: 'n'"),
        ("its constructor fails", "'Broken' object has no attribute 'units'"),
    ],
)
def test_what_is_missing_below_is_not_taken_for_an_option(
    name: str, message: str, reports: dict[str, Report]
) -> None:
    assert message in said(reports[name])
    assert "Traceback" in said(reports[name])
    assert "Give it" not in said(reports[name])
    assert "has no 'Broken.scores'" not in said(reports[name])


@pytest.mark.parametrize(
    ("name", "verdict"),
    [
        ("equal without noise", "equal"),
        ("near without noise", "not told from noise"),
        ("far without noise", "differs"),
    ],
)
def test_an_original_that_cannot_run_with_its_inputs_moved(
    name: str, verdict: str, reports: dict[str, Report]
) -> None:
    assert reports[name].verdict == verdict
    assert "noise not measured" in said(reports[name])
    assert "it ended by InvalidArgumentError" in said(reports[name])


def test_a_recording_brings_its_inputs(tmp_path: Path) -> None:
    after = tmp_path / "after.py"
    after.write_text("def model(x, kernel, bias):\n    return x @ kernel + bias\n")
    recording = EXAMPLES / "lambda_inputs" / "tf1"
    report = verify(str(recording), f"{after}:model", modes=["eager"])
    report.assert_equal()
    assert report.reference == "TensorFlow 1.15.5"
