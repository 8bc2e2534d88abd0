"""What kills, full disks, editors, threads and long runs do to it: `make torture`.

    python scripts/torture.py                    everything, in some minutes
    python scripts/torture.py --scale 10         ten times as much of everything
    python scripts/torture.py --only kills --only editors --seed 7

Each row counts what was tried and what broke a promise: a file torn, an edit lost, a write after
the end, a name or a number that is not what one thread alone makes, memory or time that grows. The
table is for the documents. Exit status: 0 where nothing broke, 1 otherwise.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = Path(__file__).resolve().parent / "torture_runtime.py"
CODEMOD = [sys.executable, "-m", "getter_compat.codemod"]
ENVIRONMENT = {
    **os.environ,
    "PYTHONPATH": str(ROOT),
    "CUDA_VISIBLE_DEVICES": "-1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}

OLD = "import tensorflow as tf\nwith tf.variable_scope('a'):\n    tf.abs(x)\n" + "x = 1\n" * 200
NEW = OLD.replace("import tensorflow", "import getter_compat\nimport tensorflow").replace(
    "tf.variable_scope", "getter_compat.getter_scope"
)
# As they write files: in place, by a new file, and in place without emptying it first.
WAYS_TO_SAVE = ("truncating", "renaming", "overwriting")


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    tried: str
    broken: int


class Tree:
    """A folder of sources that are all to be rewritten."""

    def __init__(self, folder: Path, count: int) -> None:
        self.folder = folder
        self.paths = [folder / f"m{number}.py" for number in range(count)]
        for path in self.paths:
            path.write_text(OLD)

    def torn(self) -> int:
        """How many files hold neither the old text nor the new one."""
        return sum(path.read_text() not in (OLD, NEW) for path in self.paths)

    def rewritten(self) -> int:
        """How many files hold the new text."""
        return sum(path.read_text() == NEW for path in self.paths)

    def others(self) -> int:
        """How many files are there that were not: left over by runs."""
        return len(os.listdir(self.folder)) - len(self.paths)

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Begin a run over it, in a process group of its own."""
        return subprocess.Popen(
            [*CODEMOD, "--jobs", "2", *options, "."],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env=ENVIRONMENT,
        )

    def wait_until(self, count: int, process: subprocess.Popen[str]) -> None:
        """Wait until so many files were rewritten, or the run is over."""
        sizes = {len(NEW)}
        while process.poll() is None:
            if sum(path.stat().st_size in sizes for path in self.paths) >= count:
                return


@contextlib.contextmanager
def tree(count: int) -> Iterator[Tree]:
    """A tree in a scratch folder."""
    with tempfile.TemporaryDirectory() as folder:
        yield Tree(Path(folder), count)


@contextlib.contextmanager
def readers(found: Tree) -> Iterator[list[int]]:
    """Read all files again and again meanwhile; how many reads, and how many were torn."""
    counts, done = [0, 0], threading.Event()

    def read() -> None:
        while not done.is_set():
            for path in found.paths:
                counts[0] += 1
                counts[1] += path.read_text() not in (OLD, NEW)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        yield counts
    finally:
        done.set()
        thread.join()


# The codemod.


def kills(scale: float, chance: random.Random) -> Iterator[Row]:
    """Kill the main process, its group, or one of its workers, at a random moment."""
    rounds = max(3, round(20 * scale))
    reads = torn = left = late = undone = 0
    for _ in range(rounds):
        with tree(200) as files, readers(files) as counts:
            process = files.start()
            files.wait_until(chance.randrange(1, 150), process)
            _kill(process, chance.choice(["main", "group", "worker"]))
            process.communicate()  # until the last process that writes is gone
            after = files.rewritten()
            torn += files.torn()
            again = files.start("-q")
            again.communicate()
            late += files.rewritten() < after
            undone += len(files.paths) - files.rewritten()
            left += files.others()
        reads += counts[0]
        torn += counts[1]
    yield Row("kills: files torn, while they are read", f"{rounds} kills, {reads:,} reads", torn)
    yield Row("kills: files that a later run does not rewrite", f"{rounds} runs", undone + late)
    yield Row("kills: temporary files after a later run", f"{rounds} runs", left)


def _kill(process: subprocess.Popen[str], whom: str) -> None:
    with contextlib.suppress(ProcessLookupError):
        if whom == "group":
            os.killpg(process.pid, signal.SIGKILL)
        elif whom == "main":
            process.kill()
        else:
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
            workers = children.read_text().split() if children.exists() else []
            os.kill(int(workers[0]) if workers else process.pid, signal.SIGKILL)


def signals(scale: float, chance: random.Random) -> Iterator[Row]:
    """Ask a run to end, at a random moment; what it tells is what it did."""
    rounds = max(3, round(15 * scale))
    wrong = torn = left = 0
    for _ in range(rounds):
        number = chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
        with tree(200) as files:
            process = files.start()
            files.wait_until(chance.randrange(1, 150), process)
            os.killpg(process.pid, number)
            _, errors = process.communicate()
            told = f"looked at, {files.rewritten()} rewritten"
            ended = process.returncode in (128 + number, -number)
            over = process.returncode == 0 and files.rewritten() == len(files.paths)
            wrong += not over and not (ended and (told in errors or not files.rewritten()))
            torn += files.torn()
            left += files.others()
    yield Row("signals: files torn, or left over", f"{rounds} signals", torn + left)
    yield Row("signals: told otherwise than done", f"{rounds} signals", wrong)


