"""JSON, for tools."""

from __future__ import annotations

import json
from dataclasses import asdict

from getter_compat.codemod.run import Run


def render(run: Run, verbose: bool = False) -> str:
    """The whole run as one JSON document; `version` changes when the shape does.

    Places are those of the files as they are on the disk when the run is over.
    """
    document = {
        "version": 2,
        "files": run.looked_at,
        "findings": [
            {
                "path": path,
                **asdict(finding.place),
                "rule": finding.rule,
                "message": finding.message,
                "status": finding.status,
                "url": finding.url,
            }
            for path, finding in run.findings
        ],
        "errors": [
            {"path": path, "line": error.line, "message": error.message}
            for path, error in run.errors
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
