"""The codemod beside tf_upgrade_v2, on the same files, in turns, in one run.

    python benchmarks/bench_codemod.py [CORPUS]

The corpus is what scripts/fetch_corpus.py fetches. TensorFlow's own tool runs in this process, its
import not counted; ours also runs as the command that a user types. Rows about one process compare
processor time, which other work on the machine does not change much; the others compare the time
on the clock, and need idle processors: the default command takes all there are. For the whole tree,
TensorFlow's tool runs on some 200 files of all sizes, and its time is scaled by the lines.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

from fetch_corpus import FOLDER  # noqa: E402
from measure import Row, report  # noqa: E402

from getter_compat.codemod import pool  # noqa: E402
from getter_compat.codemod.findings import RewriteError  # noqa: E402
from getter_compat.codemod.rewrite import rewrite  # noqa: E402

SAMPLE = 60
LARGE_SAMPLE = 200
ROUNDS = 3
RATE = 300_000  # lines a second


def main() -> None:
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    if not any(corpus.rglob("*.py")):
        sys.exit(f"there is no corpus in {corpus}: run scripts/fetch_corpus.py first")
    everything = {path: _text(path) for path in sorted(corpus.rglob("*.py"))}
    texts = _sample([text for text in everything.values() if _needs_rewriting(text)])
    pool.collect_seldom()  # As the command does; the peer has the same of it.
    with tempfile.TemporaryDirectory() as folder:
        report([*_same_files(texts, Path(folder)), *_trees(corpus, Path(folder))], "codemod")


def _same_files(texts: list[str], folder: Path) -> list[Row]:
    """Files that need rewriting, in one process and in two."""
    for number, text in enumerate(texts):
        (folder / f"m{number}.py").write_text(text)
    peer, ours, two = [], [], []
    for _ in range(ROUNDS):
        peer.append(_measured(lambda: [_upgrade(text) for text in texts]))
        ours.append(_measured(lambda: [rewrite(text) for text in texts]))
        two.append(_measured(lambda: _command("--check", "--jobs", "2", folder)))
    what = "files that need rewriting"
    cpu = [median(cpu for cpu, _ in times) for times in (ours, peer)]
    clock = [median(clock for _, clock in times) for times in (two, peer)]
    return [
        _row(f"{what}, one process", 0.25, *cpu),
        _row(f"{what}, two processes", 0.18, *clock),
    ]


def _trees(corpus: Path, folder: Path) -> list[Row]:
    """The whole corpus, what is left of it after a run, and the part in which nothing is left."""
    tree = folder / "tree"
    shutil.copytree(corpus, tree)
    texts = sorted((_text(path) for path in tree.rglob("*.py")), key=len)
    lines = sum(text.count("\n") for text in texts)
    part = texts[:: len(texts) // LARGE_SAMPLE or 1]
    share = lines / sum(text.count("\n") for text in part)
    peer_cpu, peer = (share * time for time in _measured(lambda: [_upgrade(text) for text in part]))
    ours_cpu, _ = _measured(lambda: _command("--check", "--jobs", "1", tree))
    _, ours = _measured(lambda: _command(tree))
    start = min(_measured(lambda: _command("--list-rules"))[0] for _ in range(5))
    peak = _peak_memory(tree)
    what = f"a whole tree of {lines:,} lines"
    return [
        _row(f"{what}, the default command", 0.08, ours, peer),
        _row(f"{what}, --check, one process", 0.08, ours_cpu, peer_cpu),
        *_checks(tree, settled=False),
        *_checks(_without_findings(tree), settled=True),
        Row("start-up", "0.25 s", 1.0, start / 0.25, start, 0.25),
        Row("peak memory of a process", "100 MB", 1.0, peak / 100, peak, 100, "MB"),
    ]


def _checks(tree: Path, *, settled: bool) -> list[Row]:
    """How fast a tree is checked by the default command, and by one process."""
    lines = sum(path.read_bytes().count(b"\n") for path in tree.rglob("*.py"))
    clocks, cpus = [], []
    for _ in range(ROUNDS):
        clocks.append(_measured(lambda: _command("--check", tree, settled=settled))[1])
        one = _measured(lambda: _command("--check", "--jobs", "1", tree, settled=settled))
        cpus.append(one[0])
    due = lines / RATE
    what = f"--check of {lines:,} lines, {'nothing' if settled else 'findings'} left"
    return [
        Row(f"{what}{way}", f"{RATE:,} lines/s", 1.0, time / due, time, due)
        for way, time in (("", median(clocks)), (", one process", median(cpus)))
    ]


def _without_findings(tree: Path) -> Path:
    """Take the files out in which the codemod finds something, or which it cannot read.

    Until none is left: a file may be found wanting for lack of one that was taken out.
    """
    while paths := _found(tree):
        for path in paths:
            path.unlink()
    return tree


def _found(tree: Path) -> set[Path]:
    told = json.loads(_command("--check", "--output-format", "json", tree))
    return {Path(item["path"]) for kind in ("findings", "errors") for item in told[kind]}


def _peak_memory(tree: Path) -> float:
    """Megabytes that a run over the tree takes at most."""
    code = (
        "import re; from getter_compat.codemod.cli import main;"
        f"main(['--check', '-q', '--jobs', '1', {str(tree)!r}]);"
        "print(re.search(r'VmHWM:\\s+(\\d+)', open('/proc/self/status').read())[1])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    return int(result.stdout.split()[-1]) / 1024


def _row(what: str, target: float, ours: float, peer: float) -> Row:
    return Row(what, "tf_upgrade_v2", target, ours / peer, ours, peer)


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8", "replace")


def _sample(texts: list[str]) -> list[str]:
    return random.Random(0).sample(texts, min(SAMPLE, len(texts)))


def _needs_rewriting(text: str) -> bool:
    if "tensorflow" not in text:
        return False
    try:
        return rewrite(text).source != text
    except RewriteError:
        return False


def _upgrade(text: str) -> None:
    """What tf_upgrade_v2 does to one file; where it crashes, the time until then counts."""
    from tensorflow.tools.compatibility import ast_edits, tf_upgrade_v2

    upgrader = ast_edits.ASTCodeUpgrader(tf_upgrade_v2.TFAPIChangeSpec())
    try:
        upgrader.update_string_pasta(text, "module.py")
    except Exception:
        return


def _command(*arguments: object, settled: bool | None = None) -> str:
    """What the command prints; its exit status must say what we know of the tree, if we do."""
    command = [sys.executable, "-m", "getter_compat.codemod", "-q", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # What is installed is compiled.
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if settled is not None and settled != (result.returncode == 0):
        sys.exit(f"{' '.join(command)}: exit status {result.returncode}")
    return result.stdout


def _measured(action: Callable[[], object]) -> tuple[float, float]:
    """Seconds of processor time, of this process and those that it ran, and on the clock."""
    before, start = os.times(), time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        action()
    clock, after = time.perf_counter() - start, os.times()
    return sum(after[:4]) - sum(before[:4]), clock


if __name__ == "__main__":
    import tensorflow.tools.compatibility.tf_upgrade_v2  # noqa: F401

    main()
