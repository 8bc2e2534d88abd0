"""What the command line takes, and what it says about itself."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from getter_compat import __version__, commands
from getter_compat.codemod import config

FORMATS = ("text", "json", "sarif", "github")
SHELLS = ("bash", "zsh", "tcsh")

_DESCRIPTION = """\
Rewrite TensorFlow 1 code about variables, scopes, getters and layers for TensorFlow 2, in place,
and say what is left for a person.
"""

_EPILOG = """\
examples:
  getter-compat-codemod --check src/            what would be rewritten, and what is left
  getter-compat-codemod --diff src/train.py     the changes, as a patch
  getter-compat-codemod src/                    rewrite the files in place
  getter-compat-codemod --target eager src/     out of the graph: what only runs in one is left
  getter-compat-codemod --report left.html --check src/
                                                the same for a browser
  getter-compat-codemod --write-baseline .getter-compat.json --check src/
  getter-compat-codemod --baseline .getter-compat.json --check src/
                                                accept what is left today, fail on what is new
  getter-compat-codemod --explain layers        what a rule does, and what to do by hand
  getter-compat-codemod - < old.py > new.py     a filter
  eval "$(getter-compat-codemod --print-completion bash)"
                                                completion of options, rules and files, in ~/.bashrc

comments:
  x = tf.log(y)  # getter-compat: ignore[symbols]    keeps this line as it is, for these rules
  # getter-compat: ignore-file                       keeps the whole file, on a line of its own

exit status:
  0 nothing left, 1 something to rewrite (--check, --diff) or left for a person, 2 an error
"""


def parser() -> argparse.ArgumentParser:
    """The parser of the command line."""
    made = commands.Parser(
        prog="getter-compat-codemod",
        usage="%(prog)s [options] PATH ...",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    made.add_argument(
        "paths", nargs="*", metavar="PATH", help="files and folders; `-` is standard input"
    )
    _add_modes(made.add_argument_group("what is done"))
    _add_choices(made.add_argument_group("what is looked at"))
    _add_forms(made.add_argument_group("what is told"))
    _add_questions(made.add_argument_group("about this command"))
    return made


_EITHER_OR = (
    ("quiet", "verbose"),
    ("quiet", "statistics"),
    ("diff", "statistics"),
    ("statistics", "output_format"),
)
"""Options of which the first would hide the second, or the second the first."""


def check(made: argparse.ArgumentParser, asked: argparse.Namespace) -> None:
    """Refuse what cannot be meant, before anything is done: a path that is not there, for one.

    Files are rewritten in place, so `check src` must not rewrite `src` and miss `check`.
    """
    for one, other in _EITHER_OR:
        if _is_given(made, asked, one) and _is_given(made, asked, other):
            made.error(f"--{one} and --{other.replace('_', '-')} are either or: leave one out")
    if asked.baseline and asked.write_baseline and asked.baseline != asked.write_baseline:
        made.error(
            "--write-baseline writes down all that is left, whatever --baseline accepts: "
            "leave one out"
        )
    if asked.stdin_filename is not None:
        _check_standard_input(made, asked.stdin_filename, asked.paths)
    elif not asked.paths:
        made.error("no path: say which files or folders, such as src/ (. is this folder)")
    elif asked.paths != ["-"]:
        for path in asked.paths:
            _check_path(made, path)


def _is_given(made: argparse.ArgumentParser, asked: argparse.Namespace, name: str) -> bool:
    return bool(getattr(asked, name) != made.get_default(name))


def _check_standard_input(made: argparse.ArgumentParser, name: str, paths: list[str]) -> None:
    if paths not in ([], ["-"]):
        made.error("--stdin-filename says what standard input is called: give - as the path")
    if not name:
        made.error("--stdin-filename: the name is empty")


def _check_path(made: argparse.ArgumentParser, path: str) -> None:
    if path == "-":
        made.error("- is standard input: give it alone")
    if not path:
        made.error("a path is empty (. is this folder)")
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        meant = f"; did you mean --{path}?" if f"--{path}" in made._option_string_actions else ""
        made.error(f"{path}: there is no such file or folder{meant}")
    except OSError:
        pass  # Whoever reads it says why it cannot be.


def _add_modes(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--check", action="store_true", help="write nothing, tell what would be rewritten")
    add("--diff", action="store_true", help="write nothing, show the changes")
    add(
        "--target",
        choices=config.TARGETS,
        help="keep the sessions (graph, the default), or do without",
    )
    add("--baseline", type=Path, metavar="FILE", help="accept what is left according to this file")
    add("--write-baseline", type=Path, metavar="FILE", help="write down what is left, to accept it")
    add(
        "-j",
        "--jobs",
        type=_positive,
        metavar="N",
        help="processes (default: one for each processor)",
    )


def _add_choices(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--select", action="append", metavar="RULES", help="only these rules, comma-separated")
    add("--ignore", action="append", metavar="RULES", help="all but these rules")
    add(
        "--exclude",
        action="append",
        metavar="GLOB",
        help="leave out files and folders (as .gitignore)",
    )
    add(
        "--force-exclude",
        action="store_true",
        help="leave out what is excluded even where it is named, as hooks name files",
    )
    add("--tf-alias", action="append", metavar="NAME", help="a module that re-exports TensorFlow")
    add("--stdin-filename", metavar="FILE", help="what to call standard input in messages")


def _add_forms(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--output-format", choices=FORMATS, default="text", help="the form of the findings")
    add("--report", type=Path, metavar="FILE.html", help="write a report for a browser")
    add("--statistics", action="store_true", help="count what is left by symbol, and list no sites")
    add("-q", "--quiet", action="store_true", help="errors only")
    add(
        "-v",
        "--verbose",
        action="store_true",
        help="tell what was rewritten, and what runs as it is",
    )


def _add_questions(group: argparse._ArgumentGroup) -> None:
    add = group.add_argument
    add("--list-rules", action="store_true", help="list the rules and stop")
    add("--explain", metavar="RULE", help="tell what a rule does and leaves to do, and stop")
    add("--test-rules", metavar="FILE", help="try the examples in a file of rules and stop")
    add("--print-completion", choices=SHELLS, help="print a completion script for a shell and stop")
    add("--version", action="version", version=f"getter-compat {__version__}")


def say_what_completes(made: argparse.ArgumentParser, file: object, rules: list[str]) -> None:
    """Tell the library that writes completion scripts where files stand, and where rules."""
    for action in made._actions:
        if action.metavar in ("PATH", "FILE", "FILE.html"):
            action.complete = file  # type: ignore[attr-defined]
        elif action.metavar in ("RULE", "RULES"):
            action.choices = rules


def _positive(word: str) -> int:
    if not word.isdecimal() or int(word) < 1:
        raise argparse.ArgumentTypeError(f"must be a number of 1 or more, found {word!r}")
    return int(word)
