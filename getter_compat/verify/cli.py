"""The command line of `verify`."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from glob import escape
from pathlib import Path
from typing import Any

from rich.console import Console

from getter_compat import __version__, commands, pages

_DESCRIPTION = """\
Compare what a TF1 model function does with what the migrated function does: variable names,
shapes, trainable set, initial values, outputs, gradients, regularization losses, variables after
training steps, checkpoints. With --program: compare whole programs, every run of their sessions.
Each side runs in a process of its own; random operations draw the same numbers on both. What is
equal is measured: the original runs a second time, its inputs moved by a unit in the last place.
"""

_EPILOG = """\
examples:
  python -m getter_compat.verify old.py:model new.py:model --input x=float32[4,784]
                                                a function of a tensor x
  python -m getter_compat.verify old.py:Net.loss new.py:Net.loss --input xs.npz --arg units=64
                                                a method; tensors from a file, another argument
  python -m getter_compat.verify --program old/train.py new/train.py --runs 50 -- --lr 0.1
                                                a program with its arguments, the first 50 runs
  python -m getter_compat.verify --doctor       what is installed, and what is missing

exit status:
  0 equal, 1 something differs, 2 a side could not run, 3 not told from noise or from a race, or
  nothing that could be compared
"""

_FUNCTION_OPTIONS = (
    "input",
    "arg",
    "training_arg",
    "constructor_arg",
    "steps",
    "checkpoint",
    "mode",
)
_PROGRAM_OPTIONS = ("runs", "seed", "data")
_RECORDED = ("input", "steps", "checkpoint", "tf1_python", "resource_variables")
"""What a recording of an original has settled."""
_STEPS = 3
_MIGRATED = re.compile(r"^\s*(import|from)\s+getter_compat\b", re.MULTILINE)


class _WrongCommandError(Exception):
    """The command cannot be carried out as it was given."""


def command() -> None:
    """The entry point of the command."""
    commands.run(run)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    place = given.index("--") if "--" in given else len(given)
    parser = _parser()
    options = parser.parse_args(given[:place])
    if options.doctor:
        from getter_compat.verify.doctor import examine

        return examine(Console(), options.tf1_python)
    if not options.after:
        parser.error("the following arguments are required: BEFORE, AFTER")
    if given[place + 1 :] and not options.program:
        parser.error("arguments after -- are a program's: give --program too")
    _check_options(parser, options)
    try:
        if options.report:
            pages.check(options.report)
        _check_files(options.before, options.after)
        if options.checkpoint:
            _check_checkpoint(options.checkpoint)
        if options.program:
            _check_programs(options.before, options.after)
        _check_order(options.before, options.after)
        report = (
            _compare_programs(options, given[place + 1 :]) if options.program else _compare(options)
        )
    except pages.FileError as error:
        return _fail(f"{options.report} {error}")
    except _WrongCommandError as error:
        return _fail(str(error))
    except ModuleNotFoundError as error:
        return _fail(f"verify needs {error.name}: pip install 'getter-compat[verify]'")
    if options.json:
        print(report.to_json())
    else:
        report.print(Console())
    if options.report:
        try:
            pages.write(options.report, report.to_html())
        except pages.FileError as error:
            return _fail(f"{options.report} {error}")
    return int(report.exit_code)


def _compare(options: argparse.Namespace) -> Any:
    from getter_compat.verify.inputs import InputError, read_inputs, read_value
    from getter_compat.verify.sides import MODES
    from getter_compat.verify.verification import verify

    try:
        inputs = read_inputs(options.input)
        values = [
            {name: read_value(name, text) for name, text in group}
            for group in (options.arg, options.training_arg, options.constructor_arg)
        ]
    except InputError as error:
        raise _WrongCommandError(str(error)) from None
    return verify(
        options.before,
        options.after,
        inputs,
        arguments=values[0],
        training_arguments=values[1],
        constructor=values[2],
        steps=_STEPS if options.steps is None else options.steps,
        checkpoint=options.checkpoint,
        resource_variables=options.resource_variables,
        tf1_python=options.tf1_python,
        legacy_keras=_legacy_keras(options),
        modes=options.mode or MODES,
        timeout=options.timeout,
    )


def _compare_programs(options: argparse.Namespace, arguments: list[str]) -> Any:
    from getter_compat.verify.programs import read_program, verify_program

    for path in options.data:
        if not Path(path).exists():
            raise _WrongCommandError(f"--data {path}: there is no such file or folder")
    before, after = (
        read_program(
            target,
            arguments,
            options.data,
            options.seed or 0,
            options.runs,
            options.resource_variables,
        )
        for target in (options.before, options.after)
    )
    return verify_program(
        before,
        after,
        tf1_python=options.tf1_python,
        legacy_keras=_legacy_keras(options),
        timeout=options.timeout,
    )


def _legacy_keras(options: argparse.Namespace) -> bool | None:
    return None if options.keras is None else bool(options.keras == "2")


def _check_options(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    """Refuse options that would do nothing: those of functions for programs, and the reverse."""
    if options.program:
        refused = dict.fromkeys(
            _FUNCTION_OPTIONS, "is for functions: programs make their own inputs"
        )
    else:
        refused = dict.fromkeys(_PROGRAM_OPTIONS, "is for programs: give --program too")
    if Path(options.before, "record.json").is_file():
        why = f"would do nothing: {options.before} is a recording, and has its own"
        refused = {**dict.fromkeys(_RECORDED, why), **refused}
    for name, why in refused.items():
        value = getattr(options, name)
        if not (value is None or value is False or value == []):  # 0 was given
            parser.error(f"--{name.replace('_', '-')} {why}")


def _check_programs(*targets: str) -> None:
    """Refuse a function or a folder where a program is meant."""
    for target in targets:
        if ".py:" in target:
            raise _WrongCommandError(
                f"{target} names a function, and --program compares whole programs: "
                f"{_file(target)}, or leave out --program"
            )
        if Path(target).is_dir() and not Path(target, "record.json").is_file():
            raise _WrongCommandError(
                f"{target} is a folder: name the file that is run, {target}/FILE.py, "
                f"or, for `python -m`, {target}:package.module"
            )


def _check_files(*targets: str) -> None:
    """Refuse a file that is not there before the other side has run for minutes."""
    for target in targets:
        path = _file(target)
        if path is not None and not path.is_file():
            raise _WrongCommandError(f"{path}: there is no such file")


def _check_checkpoint(prefix: str) -> None:
    path = Path(prefix)
    if not (Path(f"{prefix}.index").is_file() or path.is_file() or _shards(path)):
        raise _WrongCommandError(
            f"--checkpoint {prefix}: there is no {prefix}.index: give what the names of a "
            "checkpoint's files begin with, such as folder/model.ckpt-1000"
        )


def _shards(prefix: Path) -> list[Path]:
    """The files of a checkpoint of before 2017, which had no index."""
    return list(prefix.parent.glob(f"{escape(prefix.name)}-*-of-*"))


def _check_order(before: str, after: str) -> None:
    """Refuse the migrated side in the place of the original."""
    if _is_migrated(before) and not _is_migrated(after):
        raise _WrongCommandError(
            f"{before} imports getter_compat, as the migrated side does, and {after} does not: "
            "the original comes first."
        )


def _is_migrated(target: str) -> bool:
    path = _file(target)
    if path is None:
        return False
    return bool(_MIGRATED.search(path.read_text(encoding="utf-8", errors="replace")))


def _file(target: str) -> Path | None:
    """The file of `FILE.py`, `NOTEBOOK.ipynb` or `FILE.py:function`; None for a module."""
    path = Path(target.partition(".py:")[0] + ".py" if ".py:" in target else target)
    return path if path.suffix in (".py", ".ipynb") else None


def _fail(message: str) -> int:
    print(f"getter-compat-verify: {message}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = commands.Parser(
        prog="python -m getter_compat.verify",
        usage="%(prog)s BEFORE AFTER [options]\n"
        "       %(prog)s --program BEFORE AFTER [options] [-- ARGUMENTS]\n"
        "       %(prog)s --doctor",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "before",
        nargs="?",
        metavar="BEFORE",
        help="the TF1 function: FILE.py:function, package.module:function, FILE.py:Class.method, "
        "or the directory of a recording; with --program: FILE.py, NOTEBOOK.ipynb or, for "
        "`python -m`, FOLDER:package.module",
    )
    parser.add_argument(
        "after", nargs="?", metavar="AFTER", help="the migrated side, spelled likewise"
    )
    parser.add_argument("--version", action="version", version=f"getter-compat {__version__}")
    parser.add_argument(
        "--tf1-python",
        metavar="PATH",
        help="a Python with TensorFlow 1.15 (default: tf.compat.v1 of this Python, with tf_keras)",
    )
    parser.add_argument(
        "--resource-variables",
        action="store_true",
        help="run the original as after tf.enable_resource_variables() (default: references)",
    )
    parser.add_argument(
        "--keras", choices=["2", "3"], help="Keras of the migrated side (default: as set)"
    )
    parser.add_argument(
        "--timeout",
        type=_positive,
        default=600,
        metavar="SECONDS",
        help="time limit of each side (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--report", type=Path, metavar="FILE.html", help="write a page of HTML too")
    parser.add_argument(
        "--doctor", action="store_true", help="say what is installed, and how to get what is not"
    )
    _add_function_options(parser.add_argument_group("functions"))
    _add_program_options(parser.add_argument_group("programs"))
    return parser


def _add_function_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="NAME=SPEC",
        help="a tensor argument, such as x=float32[4,784] or ids=int32[4,7]<1000, "
        "or an .npz file that holds them",
    )
    for flag, text in (
        ("--arg", "another argument, its value as Python writes it: is_training=False"),
        ("--training-arg", "what that argument is while training"),
        ("--constructor-arg", "an argument for the class of Class.method"),
    ):
        group.add_argument(
            flag, action="append", default=[], type=_named, metavar="NAME=VALUE", help=text
        )
    group.add_argument(
        "--steps",
        type=_count,
        help=f"training steps to compare; 0: inference only (default: {_STEPS})",
    )
    group.add_argument("--checkpoint", metavar="PREFIX", help="compute with these TF1 values")
    group.add_argument(
        "--mode",
        type=_modes,
        help="how to run the migrated side: eager, function or eager,function (default: both)",
    )


def _add_program_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--program", action="store_true", help="compare whole programs, run as `python BEFORE`"
    )
    group.add_argument(
        "--runs", type=_positive_count, metavar="N", help="end each program after N session runs"
    )
    group.add_argument(
        "--seed", type=_count, help="of NumPy's and Python's random numbers (default: 0)"
    )
    group.add_argument(
        "--data",
        action="append",
        default=[],
        metavar="PATH",
        help="a file or folder that the programs find, as a link, in the folder that they run in",
    )


def _named(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    return name, value


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number, 0 or more")
    return int(text)


def _positive_count(text: str) -> int:
    if not _count(text):
        raise argparse.ArgumentTypeError(f"{text!r}: expected a whole number, 1 or more")
    return int(text)


def _positive(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r}: expected a number of seconds")
    return seconds


def _modes(text: str) -> list[str]:
    modes = text.split(",")
    if not set(modes) <= {"eager", "function"}:
        raise argparse.ArgumentTypeError(f"{text!r}: expected eager, function or eager,function")
    return modes
