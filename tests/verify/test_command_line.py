"""`python -m getter_compat.verify`, as a user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from getter_compat.verify import make_input, verify, verify_program
from getter_compat.verify.cli import run
from getter_compat.verify.inputs import InputError, read_value
from getter_compat.verify.report import hint

RECORDING = Path(__file__).parents[2] / "examples" / "lambda_inputs" / "tf1"

BEFORE = """\
import tensorflow as tf


class Net(object):
    def __init__(self, units=2):
        self.units = units

    def scores(self, x, shift=0.0):
        with tf.variable_scope("net"):
            w = tf.get_variable("w", [x.shape[-1].value, self.units])
        return tf.matmul(x, w) + shift


def model(x):
    return Net().scores(x)


def broken(x):
    return undefined_before(x)


def forgetful(x):
    2.0 * x
"""

AFTER = """\
import tensorflow as tf
import getter_compat


class Net(object):
    def __init__(self, units=2):
        self.units = units

    def scores(self, x, shift=0.0):
        with getter_compat.getter_scope("net"):
            w = getter_compat.get_variable("w", [x.shape[-1], self.units])
        return tf.matmul(x, w) + shift


def model(x):
    return Net().scores(x)


def doubled(x):
    return 2.0 * Net().scores(x)


def broken(x):
    return undefined_after(x)


def forgetful(x):
    2.0 * x


def eager_only(x):
    return model(x) if x.numpy().any() else x


def endless(x):
    while True:
        pass
"""


@pytest.fixture
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("programs")
    (directory / "before.py").write_text(BEFORE)
    (directory / "after.py").write_text(AFTER)
    return directory


def command(directory: Path, before: str, after: str, *options: str) -> list[str]:
    return [f"{directory}/before.py:{before}", f"{directory}/after.py:{after}", *options]


X = ("--input", "x=float32[3,4]")


def test_equal_is_0_and_prints_a_table(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command(programs, "model", "model", *X)) == 0
    printed = capsys.readouterr().out
    for text in ("variable names", "gradients", "checkpoint written after, read before", "equal"):
        assert text in " ".join(printed.split())


def test_a_difference_is_1_with_its_place_in_table_json_and_html(
    programs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "report.html"
    options = [*X, "--mode", "eager", "--json", "--report", str(page)]
    assert run(command(programs, "model", "doubled", *options)) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "differs"
    outputs = next(c for c in report["checks"]["eager"] if c["what"] == "outputs")
    assert not outputs["ok"]
    assert outputs["difference"]["tensor"] == "output"
    assert outputs["difference"]["index"] == [0, 0]
    assert outputs["max_rel"] == pytest.approx(1.0)
    assert "differs" in page.read_text()
    assert "output[0, 0]" in page.read_text()


@pytest.mark.parametrize(
    ("before", "after", "name"),
    [("broken", "model", "undefined_before"), ("model", "broken", "undefined_after")],
)
def test_a_crash_is_2_with_the_programs_own_traceback(
    programs: Path, before: str, after: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(programs, before, after, *X, "--mode", "eager")) == 2
    printed = capsys.readouterr().out
    assert f"NameError: name '{name}' is not defined" in printed
    assert f"return {name}(x)" in printed
    assert "tf2_side.py" not in printed
    assert "tf1_side.py" not in printed


def test_nothing_to_compare_is_not_equal(
    programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(programs, "forgetful", "forgetful", *X, "--mode", "eager")) == 2
    assert "makes no variable and returns no tensor" in capsys.readouterr().out


WITH_TEXT = """\
import tensorflow as tf


def model(x):
    w = tf.{v1}get_variable("w", [x.shape[-1], 2])
    return tf.matmul(x, w), "{word}", [b"a", b"bc"]
