"""The machine-readable forms, beyond what test_cli.py shows."""

from __future__ import annotations

import json
from pathlib import Path

from getter_compat.codemod.findings import Finding
from getter_compat.codemod.output import diff, github, html, sarif
from getter_compat.codemod.rules import RULES
from getter_compat.codemod.run import FileError, FileReport, Run

RUN = Run(
    [
        FileReport(
            "a b/mé.py",
            (
                Finding(3, 5, "layers", "tf.layers.Dense -> tf.keras.layers.Dense", True),
                Finding(9, 1, "symbols", "100% left, <b>: a\nb", False),
            ),
        ),
        FileReport("broken.py", error=FileError(2, "does not parse")),
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
    assert place["region"] == {"startLine": 9, "startColumn": 1}
    (invocation,) = run["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["message"]["text"] == "does not parse"


def test_sarif_of_a_check_shows_what_would_be_rewritten() -> None:
    document = json.loads(sarif.render(Run(RUN.reports, dry=True)))
    levels = [result["level"] for result in document["runs"][0]["results"]]
    assert levels == ["note", "warning"]


def test_github_annotations_are_escaped() -> None:
    first, second = github.render(RUN).splitlines()
    assert "::100%25 left, <b>: a%0Ab (" in first
    assert "title=getter-compat (symbols),file=a b/mé.py,line=9,col=1" in first
    assert second == "::error title=getter-compat,file=broken.py,line=2::does not parse"


def test_html_is_escaped_and_loads_nothing() -> None:
    page = html.render(RUN)
    assert "100% left, &lt;b&gt;" in page
    assert "<script" not in page
    assert "src=" not in page


def test_diff_marks_a_missing_final_newline() -> None:
    report = FileReport("/x/a.py", before="a\r\nb", after="c\r\nb", changed=True)
    assert diff.render(Run([report])) == (
        "--- a/x/a.py\n+++ b/x/a.py\n@@ -1,2 +1,2 @@\n-a\r\n+c\r\n b\n"
        "\\ No newline at end of file\n"
    )


def test_every_rule_explains_itself(tmp_path: Path) -> None:
    for name, rule in RULES.items():
        assert "Before" in rule.doc, name
        assert "fter" in rule.doc, name
        assert len(rule.summary) <= 100, name
