"""Two records of whole programs -> a list of checks, and the curves of what they fetched."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from getter_compat.verify.advice import LOST_ORDER
from getter_compat.verify.compare import Check, Difference, compare_tensor, count, furthest, sizes
from getter_compat.verify.program_side import ProgramRecord
from getter_compat.verify.verdicts import (
    BOUND,
    MULTIPLE,
    Comparison,
    Exactness,
    Verdict,
    largest,
    noise_between,
)

_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?|\bnan\b|\binf\b")
_SCALAR = re.compile(r"\bnp\.(?:\w+\(([^()]*)\)|(True|False)_)")
"""How NumPy 2 shows what NumPy 1 shows as a bare number or word."""
_MOST_CURVES = 40
_SHOWN_STEPS = 8
_RACE_BOUND = 0.1
"""No difference larger than this, relative to a tensor's numbers, is put down to a race that this
tensor did not show when the original ran again."""
_INITIAL, _FETCHED = "initial values", "fetched values"
_RACES_AFTER = f": it is read in the run that updates it, and {LOST_ORDER}"


@dataclass(frozen=True)
class Run:
    """One `session.run` of a program."""

    number: int
    """Its place among the runs of its thread."""
    call: int
    """Its place in the record's `calls`."""
    thread: str
    site: tuple[str, ...]
    names: dict[str, str]
    """By path in the structure that was fetched."""
    values: dict[str, Any]
    exactness: dict[str, Exactness]
    largest: dict[str, float]
    """The largest number that this fetch had in all runs."""
    racing: frozenset[str]
    """The paths of what was read in no order beside an update of this run."""
    unsettled: frozenset[str]
    """The paths of what follows from an update that was computed of such a read."""


@dataclass(frozen=True)
class Curve:
    """A number that a program fetched again and again, on both sides."""

    name: str
    left: tuple[float, ...]
    right: tuple[float, ...]


def measure_noise(record: ProgramRecord, moved: ProgramRecord) -> None:
    """Keep in `record` how far a run of the same program with moved inputs came from it.

    Of several such runs, the furthest counts.
    """
    found = {
        name: np.float64(np.inf) if name not in moved.arrays else _noise(name, value, moved)
        for name, value in record.arrays.items()
        if not name.startswith("run/")
    }
    others = _streams(moved)
    noise: dict[str, list[float]] = {}
    for thread, runs in _streams(record).items():
        theirs = others.get(thread, [])
        for i, run in enumerate(runs):
            other = theirs[i].values if i < len(theirs) else {}
            for path, value in run.values.items():
                apart = noise_between(value, other[path]) if path in other else np.inf
                noise.setdefault(f"run/{run.call}/{path}", []).append(apart)
    # What has moved once does not come nearer by being run again.
    found.update({name: np.maximum.accumulate(np.array(values)) for name, values in noise.items()})
    for name, values in found.items():
        record.noise[name] = np.maximum(values, record.noise.get(name, 0.0))


def may_be_noise(original: ProgramRecord, checks: Sequence[Check]) -> bool:
    """Tell whether what differs may be noise that one moved run of the original did not show.

    Such as a bias of the size of rounding before a rectifier, which it opens or closes: one run
    with moved inputs takes the other side now and then. Nothing but numbers differs then, and what
    is fetched hardly does. Or the original races itself, and every run of it is another one.
    """
    wrong = [check for check in checks if not check.ok and check.told]
    fetched = next(check for check in checks if check.what == _FETCHED)
    return (
        bool(wrong)
        and (bool(original.unsettled) or fetched.max_rel <= BOUND)
        and all(check.difference and np.isfinite(check.max_abs) for check in wrong)
        and all(check.what != _INITIAL for check in wrong)
    )


def _noise(name: str, value: Any, moved: ProgramRecord) -> Any:
    return np.float64(noise_between(value, moved.arrays[name]))


def compare_programs(left: ProgramRecord, right: ProgramRecord) -> list[Check]:
    """Compare what the original did (`left`) with what the migrated program did (`right`)."""
    runs = _runs(left, right)
    steady = runs.ok and any(call["fetches"] for call in left.calls)
    checks = [
        _ends(left, right),
        _number_of_runs(left, right),
        _names("variable names", set(left.variables), set(right.variables), "variable"),
        _variables(left, right),
        *_precision(left, right),
        _initial_values(left, right, steady),
        runs,  # Behind what it may come from.
        _arrays("variables at the end", "final", left, right, steady),
        *_checkpoints(left, right, steady),
        *_summaries(left, right, runs, steady),
    ]
    checks = _with_other_seeds(checks, left, right)
    if _begins_in_noise(runs):
        checks = [
            replace(check, told=False) if check.difference and check.what != _INITIAL else check
            for check in checks
        ]
    return checks


