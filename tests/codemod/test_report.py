"""The report for a browser: what is in it, and, where there is a Chromium, how it behaves."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from getter_compat.codemod.findings import Finding, Place, Trouble
from getter_compat.codemod.output import html as report
from getter_compat.codemod.rewrite import rewrite
from getter_compat.codemod.run import FileReport, Run
from tests.browser import dom, faults, needs_axe, needs_chromium

TEXT = """\
import tensorflow as tf

with tf.variable_scope("net"):
    x = tf.placeholder(tf.float32)
    y = tf.contrib.bayesflow.f(x, "</script><script>alert(1)</script>")
"""
HOSTILE = "src/<b onmouseover=alert(1)>\n\x1b.py"


def file_report(path: str, text: str) -> FileReport:
    result = rewrite(text)
    return FileReport(path, result.findings, (), text, result.source, True)


def page(*, dry: bool = True) -> str:
    reports = [
        file_report("src/net/model.py", TEXT),
        file_report(HOSTILE, TEXT.replace("net", "other")),
        FileReport("src/broken.py", errors=(Trouble(2, "does not parse: <i>"),)),
    ]
    return report.render(Run(reports, dry=dry))


def test_what_is_said_at_the_top() -> None:
    text = page()
    assert "<title>getter_compat: 2 left for a person</title>" in text
    assert "3 files looked at" in text
    assert re.search(r"<strong>1 error</strong>", text)
    assert "would be rewritten" in text
    assert "would be rewritten" not in page(dry=False)


def test_findings_have_their_source_and_what_to_do() -> None:
    text = page()
    assert "<mark>tf.contrib.bayesflow.f</mark>" in text
    assert '<a href="#rule-contrib">' in text
    assert '<details id="rule-contrib">' in text
    assert "docs/rules/contrib.md" in text
    assert html.escape(HOSTILE.split("<")[0]) in text


def test_changes_stand_side_by_side_with_what_differs() -> None:
    text = page()
    assert "with <del>tf.variable</del>_scope(&#34;net&#34;):" in text
    assert "with <ins>getter_compat.getter</ins>_scope(&#34;net&#34;):" in text
    assert '<div class="row added">' in text


def test_folders_and_rules_are_counted() -> None:
    text = page()
    rows = re.findall(r'<th scope="row"><code>(.*?)</code></th>', text)
    assert rows == ["src", "src/net"]
    assert 'aria-label="src/net: 1 rewritten, 1 run, 1 left"' in text


def test_hostile_names_and_sources_are_shown_and_not_run() -> None:
    text = page()
    assert text.count("<script>") == 1
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in text
    assert "<b onmouseover" not in text
    assert "\x1b" not in text
    assert "does not parse: &lt;i&gt;" in text


def test_it_loads_nothing_and_its_policy_lets_it_run() -> None:
    """No network: nothing is linked but places to go, and only the page's own script may run."""
    text = page()
    body = text.partition("<body>")[2].partition("<script>")[0]
    assert not re.search(r"<[^>]*\s(?:src|srcset|data|action|style)=|<link", body)
    assert not re.search(r"url\(|@import", text)
    assert "default-src 'none'" in html.unescape(text)
    assert text.count("sha256-") == 2


def hidden(text: str) -> list[bool]:
    """Of each finding, whether it is hidden."""
    return [
        "hidden" in classes.split() for classes in re.findall(r'<article class="([^"]*)"', text)
    ]


@needs_chromium
def test_chromium_shows_it_without_a_complaint(tmp_path: Path) -> None:
    text, console = dom(page(), tmp_path)
    assert console == ""
    # What runs as it is is hidden until it is asked for.
    assert "4 of 6 shown" in text
    assert sum(hidden(text)) == 2


@needs_chromium
@pytest.mark.parametrize(
    ("fragment", "shown"),
    [
        ("status=left", 2),
        ("status=left,runs,rewritten", 6),
        ("status=left&q=onmouseover", 1),
        ("status=left,rewritten&rule=variable_scope", 2),
        ("q=BAYESFLOW", 2),
        ("q=nothing+of+the+kind", 0),
    ],
)
def test_chromium_filters(tmp_path: Path, fragment: str, shown: int) -> None:
    text, console = dom(page(), tmp_path, fragment)
    assert console == ""
    assert f"{shown} of 6 shown" in text
    assert hidden(text).count(False) == shown


@needs_chromium
def test_chromium_opens_the_rule_that_is_asked_for(tmp_path: Path) -> None:
    text, _ = dom(page(), tmp_path, "rule-contrib")
    assert re.search(r'<details id="rule-contrib" open=""', text)


@needs_axe
@pytest.mark.parametrize("width", [1200, 390])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_nothing_keeps_people_from_reading_it(tmp_path: Path, dark: bool, width: int) -> None:
    assert faults(page(), tmp_path, dark=dark, width=width) == []


def test_a_finding_without_texts_is_still_told() -> None:
    finding = Finding(Place(9, 1, 9, 5), "symbols", "tf.x", "left")
    text = report.render(Run([FileReport("a.py", (finding,))]))
    assert "9:1" in text
    assert "<mark>" not in text
