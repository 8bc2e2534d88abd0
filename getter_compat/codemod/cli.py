"""The command line: `python -m getter_compat.codemod [PATH ...]`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from getter_compat import commands, pages
from getter_compat.codemod import config, files
from getter_compat.codemod.discovery import Discovery, Obstacle
from getter_compat.codemod.findings import RewriteError, Trouble
from getter_compat.codemod.ignoring import Ignores, ignores
from getter_compat.codemod.output import text
from getter_compat.codemod.rewrite import Options
from getter_compat.codemod.rules import RULES, selected
from getter_compat.codemod.run import FileReport, Job, Run, process_text
from getter_compat.codemod.run import run as run_files

FORMATS = ("text", "json", "sarif", "github")


def run() -> None:
    """The entry point of the command."""
    commands.run(lambda: main(sys.argv[1:]))


def main(arguments: Sequence[str]) -> int:
    """Do what the arguments ask; the exit status."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if asked.list_rules:
        return _list_rules()
    if asked.explain:
        return _explain(asked.explain)
    paths = [Path(path) for path in asked.paths] or [Path()]
    from_stdin = asked.paths == ["-"] or asked.stdin_filename
    if from_stdin:
        paths = [Path(asked.stdin_filename or ".")]
    try:
        settings = [_settings(asked, path) for path in paths]
    except (ValueError, config.ConfigError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    if asked.report and not _may_write(asked.report):
        return 2
    job = Job(settings[0].options, not (asked.check or asked.diff), keep_texts=asked.diff)
    if from_stdin:
        return _rewrite_stdin(asked, job)
    found, own = _found(paths, settings)
    alone = [path for path in paths if path.is_file()]
    job = replace(job, own=own)
    result = run_files(found, job, settings[0].jobs, _progress(asked), alone)
    return _tell(asked, result, sys.stdout, sys.stderr)


def _found(
    paths: list[Path], settings: list[_Settings]
) -> tuple[list[Path | Obstacle], dict[Path, Options]]:
    """The files below the paths, and the options of those that are not governed by the first's."""
    discovery = Discovery(paths)
    found: list[Path | Obstacle] = []
    own = {}
    for path, setting in zip(paths, settings, strict=True):
        for item in discovery.below(path, setting.exclude):
            found.append(item)
            if isinstance(item, Path) and setting.options != settings[0].options:
                own[item] = setting.options
    return found, own


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m getter_compat.codemod",
        description="Rewrite TensorFlow 1 code about variables, scopes, getters and layers for"
        " TensorFlow 2, in place.",
        epilog="Exit status: 0 nothing left, 1 something to rewrite (--check, --diff) or left for a"
        " person, 2 an error. A comment `# getter-compat: ignore[RULE]` keeps a line as it is.",
    )
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and folders; `-` is standard input")
    add("--check", action="store_true", help="write nothing, tell what would be rewritten")
    add("--diff", action="store_true", help="write nothing, show the changes")
    add(
        "--target",
        choices=config.TARGETS,
        help="keep the sessions (graph, the default), or do without",
    )
    add("--stdin-filename", metavar="FILE", help="what to call standard input in messages")
    add("--select", action="append", metavar="RULES", help="only these rules, comma-separated")
    add("--ignore", action="append", metavar="RULES", help="all but these rules")
    add("--exclude", action="append", metavar="GLOB", help="leave out files and folders")
    add("--tf-alias", action="append", metavar="NAME", help="a module that re-exports TensorFlow")
    add("--jobs", type=_positive, metavar="N", help="processes (default: one for each processor)")
    add("--output-format", choices=FORMATS, default="text", help="the form of the findings")
    add("--report", type=Path, metavar="FILE.html", help="write a report for a browser")
    add("--list-rules", action="store_true", help="list the rules and stop")
    add("--explain", metavar="RULE", help="tell what a rule does and stop")
    add("-q", "--quiet", action="store_true", help="errors only")
    add(
        "-v",
        "--verbose",
        action="store_true",
        help="tell what was rewritten, and what runs as it is",
    )
    return parser


def _positive(word: str) -> int:
    number = int(word)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


@dataclass(frozen=True)
class _Settings:
    options: Options
    exclude: Ignores
    jobs: int | None


