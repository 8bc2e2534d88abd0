"""Every rule has examples, and a whole program among its tests, which runs once it is rewritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from getter_compat.codemod import own_rules
from getter_compat.codemod.rules import RULES

FOLDERS = (Path(__file__).parent, Path(__file__).parents[1])


@pytest.mark.parametrize("name", sorted(RULES))
def test_a_program_is_rewritten_and_run(name: str) -> None:
    tests = (folder / f"test_{name}.py" for folder in FOLDERS)
    text = "".join(path.read_text() for path in tests if path.exists())
    assert any(runs in text for runs in ("check_program(", "exec(rewrite(", "check_run("))


@pytest.mark.parametrize("name", sorted(RULES))
def test_its_examples_hold(name: str) -> None:
    rule = RULES[name]
    assert rule.examples
    assert not [trouble for it in rule.examples if (trouble := own_rules.tried(rule, it))]