def _begins_in_noise(runs: Check) -> bool:
    """Tell whether the first value that is not equal is lost in noise: so is all that follows."""
    first = runs.difference  # a race is none
    return first is not None and str(first) in runs.problems[0] and not first.told


def _with_other_seeds(
    checks: list[Check], left: ProgramRecord, right: ProgramRecord
) -> list[Check]:
    """Name, where drawn or fetched values differ, the operations that have another seed now."""
    ours, theirs = _seeds(left), _seeds(right)
    others = [
        f"{scope} has seed {', '.join(seeds)} before, {', '.join(theirs[scope])} after"
        for scope, seeds in ours.items()
        if theirs.get(scope, seeds) != seeds
    ]
    where = [check for check in checks if check.what in (_INITIAL, _FETCHED) and not check.ok][:1]
    note = f"other random draws: {'; '.join(others)}"
    return [replace(c, note=note) if c in where and others else c for c in checks]


def _seeds(record: ProgramRecord) -> dict[str, list[str]]:
    """Return the seeds that the program gives its random operations, by their name scope."""
    found: dict[str, list[str]] = {}
    for draw in record.draws:
        scope, given, seed = draw.partition("=")
        if given:
            found.setdefault(scope, []).append(seed)
    return found


def curves(left: ProgramRecord, right: ProgramRecord) -> list[Curve]:
    """Return the numbers that were fetched more than once, in the order of the program."""
    found: dict[tuple[str, str, str], tuple[list[float], list[float]]] = {}
    others = _streams(right)
    for thread, runs in _streams(left).items():
        theirs = others.get(thread, [])
        for run in runs:
            for path, value in run.values.items():
                if np.ndim(value) or np.asarray(value).dtype.kind != "f":
                    continue
                key = (thread, run.site[0] if run.site else "", run.names[path])
                sides = found.setdefault(key, ([], []))
                sides[0].append(float(value))
                if run.number < len(theirs):
                    other = theirs[run.number].values.get(path)
                    if other is not None and not np.ndim(other):
                        sides[1].append(float(other))
    return [
        Curve(f"{name} at {site.partition(' ')[0]}", tuple(ours), tuple(theirs))
        for (_, site, name), (ours, theirs) in found.items()
        if len(ours) > 1
    ][:_MOST_CURVES]


def different_lines(left: str, right: str) -> list[tuple[str, str]]:
    """Return the printed lines that differ in more than their numbers."""
    ours, theirs = left.splitlines(), right.splitlines()
    length = max(len(ours), len(theirs))
    pairs = zip(
        ours + [""] * (length - len(ours)), theirs + [""] * (length - len(theirs)), strict=True
    )
    return [(a, b) for a, b in pairs if _without_numbers(a) != _without_numbers(b)]


def _without_numbers(line: str) -> str:
    return " ".join(_NUMBER.sub("0", _SCALAR.sub(r"\1\2", line)).split())


# Runs --------------------------------------------------------------------------------------------


def _streams(record: ProgramRecord) -> dict[str, list[Run]]:
    """Return the runs of each thread, in their order."""
    streams: dict[str, list[Run]] = {}
    seen: dict[int, int] = {}
    racing, first_of = set(record.racing), record.unsettled.get
    sizes = {
        name: largest(value) for name, value in record.arrays.items() if name.startswith("run/")
    }
    for call in record.runs:
        turn = seen[call] = seen.get(call, -1) + 1
        about = record.calls[call]
        stream = streams.setdefault(about["thread"], [])
        paths = dict(about["fetches"])
        keys = {path: f"run/{call}/{path}" for path in paths}
        stream.append(
            Run(
                len(stream),
                call,
                about["thread"],
                tuple(about["site"]),
                paths,
                {path: record.arrays[key][turn] for path, key in keys.items()},
                {path: _exactness(record, key, turn) for path, key in keys.items()},
                {path: sizes[key] for path, key in keys.items()},
                frozenset(path for path, key in keys.items() if key in racing),
                frozenset(p for p, key in keys.items() if turn >= first_of(key, np.inf)),
            )
        )
    return streams


