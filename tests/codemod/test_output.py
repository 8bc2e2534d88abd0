"""The machine-readable forms, beyond what test_cli.py shows."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import jsonschema
import pytest

from getter_compat.codemod.explaining import explanation
from getter_compat.codemod.findings import Finding, Place, Trouble
from getter_compat.codemod.output import diff, github, sarif
from getter_compat.codemod.rules import RULES
from getter_compat.codemod.run import FileReport, Run
from tests.forking import codemod

SCHEMAS = Path(__file__).parents[1] / "data" / "schemas"

RUN = Run(
    [
        FileReport(
            "a b/mé.py",
            (
                Finding(
                    Place(3, 5, 3, 20),
                    "layers",
                    "tf.layers.Dense -> tf.keras.layers.Dense",
                    "rewritten",
                ),
                Finding(Place(9, 1, 9, 6), "symbols", "100% left, <b>: a\nb", "left"),
                Finding(Place(12, 1, 13, 2), "symbols", "tf.Session: below tf.compat.v1", "runs"),
            ),
        ),
        FileReport("broken.py", errors=(Trouble(2, "does not parse"),)),
    ]
)


def test_sarif() -> None:
    """The properties that SARIF 2.1.0 requires, with indices and places that agree."""
    document = json.loads(sarif.render(RUN))
    assert document["version"] == "2.1.0"
    (run,) = document["runs"]
    driver = run["tool"]["driver"]
    assert driver["name"] == "getter-compat"
    assert {rule["id"] for rule in driver["rules"]} == set(RULES)
    (result,) = run["results"]
    assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "symbols"
    assert result["level"] == "warning"
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "a%20b/m%C3%A9.py"
    assert place["region"] == {"startLine": 9, "startColumn": 1, "endLine": 9, "endColumn": 6}
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["message"]["text"] == "does not parse"


def test_sarif_of_a_check_shows_what_would_be_rewritten() -> None:
    document = json.loads(sarif.render(Run(RUN.reports, dry=True)))
    levels = [result["level"] for result in document["runs"][0]["results"]]
    assert levels == ["note", "warning"]


def test_sarif_tells_what_runs_for_information() -> None:
    results = json.loads(sarif.render(RUN, verbose=True))["runs"][0]["results"]
    assert [(result["kind"], result["level"]) for result in results] == [
        ("fail", "note"),
        ("fail", "warning"),
        ("informational", "none"),
    ]


def test_github_annotations_are_escaped() -> None:
    first, second = github.render(RUN).splitlines()
    assert first.startswith("::warning title=getter-compat%3A left for a person (symbols),")
    assert "::100%25 left, <b>: a%0Ab (" in first
    assert "file=a b/mé.py,line=9,endLine=9,col=1,endColumn=6::" in first
    assert second == "::error title=getter-compat,file=broken.py,line=2::does not parse"


def test_github_properties_escape_what_ends_them() -> None:
    """The runner cuts properties at `,` and the command at `::`; lines end a command."""
    path = "a,b: 100%\r\n.py"
    run = Run(
        [FileReport(path, (Finding(Place(1, 2, 1, 3), "layers", "x, y: 100%\r\n::error", "left"),))]
    )
    (line,) = github.render(run).splitlines()
    place = "file=a%2Cb%3A 100%25%0D%0A.py,line=1,endLine=1,col=2,endColumn=3"
    assert f"{place}::x, y: 100%25%0D%0A::error (" in line


OLD = "import tensorflow as tf\nx = 'é😀'; tf.log(tf.contrib.bayesflow.f(tf.to_float(1)))\n"
ODD_NAMES = ("a b.py", "100%.py", "mé.py", "😀.py", "c:d,e.py", "q?#&<.py", "new\nline.py")


@pytest.fixture
def odd_tree(tmp_path: Path) -> Path:
    """Files that have findings, under names that need quoting, and files that are errors."""
    folder = tmp_path / "tree"
    (folder / "sub folder").mkdir(parents=True)
    for name in (*ODD_NAMES, "sub folder/x.py"):
        (folder / name).write_text(OLD, encoding="utf-8")
    if sys.platform == "linux":
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff.py")).write_text(OLD, encoding="utf-8")
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "source": OLD.splitlines(True)}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 2}
    (folder / "n b.ipynb").write_text(json.dumps(notebook, indent=1), encoding="utf-8")
    (folder / "python2.py").write_text("import tensorflow\nprint tensorflow.log(1)\n")
    (folder / "broken.ipynb").write_text('{"tensorflow": ')
    (folder / "bytes.py").write_bytes(b"import tensorflow\n# \xff\n")
    return folder


def validator(name: str) -> jsonschema.Draft7Validator:
    schema = json.loads((SCHEMAS / name).read_text(encoding="utf-8"))
    checker = jsonschema.Draft7Validator.FORMAT_CHECKER
    # Without the package that checks a format, jsonschema lets everything pass.
    assert {"uri", "uri-reference"} <= set(checker.checkers)
    return jsonschema.Draft7Validator(schema, format_checker=checker)


def written(form: str, folder: Path, *arguments: object) -> Any:
    """What the command prints, which is valid by the form's schema."""
    result = codemod("--output-format", form, *(arguments or ["."]), folder=folder)
    assert result.stderr == ""
    document = json.loads(result.stdout)
    schema = {"sarif": "sarif-2.1.0.json", "json": "findings-2.json"}[form]
    complaints = [f"{e.json_path}: {e.message}" for e in validator(schema).iter_errors(document)]
    assert complaints == []
    return document


