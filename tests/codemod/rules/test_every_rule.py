"""Every rule has a whole program among its tests, which runs once it is rewritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from getter_compat.codemod.rules import RULES

FOLDERS = (Path(__file__).parent, Path(__file__).parents[1])


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_program_is_rewritten_and_run(name: str) -> None:
    tests = (folder / f"test_{name}.py" for folder in FOLDERS)
    text = "".join(path.read_text() for path in tests if path.exists())
    assert any(runs in text for runs in ("check_program(", "exec(rewrite(", "check_run("))