"""


@pytest.mark.parametrize(("word", "verdict"), [("scores", "equal"), ("score", "differs")])
def test_text_that_a_function_returns_is_compared(word: str, verdict: str, tmp_path: Path) -> None:
    (tmp_path / "before.py").write_text(WITH_TEXT.format(v1="", word="scores"))
    after = WITH_TEXT.format(v1="compat.v1.", word=word).replace("tf.compat.v1", "getter_compat")
    (tmp_path / "after.py").write_text(after.replace("import", "import getter_compat\nimport", 1))
    targets = f"{tmp_path}/before.py:model", f"{tmp_path}/after.py:model"
    report = verify(*targets, {"x": make_input("x", "float32[3,4]")})
    assert report.verdict == verdict
    for mode in ("eager", "function"):
        outputs = next(check for check in report.checks[mode] if check.what == "outputs")
        assert outputs.left == outputs.right == "4 tensors"
        assert all("output/1" in problem for problem in outputs.problems)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no/report.html", "there is no such folder"),
        ("program.py", "is no report of getter_compat"),
    ],
)
def test_a_report_that_must_not_be_written_is_2_before_anything_runs(
    tmp_path: Path, name: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "program.py").write_text("raise SystemExit('this ran')\n")
    page = tmp_path / name
    assert run(command(tmp_path, "model", "model", *X, "--report", str(page))) == 2
    printed = capsys.readouterr()
    assert message in printed.err
    assert printed.out == ""
    assert (tmp_path / "program.py").read_text() == "raise SystemExit('this ran')\n"


def test_one_mode_may_fail_alone(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = [*X, "--mode", "eager,function"]
    assert run(command(programs, "model", "eager_only", *options)) == 2
    assert "after, function: " in capsys.readouterr().out
    assert run(command(programs, "model", "eager_only", *X, "--mode", "eager")) == 0


def test_time_limit(programs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    after = f"{programs}/after.py:endless"
    assert run([str(RECORDING), after, "--timeout", "1"]) == 2
    printed = capsys.readouterr().out
    assert "after.py:endless was not done after 1 seconds" in printed
    assert "--timeout" in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["a.py:f", "b.py:f", "--input", "x=float32"], "no specification"),
        (["a.py:f", "b.py:f", "--input", "absent.npz"], "neither a file nor"),
    ],
)
def test_wrong_inputs_are_one_line(
    arguments: list[str],
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.py", "b.py"):
        Path(name).touch()
    assert run(arguments) == 2
    printed = capsys.readouterr().err
    assert message in printed
    assert len(printed.splitlines()) == 1


LOCAL = """\
def model(x):
    seen = {home}.get_local_variable("seen", [], initializer=tf.ones_initializer())
    return x * {home}.get_variable("w", []) + seen
"""


def test_local_variables_are_in_the_checkpoints_compared(tmp_path: Path) -> None:
    before = "import tensorflow.compat.v1 as tf\n" + LOCAL.format(home="tf")
    (tmp_path / "before.py").write_text(before)
    after = "import getter_compat\nimport tensorflow as tf\n" + LOCAL.format(home="getter_compat")
    (tmp_path / "after.py").write_text(after)
    targets = (f"{tmp_path}/{side}.py:model" for side in ("before", "after"))
    report = verify(*targets, {"x": make_input("x", "float32[2,3]")})
    assert report.verdict == "equal", "\n".join(report.lines())


IN_NO_COLLECTION = """\
import tensorflow.compat.v1 as tf


def model(x):
    return x * tf.Variable([3.0, 2.0, 1.0], collections=[], name="rate")
