"""SARIF 2.1.0, for code-scanning services."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

from getter_compat import __version__
from getter_compat.codemod.explaining import explanation
from getter_compat.codemod.findings import RULES_URL, Place
from getter_compat.codemod.rules import RULES
from getter_compat.codemod.run import Run

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


# What runs as it is needs nobody: it is told for information, which has no level.
_LEVELS = {"rewritten": "note", "runs": "none", "left": "warning"}


def render(run: Run, verbose: bool = False) -> str:
    """One SARIF run with a result for each finding that still needs somebody."""
    rules = sorted(RULES)
    results = []
    for path, finding in run.findings:
        if not run.tells(finding, verbose):
            continue
        results.append(
            {
                "ruleId": finding.rule,
                "ruleIndex": rules.index(finding.rule),
                "kind": "informational" if finding.status == "runs" else "fail",
                "level": _LEVELS[finding.status],
                "message": {"text": finding.message},
                "locations": [_location(path, finding.place)],
            }
        )
    errors = [
        {
            "level": "error",
            "message": {"text": error.message},
            "locations": [_location(path, _beginning_of(error.line))],
        }
        for path, error in run.errors
    ]
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {**_DRIVER, "rules": [_rule(name) for name in rules]}},
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {"executionSuccessful": not errors, "toolExecutionNotifications": errors}
                ],
                "results": results,
            }
        ],
    }
    return json.dumps(document, indent=2) + "\n"


_DRIVER = {
    "name": "getter-compat",
    "version": __version__,
    "informationUri": "https://github.com/getter-compat/getter-compat",
}


def _rule(name: str) -> dict[str, Any]:
    return {
        "id": name,
        "shortDescription": {"text": RULES[name].summary},
        "fullDescription": {"text": RULES[name].doc},
        "help": {"text": explanation(RULES[name])},
        "helpUri": f"{RULES_URL}/{name}.md",
    }


def _beginning_of(line: int) -> Place:
    return Place(line, 1, line, 1)


def _location(path: str, place: Place) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(Path(path))},
            "region": {
                "startLine": max(place.line, 1),
                "startColumn": place.column,
                "endLine": max(place.end_line, 1),
                "endColumn": place.end_column,
            },
        }
    }


def _uri(path: Path) -> str:
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())
