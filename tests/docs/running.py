"""Run the blocks of a section, and tell what each result in it ought to be."""

from __future__ import annotations

import contextlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import tensorflow as tf

from getter_compat import reset_default_store
from getter_compat.codemod.rewrite import Options, rewrite
from tests.docs.documents import ROOT, Block, Section, commands


@dataclass(frozen=True)
class Outcome:
    """A block that says what comes of another one, and what really comes of it."""

    block: Block
    found: str


@contextlib.contextmanager
def scratch_folder(folder: Path) -> Iterator[None]:
    """Make a folder the current one, and forget the modules that were imported from it."""
    old, modules = Path.cwd(), set(sys.modules)
    os.chdir(folder)
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        os.chdir(old)
        sys.path[:] = [path for path in sys.path if path not in (str(folder), "src")]
        for name in set(sys.modules) - modules:
            if str(getattr(sys.modules[name], "__file__", "")).startswith(str(folder)):
                del sys.modules[name]


class Running:
    """A section that is being run in a scratch folder, which is the current one."""

    def __init__(self, section: Section, folder: Path) -> None:
        self._rest = list(section.blocks)
        self._folder = folder
        self._namespace: dict[str, Any] = {"__name__": "__main__"}

    def outcomes(self) -> Iterator[Outcome]:
        """Run every block."""
        tf.keras.backend.clear_session()
        tf.keras.utils.set_random_seed(0)
        reset_default_store()
        while self._rest:
            block = self._rest.pop(0)
            yield from self._run(block)
            # It would be off for every test that comes after in this process.
            assert tf.executing_eagerly(), f"{block.place}: write it into a file, and run that"

    def _run(self, block: Block) -> Iterator[Outcome]:
        if block.file:
            path = self._folder / block.file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.text, encoding="utf-8")
        if block.language == "console":
            yield self._type_in(block)
        elif block.is_tf1 and not block.file:
            yield from self._rewrite(block)
        elif block.language == "python" and not (block.is_tf1 or block.is_rules):
            yield from self._execute(block, block.text)
        elif not block.file:
            raise AssertionError(f"{block.place}: nothing comes of this {block.info!r} block")

    def _next(self, *infos: str) -> Block | None:
        """The next block, if it is of one of these kinds."""
        return self._rest.pop(0) if self._rest and self._rest[0].info in infos else None

    def _rewrite(self, block: Block) -> Iterator[Outcome]:
        target = "eager" if "eager" in block.info.split(" ") else "graph"
        result = rewrite(block.text, Options(target=target))
        changed = result.source != block.text
        after = self._next("python") if changed else None
        if after is not None:
            yield Outcome(after, result.source)
        elif changed:
            raise AssertionError(f"{block.place}: show what the codemod writes:\n{result.source}")
        left = [
            f"{f.line}:{f.column}: {f.rule} {f.message}"
            for f in result.findings
            if f.status == "left"
        ]
        told = self._next("text findings")
        if told is not None:
            yield Outcome(told, "".join(f"{line}\n" for line in left))
        elif left:
            raise AssertionError(f"{block.place}: say what the codemod leaves:\n{left}")
        if after is not None:
            yield from self._execute(after, result.source)

    def _execute(self, block: Block, source: str) -> Iterator[Outcome]:
        printed = io.StringIO()
        error = self._next("text error")
        raised = None
        try:
            with contextlib.redirect_stdout(printed):
                # Line numbers in a traceback are those of the document.
                code = compile("\n" * (block.line - 1) + source, block.document, "exec")
                exec(code, self._namespace)
        except Exception as caught:
            if error is None:
                raise
            raised = f"{type(caught).__name__}: {_message(caught)}\n"
        if error is not None:
            yield Outcome(error, raised or "nothing was raised\n")
        said = self._next("text")
        if said is not None:
            yield Outcome(said, printed.getvalue())

    def _type_in(self, block: Block) -> Outcome:
        found = ""
        for command, output, status in commands(block):
            done = _shell(command, self._folder)
            assert done.returncode == status, f"{block.place}: {command}\n{done.stdout}"
            # A command that is shown without its output need not print nothing.
            found += f"$ {command}\n{done.stdout if output.strip() else output}"
        return Outcome(block, found)


def _message(error: Exception) -> str:
    """The message without the colours that Keras gives it."""
    return re.sub(r"\x1b\[[0-9;]*m", "", str(error))


def _shell(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", _stand_in(command)],
        cwd=ROOT if command.startswith(("make ", "pip ")) else folder,
        env={
            **os.environ,
            "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
            "PYTHONPATH": str(ROOT),
            "COLUMNS": "100",
            "CUDA_VISIBLE_DEVICES": "-1",
            "TF_CPP_MIN_LOG_LEVEL": "3",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
    )


def _stand_in(command: str) -> str:
    """What is run: the command itself, unless it sets up an environment or runs this very test."""
    if command == "make demo":
        return "python scripts/demo.py"
    if command.startswith("make "):
        return command.replace("make ", "make --dry-run ", 1)
    if command.startswith("pip install "):
        extra = re.search(r"\[(\w+)\]", command)
        assert extra, command
        return f"grep -E '^{extra[1]} = ' pyproject.toml"
    return command
