"""`python -m getter_compat.verify`, as a user runs it: its words, its exit status, what it refuses.

What is said of functions is in `test_functions.py`.
"""

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

ROOT = Path(__file__).parents[2]
RECORDING = ROOT / "examples" / "lambda_inputs" / "tf1"

BEFORE = """\
import tensorflow as tf


def model(x):
    with tf.variable_scope("net"):
        return tf.matmul(x, tf.get_variable("w", [x.shape[-1].value, 2]))


def forgetful(x):
    2.0 * x
"""

AFTER = """\
import tensorflow as tf
import getter_compat


def model(x):
    with getter_compat.getter_scope("net"):
        return tf.matmul(x, getter_compat.get_variable("w", [x.shape[-1], 2]))


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


def test_equal_is_0_and_prints_a_table_of_modules_found_by_name(programs: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "getter_compat.verify", "before:model", "after:model", *X],
        cwd=programs,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    for text in ("variable names", "gradients", "checkpoint written after, read before", "equal"):
        assert text in " ".join(done.stdout.split())


def test_a_difference_is_1_with_its_place_in_json_and_html(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    after, page = tmp_path / "after.py", tmp_path / "report.html"
    after.write_text("def model(x, kernel, bias):\n    return 2.0 * (x @ kernel + bias)\n")
    options = ["--mode", "eager", "--json", "--report", str(page)]
    assert run([str(RECORDING), f"{after}:model", *options]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["verdict"] == "differs"
    assert list(report["checks"]) == ["eager"]
    outputs = next(c for c in report["checks"]["eager"] if c["what"] == "outputs")
    assert not outputs["ok"]
    assert outputs["difference"]["tensor"] == "output"
    assert outputs["difference"]["index"] == [0, 0]
    assert outputs["max_rel"] == pytest.approx(1.0)
    assert "differs" in page.read_text()
    assert "output[0, 0]" in page.read_text()


def test_nothing_to_compare_is_not_equal(
    programs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command(programs, "forgetful", "model", *X)) == 2
    assert "makes no variable and returns no tensor" in capsys.readouterr().out


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


def test_a_checkpoint_that_is_not_there_is_told_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "model.py").write_text("raise SystemExit('this ran')\n")
    model, prefix = f"{tmp_path}/model.py:f", f"{tmp_path}/model.ckpt"
    assert run([model, model, "--checkpoint", prefix]) == 2
    assert f"--checkpoint {prefix}: there is no {prefix}.index" in capsys.readouterr().err
    # One of before 2017 has no index.
    (tmp_path / "model.ckpt-00000-of-00001").touch()
    run([model, model, "--checkpoint", prefix])
    assert "there is no" not in capsys.readouterr().err


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
        ("FileNotFoundError: [Errno 2] No such file or directory: 'data/x.csv'", "--data"),
        ("FileNotFoundError: [Errno 2] No such file or directory: 'contrib/x.csv'", "--data"),
        ("NotFoundError: data/x.csv; No such file or directory", "--data"),
        ("NotFoundError: Key net/w not found in checkpoint", ""),
        ("TypeError: f() missing 1 required positional argument: 'y'", ""),
        ("ValueError: x", ""),
    ],
)
def test_an_error_names_the_option_that_helps(message: str, remedy: str) -> None:
    found = hint(message, "compat.v1 of TensorFlow 2.21.0", program=True)
    assert remedy in found
    assert bool(found) == bool(remedy)
    if remedy == "--data":  # which functions do not have
        assert not hint(message, "compat.v1 of TensorFlow 2.21.0")


@pytest.mark.parametrize(
    ("message", "remedy"),
    [
        ("ModuleNotFoundError: No module named 'tensorflow.contrib'", "getter_compat.codemod"),
        ("AttributeError: module 'tensorflow' has no attribute 'contrib'", "getter_compat.codemod"),
        ("AttributeError: module 'numpy' has no attribute 'object'", "NPY"),
        ("AttributeError: 'numpy.ndarray' object has no attribute 'tostring'", "tobytes()"),
    ],
)
def test_an_error_of_the_migrated_side_says_what_is_left(message: str, remedy: str) -> None:
    for ran_on in ("TensorFlow 1.15.5", "compat.v1 of TensorFlow 2.21.0"):
        assert remedy in hint(message, ran_on, program=True, migrated=True)


def test_the_doctor_says_what_is_there_and_how_to_get_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["--doctor"]) == 0
    printed = capsys.readouterr().out
    assert "found    tensorflow" in printed
    assert "missing  TensorFlow 1.15" in printed
    assert "'protobuf<3.21'" in printed