def full_disks(scale: float, chance: random.Random) -> Iterator[Row]:
    """Let no file grow beyond some size, as on a disk that is full."""
    rounds = max(2, round(8 * scale))
    torn = left = silent = 0
    for _ in range(rounds):
        limit = chance.randrange(0, len(NEW))
        with tree(40) as files:
            process = subprocess.Popen(
                [*CODEMOD, "--jobs", "1", "."],
                cwd=files.folder,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                env={**ENVIRONMENT, "PYTHONDONTWRITEBYTECODE": "1"},
                preexec_fn=lambda limit=limit: _limit_files(limit),
            )
            output, _ = process.communicate()
            torn += files.torn() + files.rewritten()
            left += files.others()
            silent += process.returncode != 2 or output.count("was left as it was") != 40
    yield Row("full disk: files torn, or left over", f"{rounds * 40} files", torn + left)
    yield Row("full disk: not told", f"{rounds} runs", silent)


def _limit_files(size: int) -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def editors(scale: float, chance: random.Random) -> Iterator[Row]:
    """Save files while they are rewritten: what was saved last is there afterwards."""
    rounds = max(2, round(8 * scale))
    saves = dict.fromkeys(WAYS_TO_SAVE, 0)
    lost = dict.fromkeys(WAYS_TO_SAVE, 0)
    left = met = 0
    for _ in range(rounds):
        with tree(150) as files:
            process = files.start()
            edited: dict[Path, tuple[str, str]] = {}
            while process.poll() is None:
                path, way = chance.choice(files.paths), chance.choice(WAYS_TO_SAVE)
                edited[path] = (way, f"# edit {sum(saves.values())} of {path.name}\n")
                saves[way] += 1
                _save(path, OLD + edited[path][1], way)
            output, _ = process.communicate()
            met += output.count("changed while it was being rewritten")
            for path, (way, mark) in edited.items():
                lost[way] += mark not in path.read_text()
            left += files.others()
    for way in WAYS_TO_SAVE:
        yield Row(f"editors: last saves lost ({way})", f"{saves[way]:,} saves", lost[way])
    yield Row("editors: temporary files left", f"{rounds} runs, {met} met a save", left)


def _save(path: Path, text: str, way: str) -> None:
    if way == "renaming":
        other = path.with_suffix(".saving")
        other.write_text(text)
        os.replace(other, path)
        return
    with path.open("w" if way == "truncating" else "r+") as file:
        file.write(text)
        file.truncate()


def two_runs(scale: float, chance: random.Random) -> Iterator[Row]:
    """Two runs over one tree at once: each file is rewritten once, by one of them."""
    rounds = max(2, round(8 * scale))
    broken = 0
    for _ in range(rounds):
        with tree(150) as files:
            both = [files.start("-q"), files.start("-q")]
            for process in both:
                process.communicate()
            files.start("-q").communicate()
            broken += files.torn() + len(files.paths) - files.rewritten() + files.others()
    yield Row("two runs on one tree: files not whole", f"{rounds * 150:,} files", broken)


# The runtime, each part in a process of its own.


def runtime(part: str) -> Callable[[float, random.Random], Iterator[Row]]:
    """A part of torture_runtime.py."""

    def run(scale: float, chance: random.Random) -> Iterator[Row]:
        command = [sys.executable, PARTS, part, str(scale), str(chance.randrange(10**6))]
        done = subprocess.run(command, env=ENVIRONMENT, capture_output=True, text=True)
        rows = [line.split("\t") for line in done.stdout.splitlines() if line.count("\t") == 2]
        yield from (Row(what, tried, int(broken)) for what, tried, broken in rows)
        if done.returncode or not rows:
            said = done.stderr.strip().splitlines()[-1:] or [f"status {done.returncode}"]
            yield Row(f"{part}: {said[0][:60]}", "ended early", 1)

    return run


TORTURES: dict[str, Callable[[float, random.Random], Iterator[Row]]] = {
    "kills": kills,
    "signals": signals,
    "full_disks": full_disks,
    "editors": editors,
    "two_runs": two_runs,
    "threads": runtime("threads"),
    "tasks": runtime("tasks"),
    "failures": runtime("failures"),
    "dropped": runtime("dropped"),
    "steps": runtime("steps"),
    "processes": runtime("processes"),
    "shutdown": runtime("shutdown"),
}


def main() -> int:
    """Run what was asked for, and print the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", action="append", choices=TORTURES, help="may be given again")
    parser.add_argument("--scale", type=float, default=1.0, help="how much (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=None, help="of the random moments")
    asked = parser.parse_args()
    seed = random.randrange(10**6) if asked.seed is None else asked.seed
    print(f"seed {seed}", file=sys.stderr)
    rows: list[Row] = []
    for name in asked.only or TORTURES:
        begun = time.monotonic()
        rows += TORTURES[name](asked.scale, random.Random(f"{seed} {name}"))
        print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr, flush=True)
    width = max(len(row.what) for row in rows), max(len(row.tried) for row in rows)
    print(f"| {'what breaks a promise':<{width[0]}} | {'tried':<{width[1]}} | broken |")
    print(f"|{'-' * (width[0] + 2)}|{'-' * (width[1] + 2)}|-------:|")
    for row in rows:
        print(f"| {row.what:<{width[0]}} | {row.tried:<{width[1]}} | {row.broken:>6} |")
    return int(any(row.broken for row in rows))


if __name__ == "__main__":
    sys.exit(main())
