"""JSON, for tools."""

from __future__ import annotations

import json

from getter_compat.codemod.run import Run


def render(run: Run) -> str:
    """The whole run as one JSON document; `version` changes when the shape does."""
    document = {
        "version": 1,
        "files": run.looked_at,
        "findings": [
            {
                "path": path,
                "line": finding.line,
                "column": finding.column,
                "rule": finding.rule,
                "message": finding.message,
                "fixed": finding.fixed,
                "url": finding.url,
            }
            for path, finding in run.findings
        ],
        "errors": [
            {"path": report.path, "line": report.error.line, "message": report.error.message}
            for report in run.reports
            if report.error
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
