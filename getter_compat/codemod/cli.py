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
from getter_compat.codemod import arguments, baseline, config, files, own_rules
from getter_compat.codemod.discovery import Discovery, Obstacle
from getter_compat.codemod.explaining import explanation
from getter_compat.codemod.findings import RewriteError, Trouble
from getter_compat.codemod.ignoring import Ignores, ignores, is_ignored
from getter_compat.codemod.output import text
from getter_compat.codemod.project import Start, View
from getter_compat.codemod.project.index import seen_from
from getter_compat.codemod.rewrite import Options
from getter_compat.codemod.rules import RULES, no_such_rule, selected
from getter_compat.codemod.run import FileReport, Job, Run, process_text
from getter_compat.codemod.run import run as run_files


def run() -> None:
    """The entry point of the command."""
    commands.run(lambda: main(sys.argv[1:]))


def main(words: Sequence[str]) -> int:
    """Do what the arguments ask; the exit status."""
    parser = arguments.parser()
    asked = parser.parse_args(words)
    if asked.list_rules or asked.explain is not None or asked.test_rules is not None:
        return _answer(asked)
    if asked.print_completion:
        return _print_completion(parser, asked.print_completion)
    arguments.check(parser, asked)
    try:
        return _do(asked)
    except (ValueError, config.ConfigError, baseline.BaselineError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _do(asked: argparse.Namespace) -> int:
    paths = [Path(path) for path in asked.paths]
    from_stdin = asked.paths == ["-"] or asked.stdin_filename
    if from_stdin:
        paths = [Path(asked.stdin_filename or ".")]
    settings = [_settings(asked, path) for path in paths]
    if asked.report and not _may_write(asked.report):
        return 2
    asked.baseline = settings[0].baseline
    if asked.write_baseline:
        baseline.check(asked.write_baseline)
    elif asked.baseline:
        baseline.read(asked.baseline)
    keeps_texts = bool(asked.diff or asked.report)
    job = Job(settings[0].options, not (asked.check or asked.diff), keeps_texts)
    if from_stdin:
        return _rewrite_stdin(asked, job)
    found, own = _found(paths, settings)
    if not found and any(path.is_dir() for path in paths):
        names = " ".join(asked.paths)
        print(f"error: there is no Python file and no notebook in {names}", file=sys.stderr)
        return 2
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
        if setting.force_exclude and is_ignored(_real(path), path.is_dir(), setting.exclude):
            continue
        for item in discovery.below(path, setting.exclude):
            found.append(item)
            if isinstance(item, Path) and setting.options != settings[0].options:
                own[item] = setting.options
    return found, own


@dataclass(frozen=True)
class _Settings:
    options: Options
    exclude: Ignores
    force_exclude: bool
    baseline: Path | None
    jobs: int | None


def _settings(asked: argparse.Namespace, path: Path) -> _Settings:
    """The options of the command line, and under them those of the path's own project."""
    project = config.load(path)
    try:
        return _joined(asked, path, project)
    except ValueError as error:
        from_there = f" (options of {project.file} count, too)" if project.options else ""
        raise ValueError(f"{error}{from_there}") from None


def _joined(asked: argparse.Namespace, path: Path, project: config.Project) -> _Settings:
    select, ignore = _words("--select", asked.select), _words("--ignore", asked.ignore)
    accepted = project.get("baseline")
    return _Settings(
        options_of(project, select, ignore, asked.tf_alias or (), asked.target),
        [*excluded_by(project), *_excluded(asked, path)],
        asked.force_exclude or project.get("force_exclude", False),
        asked.baseline or (project.folder / accepted if accepted else None),
        asked.jobs or project.get("jobs"),
    )


def options_of(
    project: config.Project,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    aliases: Sequence[str] = (),
    target: str | None = None,
) -> Options:
    """What a project asks for, where nothing else was asked for; ValueError for what cannot be."""
    aliases = [*project.get("tf_alias", []), *aliases]
    for alias in aliases:
        if not all(part.isidentifier() for part in alias.split(".")):
            raise ValueError(f"tf-alias: {alias!r} is no name of a module")
    own = _own_rules(project)
    own_names = own_rules.load(own)
    others = {name for name, rule in RULES.items() if rule.file and name not in own_names}
    chosen = selected(select or project.get("select"), ignore or project.get("ignore", []))
    rules = frozenset(chosen) - others
    if not rules:
        raise ValueError("select and ignore leave no rule (--list-rules shows them)")
    return Options(rules, tuple(aliases), target or project.get("target", "graph"), own)


def excluded_by(project: config.Project) -> Ignores:
    """What a project leaves out."""
    return ignores(project.folder, project.get("exclude", []))


def _excluded(asked: argparse.Namespace, path: Path) -> Ignores:
    """What the command line leaves out: its patterns begin here, or at the folder that it names."""
    here, named = _real(Path()), _real(path)
    folders = [named] if path.is_dir() else [here]
    if path.is_dir() and here in named.parents:
        folders = [here, named]
    # Pattern by pattern, so that a later one that takes back is later than both.
    return [
        pair
        for pattern in asked.exclude or []
        for folder in folders
        for pair in ignores(folder, [pattern])
    ]


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _words(option: str, lists: list[str] | None) -> list[str]:
    words = [word.strip() for item in lists or () for word in item.split(",") if word.strip()]
    if lists and not words:
        raise ValueError(f"{option} names no rule (--list-rules shows them)")
    return words


def _answer(asked: argparse.Namespace) -> int:
    """Tell about the rules, those of the project in the current folder included."""
    try:
        if asked.test_rules is not None:
            return _test_rules(asked.test_rules)
        own_rules.load(_own_rules(config.load(Path())))
    except (ValueError, config.ConfigError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    return _list_rules() if asked.list_rules else _explain(asked.explain)


def _own_rules(project: config.Project) -> tuple[str, ...]:
    return tuple(str(project.folder / path) for path in project.get("rules", []))


def _test_rules(path: str) -> int:
    failures = list(own_rules.failures(str(_real(Path(path)))))
    for failure in failures:
        print(failure)
    if not failures:
        print(f"{path}: every example holds")
    return int(bool(failures))


def _list_rules() -> int:
    width = max(map(len, RULES))
    for name, rule in sorted(RULES.items()):
        print(f"{name:<{width}}  {rule.summary}")
    return 0


def _explain(name: str) -> int:
    if name not in RULES:
        print(f"error: {no_such_rule(name)}", file=sys.stderr)
        return 2
    print(f"{name}\n\n{explanation(RULES[name])}")
    return 0


def _print_completion(parser: argparse.ArgumentParser, shell: str) -> int:
    try:
        import shtab
    except ModuleNotFoundError:
        message = "error: completion needs shtab: pip install 'getter-compat[completion]'"
        print(message, file=sys.stderr)
        return 2
    arguments.say_what_completes(parser, shtab.FILE, sorted(RULES))
    print(shtab.complete(parser, shell))
    return 0


def _rewrite_stdin(asked: argparse.Namespace, job: Job) -> int:
    """Filter standard input: the source goes to standard output, findings to standard error."""
    name = asked.stdin_filename or "<stdin>"
    data = sys.stdin.buffer.read()
    out, report = data, FileReport(name)
    try:
        source = files.decode(data)
        result = process_text(source, job.options, name, _seen_from(name, job.options))
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


def _seen_from(name: str, options: Options) -> View:
    """The project around a text that is to be called so; without one, the text is a program."""
    path = Path(name)
    if path.is_file():
        return seen_from(path, options.tf_aliases, options.target)
    return View(start=Start(is_notebook=name.endswith(".ipynb")))


def _tell(asked: argparse.Namespace, result: Run, out: Any, err: Any) -> int:
    """Write what was found in the form asked for; the exit status."""
    notes: list[str] = []
    status = result.exit_status
    if asked.write_baseline:
        number = baseline.write(asked.write_baseline, result)
        notes.append(f"{asked.write_baseline}: {text.count(number, 'site')} accepted from now on")
        status = status if status > 1 else 0
    elif asked.baseline:
        accepted = baseline.accept(asked.baseline, result)
        result, status = accepted.run, accepted.run.exit_status
        notes += _about(asked.baseline, accepted)
    if asked.diff or asked.output_format != "text":
        commands.as_utf8(out)
    if asked.output_format == "text":
        _tell_text(asked, result, out, err, notes)
    else:
        out.write(_renderer(asked.output_format)(result, asked.verbose))
        err.write(text.notes(result))
    err.write(text.interruption(result))
    if asked.report:
        try:
            pages.write(asked.report, _renderer("html")(result, True))
        except pages.FileError as error:
            print(f"{asked.report}: error: {error}", file=err)
            return 2
    return status


def _about(path: Path, accepted: baseline.Accepted) -> list[str]:
    notes = []
    if accepted.number:
        notes.append(f"{path}: {text.count(accepted.number, 'site')} accepted")
    if accepted.gone:
        number = text.count(accepted.gone, "site")
        notes.append(f"{path}: {number} no longer there; --write-baseline {path} forgets them")
    return notes


def _may_write(report: Path) -> bool:
    """Whether the report can be written there, told before anything else is done."""
    try:
        pages.check(report)
    except pages.FileError as error:
        print(f"{report}: error: {error}", file=sys.stderr)
        return False
    return True


def _tell_text(
    asked: argparse.Namespace, result: Run, out: Any, err: Any, notes: list[str]
) -> None:
    errors = Run([replace(report, findings=()) for report in result.reports])
    if asked.diff:
        from getter_compat.codemod.output import diff

        diff.write(result, out)
        err.write(text.render(errors))
    elif asked.quiet:
        out.write(text.render(errors))
    elif asked.statistics:
        out.write(text.statistics(result))
        err.write(text.render(errors))
    else:
        out.write(text.render(result, asked.verbose))
    if not asked.quiet:
        from getter_compat.codemod.output import advice

        err.write(text.summary(result))
        err.writelines(f"{line}\n" for line in (*notes, *advice.next_steps(result)))


def _renderer(name: str) -> Callable[[Run, bool], str]:
    from importlib import import_module

    form = import_module(f"getter_compat.codemod.output.{name}")
    render: Callable[[Run, bool], str] = form.render
    return render


def _progress(asked: argparse.Namespace) -> Callable[[int, int], None]:
    """A progress bar, on a terminal that can show one only."""
    if asked.quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        return lambda done, total: None
    from getter_compat.codemod.output import progress

    return progress.bar("Checking" if asked.check or asked.diff else "Rewriting")
