"""Show what the project does, on two TF1 programs: `make demo`.

The programs are copied into a scratch folder, rewritten there by the codemod, and run before and
after. Everything is compared with what TensorFlow 1.15.5 did with them, which is recorded beside
each example: the original in `tf.compat.v1` graph mode, live and in a process of its own, and the
rewritten program, eager and as a `tf.function`. Exit status 0: all equal; 1: not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from getter_compat.verify.compare import Check, compare  # noqa: E402
from getter_compat.verify.examples import Example, load_example  # noqa: E402
from getter_compat.verify.inputs import make_input  # noqa: E402
from getter_compat.verify.processes import SideError  # noqa: E402
from getter_compat.verify.report import rows  # noqa: E402
from getter_compat.verify.sides import Job, run_after, run_before  # noqa: E402
from getter_compat.verify.tf1_side import Record  # noqa: E402

# The question that this project answers, and a weight that is computed from a variable.
EXAMPLES = ("origin", "kept_layers")
COLUMNS = ("original, tf.compat.v1", "rewritten, eager", "rewritten, tf.function")
_WIDTH_OF_A_FILE = 110

Records = list[Record]  # one for each column


def main() -> int:
    """Rewrite, run, compare; the exit status."""
    console = Console(width=None if sys.stdout.isatty() else _WIDTH_OF_A_FILE)
    examples = [load_example(ROOT / "examples" / name) for name in EXAMPLES]
    with tempfile.TemporaryDirectory() as folder:
        programs = [Path(folder, f"{example.name}.py") for example in examples]
        for example, program in zip(examples, programs, strict=True):
            shutil.copy(example.before, program)
        if not (rewrite(console, programs, "--diff") and rewrite(console, programs)):
            return 1
        console.print("\nRunning the originals and the rewritten programs ...")
        try:
            records = run(examples, programs, Path(folder))
        except SideError as error:
            console.print(escape(f"could not run: {error}"), soft_wrap=True)
            return 1
    return show(console, examples, records)


def rewrite(console: Console, programs: list[Path], *options: str) -> bool:
    """Run the codemod's own command line; tell whether it did its work."""
    command = ["-m", "getter_compat.codemod", *options, *(program.name for program in programs)]
    console.print(f"\n[bold]$ python {' '.join(command)}[/bold]", soft_wrap=True)
    sys.stdout.flush()
    environment = {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=programs[0].parent,
        env={**os.environ, **environment},
        stderr=subprocess.STDOUT,
    )
    return done.returncode in (0, 1)  # 1: there is, or was, something to do


def run(examples: list[Example], programs: list[Path], scratch: Path) -> list[Records]:
    """Run all examples, each side in one process; the records in the order of the columns."""
    jobs = [
        Job(
            f"{example.before}:{example.function}",
            f"{program}:{example.function}",
            {name: make_input(name, spec) for name, spec in example.inputs.items()},
            example.arguments,
            example.training_arguments,
            example.constructor,
            example.steps,
        )
        for example, program in zip(examples, programs, strict=True)
    ]
    live = run_before(jobs, scratch)
    recordings = [example.recording for example in examples]
    rewritten = run_after(jobs, recordings, scratch, legacy_keras=False)
    return [[before, *after.values()] for before, after in zip(live, rewritten, strict=True)]


def show(console: Console, examples: list[Example], records: list[Records]) -> int:
    """Print the table and what is wrong; the exit status."""
    table = Table(
        title="Compared with TensorFlow 1.15.5",
        title_justify="left",
        caption="equal, 1e-08: the largest difference there is",
        caption_justify="left",
    )
    for heading in ("compared", "original, TF 1.15.5", *COLUMNS):
        table.add_column(heading)
    problems: list[str] = []
    for example, columns in zip(examples, records, strict=True):
        recorded = Record.load(str(example.recording))
        checks = [
            check(example, column, record, recorded, problems)
            for column, record in zip(COLUMNS, columns, strict=True)
        ]
        table.add_section()
        table.add_row(f"[bold]{example.name}[/bold]")
        for row in rows(checks):
            table.add_row(*row)
    console.print(table)
    for problem in problems:
        console.print(escape(problem), highlight=False, soft_wrap=True)
    console.print(f"[bold]{'not equal' if problems else 'equal'}[/bold]")
    return 1 if problems else 0


def check(
    example: Example, column: str, record: Record, recorded: Record, problems: list[str]
) -> list[Check]:
    """Compare one column with the recording; note what is wrong."""
    where = f"{example.name}, {column}"
    if record.error:
        problems.append(f"{where}: {record.error['type']}: {record.error['message']}")
        return []
    checks = compare(recorded, record)
    problems += [f"{where}: {item.what}: {text}" for item in checks for text in item.problems]
    return checks


if __name__ == "__main__":
    sys.exit(main())