def _exactness(record: ProgramRecord, name: str, turn: int | None = None) -> Exactness:
    """Return how exact an array is, or, of a call that was run several times, one of its values."""
    noise = record.noise.get(name, 0.0)
    moves = noise if turn is None or np.ndim(noise) == 0 else noise[turn]
    return Exactness(float(moves), record.narrow.get(name, ""))


def _number_of_runs(left: ProgramRecord, right: ProgramRecord) -> Check:
    ours, theirs = _streams(left), _streams(right)
    problems = []
    for thread in {**ours, **theirs}:
        numbers = len(ours.get(thread, [])), len(theirs.get(thread, []))
        if numbers[0] != numbers[1]:
            problems.append(f"{thread}: {numbers[0]} runs before, {numbers[1]} after")
    sides = count(left.runs, "run"), count(right.runs, "run")
    return Check("session runs", not problems, *sides, tuple(problems))


def _runs(left: ProgramRecord, right: ProgramRecord) -> Check:
    """Compare every run, and tell the first that is not equal."""
    problems: list[str] = []
    races: list[str] = []
    lucky: list[str] = []
    moves = _race_moves(left)
    found: list[Comparison] = []
    first: Difference | None = None
    others = _streams(right)
    for thread, runs in _streams(left).items():
        for run, other in zip(runs, others.get(thread, []), strict=False):
            lucky += [run.names[path] for path in other.racing - run.racing if path in run.names]
            for problem, comparison, difference in _run_problems(run, other, moves):
                found.append(comparison)
                if problem and comparison.verdict is Verdict.RACES:
                    races.append(problem)
                elif problem:
                    problems.append(problem)
                    first = first or difference
    values = sum(len(run.values) for runs in _streams(left).values() for run in runs)
    others_values = sum(len(run.values) for runs in others.values() for run in runs)
    sides = f"{values} values", f"{others_values} values"
    check = _check(_FETCHED, sides, problems + races, found, first)
    if lucky and not check.problems:
        names = ", ".join(dict.fromkeys(lucky))
        check = replace(
            check, note=f"equal, but read in a run that updates it: {LOST_ORDER}: {names}"
        )
    return check


def _run_problems(
    run: Run, other: Run, moves: float
) -> Iterator[tuple[str, Comparison, Difference | None]]:
    place = f"run {run.number} of {run.thread} ({_sites(run)} before, {_sites(other)} after)"
    if run.values.keys() != other.values.keys():
        text = f"{place}: fetches {_listed(run)} before, {_listed(other)} after"
        yield text, Comparison(Verdict.DIFFERS), None
        return
    for path, value in run.values.items():
        name = run.names[path]
        comparison, difference = compare_tensor(
            name, value, other.values[path], run.exactness[path], run.largest[path]
        )
        problem = f"{place}: {difference}" if difference else ""
        if difference and (
            path in run.racing or (path in run.unsettled and _may_move(difference, moves))
        ):
            comparison = replace(comparison, verdict=Verdict.RACES)
        elif difference and path in other.racing:
            problem += _RACES_AFTER
        yield problem, comparison, difference


def _race_moves(record: ProgramRecord) -> float:
    """Return how far a race may move what follows from it, relative to each tensor's numbers.

    It takes now this tensor along, now that: what moved most when the original ran again counts.
    """
    sizes = [
        float(np.max(record.noise.get(name, 0.0))) / largest(record.arrays[name])
        for name in record.unsettled
        if name in record.arrays and largest(record.arrays[name])
    ]
    return min(MULTIPLE * max(sizes, default=0.0), _RACE_BOUND)


def _may_move(difference: Difference, moves: float) -> bool:
    return not difference.told or difference.max_rel <= moves


def _sites(run: Run) -> str:
    return run.site[0].partition(" ")[0] if run.site else "no line of the program"


def _listed(run: Run) -> str:
    return ", ".join(run.names.values()) or "nothing"


# Everything else ---------------------------------------------------------------------------------


def _check(
    what: str,
    sides: tuple[str, str],
    problems: list[str],
    found: list[Comparison],
    first: Difference | None,
) -> Check:
    verdicts = {comparison.verdict for comparison in found}
    return Check(
        what,
        not problems,
        *sides,
        tuple(problems),
        first,
        *sizes(found),
        told=Verdict.DIFFERS in verdicts or not problems,
        races=Verdict.RACES in verdicts and not verdicts & {Verdict.DIFFERS, Verdict.NOT_TOLD},
        tensors=furthest(found),
    )


