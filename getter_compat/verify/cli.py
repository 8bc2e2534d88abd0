"""The command line of `verify`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from getter_compat import __version__, commands, pages

_DESCRIPTION = """\
Compare what a TF1 model function does with what the migrated function does: variable names,
shapes, trainable set, initial values, outputs, gradients, regularization losses, variables after
training steps, checkpoints. Each side runs in a process of its own; random operations draw the same
numbers on both. Exit status 0: equal, 1: something differs, 2: a side could not run.
"""


def command() -> None:
    """The entry point of the command."""
    commands.run(run)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        if options.report:
            pages.check(options.report)
    except pages.FileError as error:
        return _fail(f"{options.report} {error}")
    try:
        from getter_compat.verify.inputs import InputError, read_inputs
        from getter_compat.verify.verification import verify
    except ModuleNotFoundError as error:
        return _fail(f"verify needs {error.name}: pip install 'getter-compat[verify]'")
    try:
        inputs = read_inputs(options.input)
    except InputError as error:
        return _fail(str(error))
    report = verify(
        options.before,
        options.after,
        inputs,
        arguments=dict(options.arg),
        training_arguments=dict(options.training_arg),
        constructor=dict(options.constructor_arg),
        steps=options.steps,
        checkpoint=options.checkpoint,
        tf1_python=options.tf1_python,
        legacy_keras=None if options.keras is None else options.keras == "2",
        modes=options.mode,
        tolerance=options.tolerance,
        timeout=options.timeout,
    )
    if options.json:
        print(report.to_json())
    else:
        report.print(Console())
    if options.report:
        try:
            pages.write(options.report, report.to_html())
        except pages.FileError as error:
            return _fail(f"{options.report} {error}")
    return report.exit_code


def _fail(message: str) -> int:
    print(f"getter-compat-verify: {message}", file=sys.stderr)
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m getter_compat.verify", description=_DESCRIPTION
    )
    parser.add_argument("--version", action="version", version=f"getter-compat {__version__}")
    parser.add_argument(
        "before",
        metavar="BEFORE",
        help="the TF1 function: FILE.py:function, package.module:function, FILE.py:Class.method, "
        "or the directory of a recording",
    )
    parser.add_argument("after", metavar="AFTER", help="the migrated function, spelled likewise")
    parser.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="NAME=SPEC",
        help="a tensor argument, such as x=float32[4,784] or ids=int32[4,7]<1000, "
        "or an .npz file that holds them",
    )
    _add_values(parser, "--arg", "another argument, its value in JSON: units=64")
    _add_values(parser, "--training-arg", "what that argument is while training")
    _add_values(parser, "--constructor-arg", "an argument for the class of Class.method")
    parser.add_argument(
        "--steps",
        type=int,
        default=3,
        help="training steps to compare; 0: inference only (default: %(default)s)",
    )
    parser.add_argument("--checkpoint", metavar="PREFIX", help="compute with these TF1 values")
    parser.add_argument(
        "--tf1-python",
        metavar="PATH",
        help="a Python with TensorFlow 1.15 (default: tf.compat.v1 of this Python, with tf_keras)",
    )
    parser.add_argument(
        "--keras", choices=["2", "3"], help="Keras of the migrated side (default: as set)"
    )
    parser.add_argument(
        "--mode",
        type=_modes,
        default="eager,function",
        help="how to run the migrated side (default: %(default)s)",
    )
    parser.add_argument(
        "--tolerance",
        type=float,
        default=1e-5,
        help="largest difference, relative to each tensor's largest number (default: %(default)s)",
    )
    parser.add_argument(
        "--timeout",
        type=float,
        default=600,
        metavar="SECONDS",
        help="time limit of each side (default: %(default)s)",
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    parser.add_argument("--report", type=Path, metavar="FILE.html", help="write a page of HTML too")
    return parser


def _add_values(parser: argparse.ArgumentParser, flag: str, text: str) -> None:
    parser.add_argument(
        flag, action="append", default=[], type=_value, metavar="NAME=VALUE", help=text
    )


def _value(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not (name and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=VALUE")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value


def _modes(text: str) -> list[str]:
    modes = text.split(",")
    if not set(modes) <= {"eager", "function"}:
        raise argparse.ArgumentTypeError(f"{text!r}: expected eager, function or eager,function")
    return modes
