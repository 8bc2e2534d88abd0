"""The GitHub Action and the pre-commit hooks, as far as they run outside of their services."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.documents import ROOT

_TOMLLIB = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
SCRIPTS = _TOMLLIB.loads((ROOT / "pyproject.toml").read_text())["project"]["scripts"]

TF1 = "import tensorflow as tf\n\nwith tf.variable_scope('net'):\n    tf.contrib.bayesflow.f()\n"


def load(name: str) -> Any:
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
    )


def check_step() -> str:
    return str(load(".github/actions/check/action.yml")["runs"]["steps"][-1]["run"])


def test_action_annotates_what_is_left_and_fails(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(TF1)
    done = shell(check_step(), tmp_path, PATHS="model.py", ARGUMENTS="")
    assert done.returncode == 1
    assert re.findall(r"::(\w+) title=[^(]+\((\w+)\),file=model.py,line=(\d)", done.stdout) == [
        ("notice", "variable_scope", "3"),
        ("warning", "contrib", "4"),
    ]
    assert (tmp_path / "model.py").read_text() == TF1


def test_action_takes_options_and_passes_where_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(TF1)
    arguments = "--ignore contrib,variable_scope"
    done = shell(check_step(), tmp_path, PATHS="model.py .", ARGUMENTS=arguments)
    assert (done.returncode, done.stdout) == (0, "")


def test_action_leaves_patterns_to_the_codemod(tmp_path: Path) -> None:
    for name in ("model.py", "old/a.py", "old/b.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(TF1)
    done = shell(check_step(), tmp_path, PATHS="*.py old", ARGUMENTS="--exclude old/*.py")
    assert set(re.findall(r"file=([\w/]+\.py)", done.stdout)) == {"model.py"}


def test_action_installs_the_project_that_it_is_in() -> None:
    install = load(".github/actions/check/action.yml")["runs"]["steps"][1]["run"]
    action = ROOT / ".github" / "actions" / "check"
    place = install.split('"')[1].replace("$GITHUB_ACTION_PATH", str(action))
    assert (Path(place) / "pyproject.toml").resolve() == ROOT / "pyproject.toml"


@pytest.mark.parametrize("hook", load(".pre-commit-hooks.yaml"), ids=lambda hook: hook["id"])
def test_hooks_run_a_command_of_the_project(hook: dict[str, Any], tmp_path: Path) -> None:
    command, *options = hook["entry"].split()
    module, _, function = SCRIPTS[command].partition(":")
    (tmp_path / "model.py").write_text(TF1)
    code = f"import sys; from {module} import {function}; sys.exit({function}())"
    done = subprocess.run(
        [sys.executable, "-c", code, *options, "model.py"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1, done.stderr
    assert ((tmp_path / "model.py").read_text() == TF1) == ("--check" in options)


def test_hooks_that_the_guide_names_are_there() -> None:
    guide = (ROOT / "MIGRATION.md").read_text(encoding="utf-8")
    named = re.findall(r"^ +- id: ([\w-]+)$", guide, re.MULTILINE)
    assert named
    assert set(named) <= {hook["id"] for hook in load(".pre-commit-hooks.yaml")}


def test_action_that_the_guide_uses_is_there() -> None:
    guide = (ROOT / "MIGRATION.md").read_text(encoding="utf-8")
    paths = re.findall(r"uses: getter-compat/getter-compat/(\S+)@", guide)
    assert paths
    assert all((ROOT / path / "action.yml").exists() for path in paths)


# The repository itself.

FORMS = sorted(
    path for path in (ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml") if path.stem != "config"
)


def test_help_tells_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    told = re.findall(r'@echo "make ([\w, -]+?)(?: {2}|:)', makefile)
    assert targets is not None
    assert {*targets[1].split()} - {"help"} == {name for line in told for name in line.split(", ")}


def test_hooks_of_this_repository_are_what_lint_runs() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    (local,) = load(".pre-commit-config.yaml")["repos"]
    commands = {" ".join(hook["entry"].split()[1:3]) for hook in local["hooks"]}
    recipe = makefile.partition("\nlint:")[2].partition("\n\n")[0]
    assert commands == set(re.findall(r"\$\(PY\) (-m \w+)", recipe))


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.stem)
def test_issue_forms_ask_for_versions_by_the_command_that_prints_them(path: Path) -> None:
    form = load(str(path.relative_to(ROOT)))
    assert form["name"]
    assert form["description"]
    fields = {item["id"]: item for item in form["body"]}
    assert all(field["attributes"]["label"] for field in fields.values())
    assert "`python -m getter_compat`" in fields["versions"]["attributes"]["description"]


def test_links_of_the_issue_chooser_lead_somewhere() -> None:
    links = load(".github/ISSUE_TEMPLATE/config.yml")["contact_links"]
    assert FORMS
    for link in links:
        assert (ROOT / link["url"].partition("/blob/main/")[2]).is_file()