def uris(document: Any) -> Iterator[str]:
    (run,) = document["runs"]
    notifications = run["invocations"][0]["toolExecutionNotifications"]
    for item in (*run["results"], *notifications):
        yield item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]


@pytest.mark.parametrize("mode", [["--check"], ["--diff"], []])
def test_sarif_is_valid(odd_tree: Path, mode: list[str]) -> None:
    document = written("sarif", odd_tree, *mode, ".")
    named = {unquote(uri) for uri in uris(document)}
    assert named >= {*ODD_NAMES, "sub folder/x.py", "n b.ipynb", "python2.py", "bytes.py"}
    (run,) = document["runs"]
    assert run["results"]
    assert run["invocations"][0]["executionSuccessful"] is False
    levels = {result["level"] for result in run["results"]}
    assert levels == ({"note", "warning"} if mode else {"warning"})


def test_sarif_of_absolute_paths_is_valid(odd_tree: Path, tmp_path: Path) -> None:
    document = written("sarif", tmp_path, "--check", odd_tree)
    assert {(odd_tree / name).as_uri() for name in ODD_NAMES} <= set(uris(document))


@pytest.mark.parametrize("form", ["sarif", "json"])
def test_nothing_found_is_valid(tmp_path: Path, form: str) -> None:
    (tmp_path / "a.py").write_text("import tensorflow as tf\n")
    written(form, tmp_path)


def test_the_schema_refuses_what_is_wrong(odd_tree: Path) -> None:
    document = written("sarif", odd_tree, "--check", ".")
    result = document["runs"][0]["results"][0]
    result["level"] = "severe"
    result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "a b.py"
    found = {error.json_path for error in validator("sarif-2.1.0.json").iter_errors(document)}
    place = "$.runs[0].results[0]"
    uri = f"{place}.locations[0].physicalLocation.artifactLocation.uri"
    assert found == {f"{place}.level", uri}


def test_json_is_valid(odd_tree: Path) -> None:
    document = written("json", odd_tree, "--check", ".")
    assert {finding["path"] for finding in document["findings"]} >= set(ODD_NAMES)
    assert {error["path"] for error in document["errors"]} == {
        *("broken.ipynb", "bytes.py", "python2.py")
    }


@pytest.mark.skipif(sys.platform != "linux", reason="only here a file name may be any bytes")
@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_a_file_name_that_is_no_text(odd_tree: Path, form: str) -> None:
    report = odd_tree.parent / "report.html"
    options = ("--check", "--output-format", form, "--report", report)
    result = codemod(*options, ".", folder=odd_tree)
    assert "Traceback" not in result.stderr
    assert "?.py" in unquote(result.stdout)
    assert "?.py" in report.read_text(encoding="utf-8")


def test_diff_marks_a_missing_final_newline() -> None:
    report = FileReport("/x/a.py", before="a\r\nb", after="c\r\nb", changed=True)
    assert diff.render(Run([report])) == (
        "--- a/x/a.py\n+++ b/x/a.py\n@@ -1,2 +1,2 @@\n-a\r\n+c\r\n b\n"
        "\\ No newline at end of file\n"
    )


def test_every_rule_explains_itself(tmp_path: Path) -> None:
    for name, rule in RULES.items():
        assert re.search(r"^(Before|Kept)", explanation(rule), re.MULTILINE), name
        assert len(rule.summary) <= 100, name