def _arrays(
    what: str, kind: str, left: ProgramRecord, right: ProgramRecord, steady: bool = False
) -> Check:
    """Compare the arrays that both sides have; those that one side has are told by name.

    With `steady`, something was fetched, and all of it is equal. What is as small as its own noise
    then changes nothing, such as a bias before a normalization, which an optimizer moves by the
    rounding of its gradient: it is named, and not held against the migrated side.
    """
    ours, theirs = left.group(kind), right.group(kind)
    problems: list[str] = []
    found: list[Comparison] = []
    rounding: list[str] = []
    first = None
    moves = _race_moves(left)
    for name in ours:
        if name not in theirs:
            continue
        exactness = _exactness(left, f"{kind}/{name}")
        comparison, difference = compare_tensor(name, ours[name], theirs[name], exactness)
        if steady and _is_rounding(ours[name], exactness, comparison):
            rounding.append(name)
            continue
        races = f"{kind}/{name}" in left.racing
        unsettled = f"{kind}/{name}" in left.unsettled
        if difference and (races or (unsettled and _may_move(difference, moves))):
            comparison = replace(comparison, verdict=Verdict.RACES)
        found.append(comparison)
        if difference:
            lost = f"{kind}/{name}" in {*right.racing} - {*left.racing}
            problems.append(f"{difference}{_RACES_AFTER if lost else ''}")
            first = first or difference
    sides = count(ours, "tensor"), count(theirs, "tensor")
    note = f"moved by rounding alone: {', '.join(rounding)}" if rounding else ""
    return replace(_check(what, sides, problems, found, first), note=note)


def _checkpoints(left: ProgramRecord, right: ProgramRecord, steady: bool) -> list[Check]:
    ours, theirs = set(left.group("checkpoint")), set(right.group("checkpoint"))
    if not (ours or theirs):
        return []
    values = _arrays("values in checkpoints", "checkpoint", left, right, steady)
    return [_names("names in checkpoints", ours, theirs, "tensor"), values]


def _summaries(left: ProgramRecord, right: ProgramRecord, runs: Check, steady: bool) -> list[Check]:
    """Compare event files: names, steps, and the values of the steps that both sides wrote."""
    ours, theirs = left.group("summary"), right.group("summary")
    if not (ours or theirs):
        return []
    steps = _steps(left, right, runs)
    compared = [n for n in ours if n in theirs and (steps.told or _same_steps(ours[n], theirs[n]))]
    records = ProgramRecord(), ProgramRecord()
    for name in compared:
        both = np.intersect1d(ours[name][:, 0], theirs[name][:, 0])
        for record, series in zip(records, (ours[name], theirs[name]), strict=True):
            # The numbers of an event file have 32 bits.
            values = np.float32(series[np.isin(series[:, 0], both), 1])
            record.arrays[f"summary/{name}"] = values
    records[0].noise, records[0].narrow = left.noise, left.narrow
    records[0].racing, records[1].racing = left.racing, right.racing
    records[0].unsettled = left.unsettled
    return [
        _names("names in summaries", set(ours), set(theirs), "tensor"),
        steps,
        _arrays("values in summaries", "summary", *records, steady),
    ]


def _steps(left: ProgramRecord, right: ProgramRecord, runs: Check) -> Check:
    """Compare the steps of summaries; a program may have written at such as were not told."""
    ours, theirs = left.group("summary"), right.group("summary")
    problems: list[str] = []
    found: list[Comparison] = []
    for name in ours:
        if name not in theirs or _same_steps(ours[name], theirs[name]):
            continue
        before, after = _listed_steps(ours[name]), _listed_steps(theirs[name])
        problems.append(f"{name}: {before} before, {after} after")
        lost = left.noise.get(f"summary/{name}") == np.inf
        verdict = Verdict.NOT_TOLD if lost else Verdict.DIFFERS
        found.append(Comparison(verdict if runs.told else runs.verdict, name=name))
    sides = count(ours, "tensor"), count(theirs, "tensor")
    return _check("steps of summaries", sides, problems, found, None)


def _same_steps(left: Any, right: Any) -> bool:
    return bool(np.array_equal(left[:, 0], right[:, 0]))


def _listed_steps(series: Any) -> str:
    steps = [f"{step:.0f}" for step in series[:_SHOWN_STEPS, 0]]
    return ", ".join(steps + ["..."] * (len(series) > _SHOWN_STEPS))


def _is_rounding(value: Any, exactness: Exactness, found: Comparison) -> bool:
    """Tell whether an array is not told from its noise, which is as large as it is itself."""
    return found.verdict is Verdict.NOT_TOLD and largest(value) <= exactness.allowed < np.inf