"""


def test_variables_that_no_collection_has_are_compared_too(tmp_path: Path) -> None:
    (tmp_path / "before.py").write_text(IN_NO_COLLECTION)
    inputs = {"x": make_input("x", "float32[2,3]")}
    (tmp_path / "after.py").write_text(IN_NO_COLLECTION)
    report = verify(f"{tmp_path}/before.py:model", f"{tmp_path}/after.py:model", inputs)
    report.assert_equal()
    checks = {check.what: check for check in report.checks["function"]}
    assert checks["variable names"].left == "1 variable"
    for what in ("written before, read after", "written after, read before"):
        assert checks[f"checkpoint {what}"].left == "1 tensor"
    (tmp_path / "late.py").write_text(IN_NO_COLLECTION.replace("rate", "late"))
    report = verify(f"{tmp_path}/before.py:model", f"{tmp_path}/late.py:model", inputs)
    names = next(check for check in report.checks["eager"] if check.what == "variable names")
    assert names.problems == ("rate: only before", "late: only after")


@pytest.mark.parametrize(
    ("before", "message"),
    [
        ("before.py", "names no function"),
        ("before.py", "--program"),
        ("before.py:absent", "has no 'absent'."),
        ("before.py:modle", "has no 'modle'. Did you mean 'model'?"),
        ("absent.py:model", "absent.py: there is no such file"),
        ("before.py:model", "Give it with --input x="),
    ],
)
def test_wrong_targets_say_what_is_missing(programs: Path, before: str, message: str) -> None:
    report = verify(f"{programs}/{before}", f"{programs}/after.py:model", {})
    assert report.verdict == "could not run"
    assert message in "\n".join(report.lines())
    assert "Traceback" not in "\n".join(report.lines())


@pytest.mark.parametrize("option", [[], ["--program"]])
def test_a_file_that_is_not_there_is_told_before_anything_runs(
    tmp_path: Path, option: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "before.py").write_text("raise SystemExit('this ran')\n")
    name = "" if option else ":f"
    assert run([f"{tmp_path}/before.py{name}", f"{tmp_path}/absent.py{name}", *option]) == 2
    printed = capsys.readouterr()
    assert f"{tmp_path}/absent.py: there is no such file" in printed.err
    assert printed.out == ""


def test_what_is_no_program_is_told_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "train.py"
    program.write_text("raise SystemExit('this ran')\n")
    assert run(["--program", f"{program}:f", str(program)]) == 2
    assert f"{program}:f names a function" in capsys.readouterr().err
    assert run(["--program", str(program), str(tmp_path)]) == 2
    assert f"{tmp_path} is a folder: name the file that is run" in capsys.readouterr().err


def test_a_python_without_tensorflow_names_the_command_that_helps(
    programs: Path, tmp_path: Path
) -> None:
    python = tmp_path / "venv" / "bin" / "python"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    targets = [f"{programs}/before.py:model", f"{programs}/after.py:model"]
    report = verify(*targets, {"x": make_input("x", "float32[3,4]")}, tf1_python=str(python))
    assert f"--doctor --tf1-python {python}" in "\n".join(report.lines())
    assert "Traceback" not in "\n".join(report.lines())
    (tmp_path / "train.py").write_text("")
    program = str(tmp_path / "train.py")
    report = verify_program(program, program, tf1_python=str(python))
    assert f"{python} has no numpy" in "\n".join(report.lines())


def test_a_method_with_arguments_and_a_checkpoint(programs: Path, tmp_path: Path) -> None:
    import tensorflow as tf

    weights = tf.reshape(tf.range(12.0), [4, 3])
    variable = tf.Variable(weights)
    tf.compat.v1.train.Saver({"net/w": variable}).save(None, str(tmp_path / "weights"))
    report = verify(
        f"{programs}/before.py:Net.scores",
        f"{programs}/after.py:Net.scores",
        {"x": make_input("x", "float32[3,4]")},
        arguments={"shift": 1.5},
        constructor={"units": 3},
        checkpoint=str(tmp_path / "weights"),
        modes=["eager"],
    )
    report.assert_equal()
    assert "initial values" not in [check.what for check in report.checks["eager"]]


def test_a_module_is_found_by_its_name(programs: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "getter_compat.verify", "before:model", "after:model", *X],
        cwd=programs,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_recording_brings_its_inputs(tmp_path: Path) -> None:
    after = tmp_path / "after.py"
    after.write_text("def model(x, kernel, bias):\n    return x @ kernel + bias\n")
    report = verify(str(RECORDING), f"{after}:model", modes=["eager"])
    report.assert_equal()
    assert report.reference == "TensorFlow 1.15.5"
    after.write_text("def model(x, kernel, bias):\n    return x @ kernel - bias\n")
    assert verify(str(RECORDING), f"{after}:model", modes=["eager"]).verdict == "differs"


def test_importing_it_imports_neither_tensorflow_nor_numpy() -> None:
    code = (
        "import sys, getter_compat.verify, getter_compat.verify.cli;"
        "assert not {'tensorflow', 'numpy'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("False", False),
        ("false", False),
        ("None", None),
        ("64", 64),
        ("(2, 3)", (2, 3)),
        ("{'a': [1.5]}", {"a": [1.5]}),
        ("'False'", "False"),
        ("relu", "relu"),
    ],
)
def test_values_are_what_python_writes(text: str, value: object) -> None:
    assert read_value("x", text) == value


@pytest.mark.parametrize("text", ["FALSE", "nONE", "[1,", "__import__('os')", "a b", ""])
def test_what_is_no_value_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="no Python literal"):
        read_value("x", text)


def test_a_flag_that_is_false_takes_the_other_branch(tmp_path: Path) -> None:
    text = "import tensorflow as tf\n\n\ndef f(x, on):\n    return 2.0 * x if on else x\n"
    (tmp_path / "before.py").write_text(text)
    (tmp_path / "after.py").write_text(text.replace("2.0", "3.0"))
    targets = [f"{tmp_path}/before.py:f", f"{tmp_path}/after.py:f", *X, "--mode", "eager"]
    assert run([*targets, "--steps", "0", "--arg", "on=False"]) == 0
    assert run([*targets, "--steps", "0", "--arg", "on=True"]) == 1


def test_a_flag_for_training_that_is_given_leaves_its_other_branch_out(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "import tensorflow as tf\n\n\ndef f(x, is_training):\n    return 2.0 * x\n"
    (tmp_path / "before.py").write_text(text)
    (tmp_path / "after.py").write_text(text.replace("2.0", "3.0"))
    targets = [f"{tmp_path}/before.py:f", f"{tmp_path}/after.py:f", *X, "--steps", "0"]
    assert run([*targets, "--arg", "is_training=False"]) == 1
    printed = capsys.readouterr().out
    assert "is_training is False in all that is compared" in printed
    # What is wrong alike in both modes is told once, and what may follow from it.
    assert printed.count("eager, function: outputs: output[0, 0]: ") == 1
    assert "eager: outputs" not in printed
    assert "it may follow from the above; if not: " in printed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["before.py:f", "after.py:f", "--steps", "-1"], "expected a whole number, 0 or more"),
        (["before.py:f", "after.py:f", "--timeout", "0"], "expected a number of seconds"),
        (["before.py:f", "after.py:f", "--runs", "0"], "expected a whole number, 1 or more"),
        (["before.py:f"], "BEFORE, AFTER"),
        (["before.py:f", "after.py:f", "--", "--steps=3"], "give --program too"),
        (["before.py:f", "after.py:f", "--seed", "1"], "--seed is for programs"),
        (["--program", "a.py", "b.py", "--input", "x=float32[2]"], "--input is for functions"),
        (["--program", "a.py", "b.py", "--mode", "eager"], "--mode is for functions"),
        # What is the default is refused too, where it would do nothing.
        (["before.py:f", "after.py:f", "--seed", "0"], "--seed is for programs"),
        (["--program", "a.py", "b.py", "--steps", "3"], "--steps is for functions"),
        ([str(RECORDING), "after.py:f", "--steps", "3"], "--steps would do nothing: "),
        ([str(RECORDING), "after.py:f", "--input", "x=float32[2]"], "and has its own"),
        ([str(RECORDING), "after.py:f", "--tf1-python", "py37"], "is a recording"),
        (["before.py:f", "after.py:f", "--inputs", "x=float32[2]"], "did you mean --input?"),
    ],
)
def test_what_cannot_be_meant_is_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        run(arguments)
    assert stopped.value.code == 2
    assert message in " ".join(capsys.readouterr().err.split())


def test_the_migrated_side_in_the_place_of_the_original(
    programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    swapped = [f"{programs}/after.py:model", f"{programs}/before.py:model", *X]
    assert run(swapped) == 2
    assert "the original comes first" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        ("ModuleNotFoundError: No module named 'tensorflow.contrib'", "--tf1-python"),
        ("AttributeError: module 'tensorflow' has no attribute 'contrib'", "--tf1-python"),
        ("TypeError: model() missing 1 required positional argument: 'y'", "--input y="),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'", "--data"),
        ("ValueError: x", ""),
    ],
)
def test_an_error_names_the_option_that_helps(message: str, remedy: str) -> None:
    found = hint(message, "compat.v1 of TensorFlow 2.21.0")
    assert remedy in found
    assert bool(found) == bool(remedy)


def test_the_doctor_says_what_is_there_and_how_to_get_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["--doctor"]) == 0
    printed = capsys.readouterr().out
    assert "found    tensorflow" in printed
    assert "missing  TensorFlow 1.15" in printed
    assert "'protobuf<3.21'" in printed