def _settings(asked: argparse.Namespace, path: Path) -> _Settings:
    """The options of the command line, and under them those of the path's own project."""
    project = config.load(path)
    select = _words(asked.select) or project.get("select")
    ignore = _words(asked.ignore) or project.get("ignore", [])
    aliases = [*project.get("tf_alias", []), *(asked.tf_alias or [])]
    for alias in aliases:
        if not all(part.isidentifier() for part in alias.split(".")):
            raise ValueError(f"tf-alias: {alias!r} is no name of a module")
    # A project's patterns are about its folder, those of the command line about what it names.
    exclude = [
        *ignores(project.folder, project.get("exclude", [])),
        *ignores(Path(os.path.realpath(path)), asked.exclude or []),
    ]
    rules = frozenset(selected(select, ignore))
    target = asked.target or project.get("target", "graph")
    options = Options(rules, tuple(aliases), target)
    return _Settings(options, exclude, asked.jobs or project.get("jobs"))


def _words(lists: list[str] | None) -> list[str] | None:
    if lists is None:
        return None
    return [word.strip() for item in lists for word in item.split(",") if word.strip()]


def _list_rules() -> int:
    width = max(map(len, RULES))
    for name, rule in sorted(RULES.items()):
        print(f"{name:<{width}}  {rule.summary}")
    return 0


def _explain(name: str) -> int:
    if name not in RULES:
        print(f"error: no such rule: {name} (--list-rules shows them)", file=sys.stderr)
        return 2
    print(f"{name}\n\n{RULES[name].doc}")
    return 0


def _rewrite_stdin(asked: argparse.Namespace, job: Job) -> int:
    """Filter standard input: the source goes to standard output, findings to standard error."""
    name = asked.stdin_filename or "<stdin>"
    data = sys.stdin.buffer.read()
    out, report = data, FileReport(name)
    try:
        source = files.decode(data)
        result = process_text(source, job.options, name)
        out = source.encoded(result.source)
        findings = result.after if job.write else result.findings
        changed = result.source != source.text
        errors = result.troubles_after if job.write else result.troubles
        report = FileReport(name, findings, errors, source.text, result.source, changed)
    except files.FileError as error:
        report = FileReport(name, errors=(Trouble(1, str(error)),))
    except RewriteError as error:
        report = FileReport(name, errors=(Trouble(error.line, error.message),))
    run = Run([report], dry=not job.write)
    if job.write:
        sys.stdout.buffer.write(out)
        sys.stdout.buffer.flush()
        return _tell(asked, run, sys.stderr, sys.stderr)
    return _tell(asked, run, sys.stdout, sys.stderr)


def _tell(asked: argparse.Namespace, result: Run, out: Any, err: Any) -> int:
    """Write what was found in the form asked for; the exit status."""
    if asked.diff or asked.output_format != "text":
        commands.as_utf8(out)
    if asked.output_format == "text":
        _tell_text(asked, result, out, err)
    else:
        out.write(_renderer(asked.output_format)(result, asked.verbose))
    if asked.report:
        try:
            pages.write(asked.report, _renderer("html")(result, True))
        except pages.FileError as error:
            print(f"{asked.report}: error: {error}", file=err)
            return 2
    return result.exit_status


def _may_write(report: Path) -> bool:
    """Whether the report can be written there, told before anything else is done."""
    try:
        pages.check(report)
    except pages.FileError as error:
        print(f"{report}: error: {error}", file=sys.stderr)
        return False
    return True


def _tell_text(asked: argparse.Namespace, result: Run, out: Any, err: Any) -> None:
    errors = Run([replace(report, findings=()) for report in result.reports])
    if asked.diff:
        from getter_compat.codemod.output import diff

        diff.write(result, out)
        err.write(text.render(errors))
    elif asked.quiet:
        out.write(text.render(errors))
    else:
        out.write(text.render(result, asked.verbose))
    if not asked.quiet:
        err.write(text.summary(result))


def _renderer(name: str) -> Callable[[Run, bool], str]:
    from importlib import import_module

    form = import_module(f"getter_compat.codemod.output.{name}")
    render: Callable[[Run, bool], str] = form.render
    return render


def _progress(asked: argparse.Namespace) -> Callable[[int, int], None]:
    """A progress bar, on a terminal only."""
    if asked.quiet or not sys.stderr.isatty():
        return lambda done, total: None
    from getter_compat.codemod.output import progress

    return progress.bar()