def _initial_values(left: ProgramRecord, right: ProgramRecord, steady: bool) -> Check:
    """Compare what the initializers made, before the right side was given the left one's.

    Keras has random operations of its own, which cannot be made to draw TF1's numbers: of a
    variable that was drawn by those only the mean and the spread are compared. What a checkpoint of
    the same program initialized is as small as its noise where that was moved by rounding alone.
    """
    check = _arrays(_INITIAL, "initial", left, right, steady)
    ours, theirs = left.group("initial"), right.group("initial")
    others = [name for name in ours if name in theirs and _drawn_otherwise(name, left, right)]
    alike = {name for name in others if _same_spread(ours[name], theirs[name])}
    if not alike:
        return check
    kept = ProgramRecord()
    kept.arrays = {n: v for n, v in left.arrays.items() if n.partition("/")[2] not in alike}
    kept.noise, kept.narrow = left.noise, left.narrow
    check = _arrays(_INITIAL, "initial", kept, right, steady)
    drawn = f"{count(alike, 'variable')} drawn by Keras, with the same mean and spread"
    note = "; ".join(filter(None, (check.note, drawn)))
    return replace(check, left=count(ours, "tensor"), note=note)


def _drawn_otherwise(name: str, left: ProgramRecord, right: ProgramRecord) -> bool:
    """Tell whether only the left side drew a variable with TensorFlow's seeded operations."""
    scope = name.partition("/")[2] + "/"
    return any(draw.startswith(scope) for draw in left.draws) and not any(
        draw.startswith(scope) for draw in right.draws
    )


def _same_spread(left: Any, right: Any) -> bool:
    """Tell whether mean and standard deviation agree within four standard errors of each."""
    if left.shape != right.shape or left.size < 2:
        return False
    spread = float(left.std())
    error = np.sqrt(2.0 / left.size)
    means = abs(float(left.mean() - right.mean()))
    spreads = abs(np.log(max(float(right.std()), 1e-30) / max(spread, 1e-30)))
    return bool(means <= 4 * error * spread and spreads <= 4 * error / np.sqrt(2.0))


def _names(what: str, ours: set[str], theirs: set[str], noun: str) -> Check:
    problems = [f"{name}: only before" for name in sorted(ours - theirs)]
    problems += [f"{name}: only after" for name in sorted(theirs - ours)]
    return Check(what, not problems, count(ours, noun), count(theirs, noun), tuple(problems))


def _variables(left: ProgramRecord, right: ProgramRecord) -> Check:
    problems = [
        f"{name}: {_about(left.variables[name])} before, {_about(right.variables[name])} after"
        for name in sorted(left.variables.keys() & right.variables.keys())
        if _about(left.variables[name]) != _about(right.variables[name])
    ]
    sides = count(left.variables, "variable"), count(right.variables, "variable")
    return Check("shapes, types, trainable set", not problems, *sides, tuple(problems))


def _precision(left: ProgramRecord, right: ProgramRecord) -> list[Check]:
    """Compare the types of 16 bits that either side computes in, if one does."""
    ours, theirs = (
        ", ".join(sorted(set(record.narrow.values()))) or "nothing" for record in (left, right)
    )
    if ours == theirs == "nothing":
        return []
    problems = (f"{ours} before, {theirs} after",) if ours != theirs else ()
    return [Check("computed in 16 bits", not problems, ours, theirs, problems)]


def _about(variable: dict[str, Any]) -> str:
    trains = "trainable" if variable["trainable"] else "not trainable"
    return f"{variable['dtype']}{variable['shape']}, {trains}"


def _ends(left: ProgramRecord, right: ProgramRecord) -> Check:
    """Compare how they end: words of `sys.exit` are the program's, those of an error are a note."""
    ours, theirs = _end(left), _end(right)
    said = [record.error["message"] if record.error else record.said for record in (left, right)]
    shown = f"{ours}: {said[0]!r} before, {said[1]!r} after"
    if ours != theirs:
        problems: tuple[str, ...] = (f"{ours} before, {theirs} after",)
    elif not left.error and _without_numbers(said[0]) != _without_numbers(said[1]):
        problems = (shown,)
    else:
        problems = ()
    note = shown if said[0] != said[1] and not problems else ""
    return Check("how it ends", not problems, ours, theirs, problems, note=note)


def _end(record: ProgramRecord) -> str:
    return record.error["type"] if record.error else f"status {record.status}"
