"""The codemod beside tf_upgrade_v2, on the same files, in turns, in one run.

    python benchmarks/bench_codemod.py [CORPUS]

The corpus is what scripts/fetch_corpus.py fetches. TensorFlow's own tool runs in this process, its
import not counted; ours also runs as the command that a user types. Rows about one process compare
processor time, which other work on the machine does not change; those about two compare the time
on the clock, and need two idle processors.
"""

from __future__ import annotations

import contextlib
import io
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

from getter_compat.codemod.findings import RewriteError  # noqa: E402
from getter_compat.codemod.rewrite import rewrite  # noqa: E402

SAMPLE = 60
ROUNDS = 3


def main() -> None:
    corpus = Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER
    if not any(corpus.rglob("*.py")):
        sys.exit(f"there is no corpus in {corpus}: run scripts/fetch_corpus.py first")
    everything = {path: _text(path) for path in sorted(corpus.rglob("*.py"))}
    texts = _sample([text for text in everything.values() if _needs_rewriting(text)])
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
        _row(f"{what}, one process", 1 / 3, *cpu),
        _row(f"{what}, two processes", 1 / 5, *clock),
    ]


def _trees(corpus: Path, folder: Path) -> list[Row]:
    """The whole corpus, and what is left of it after a run."""
    tree = folder / "tree"
    shutil.copytree(corpus, tree)
    texts = [_text(path) for path in sorted(tree.rglob("*.py"))]
    lines = sum(text.count("\n") for text in texts)
    part = _sample(texts, SAMPLE)
    share = lines / sum(text.count("\n") for text in part)
    peer, _ = _measured(lambda: [_upgrade(text) for text in part])
    ours, _ = _measured(lambda: _command("--jobs", "1", tree))
    again, _ = _measured(lambda: _command("--check", "--jobs", "1", tree))
    start = min(_measured(lambda: _command("--list-rules"))[0] for _ in range(5))
    peak = _peak_memory(tree)
    return [
        _row(f"a whole tree of {lines:,} lines", 1 / 15, ours, peer * share),
        Row(
            "--check of it, nothing left",
            "300,000 lines/s",
            1.0,
            again / (lines / 3e5),
            again,
            lines / 3e5,
        ),
        Row("start-up", "0.3 s", 1.0, start / 0.3, start, 0.3),
        Row("peak memory of a process", "200 MB", 1.0, peak / 200, peak, 200, "MB"),
    ]


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


def _sample(texts: list[str], number: int = SAMPLE) -> list[str]:
    return random.Random(0).sample(texts, min(number, len(texts)))


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


def _command(*arguments: object) -> None:
    command = [sys.executable, "-m", "getter_compat.codemod", "-q", *map(str, arguments)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


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
