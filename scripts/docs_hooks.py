"""What the site takes from outside of docs/: `make docs` builds it.

README.md, MIGRATION.md and the others stay at the top level, where people look for them. Here they
become pages, and the links between them and those of docs/ are turned to where each page is. What
the suite is told beside the language of a block (```python tf1 train.py) is taken out: Markdown's
fences take no such words, and what is behind one would be its text.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
PAGES = {
    "README.md": "index.md",
    "MIGRATION.md": "migration.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
}
BLOB = "https://github.com/getter-compat/getter-compat/blob/main"

_LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)(#[^)\s]*)?\)")
_FENCE = re.compile(r"^(```\w+)[ \t]+\S.*$", re.MULTILINE)


def on_config(config: Any) -> Any:
    """Put a page for each rule into the navigation."""
    pages = sorted(path.name for path in (ROOT / "docs" / "rules").glob("*.md"))
    rules = next(entry for entry in config.nav if isinstance(entry, dict) and "Rules" in entry)
    rules["Rules"] = ["rules/index.md", *(f"rules/{p}" for p in pages if p != "index.md")]
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the pages from the top level."""
    for source, page in PAGES.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        files.append(File.generated(config, page, content=_linked(text, source, page)))
    return files


def on_page_markdown(markdown: str, page: Any, **unused: Any) -> str:
    """Turn the links of a page of docs/."""
    source = page.file.src_uri
    if source in PAGES.values():
        return markdown
    return _linked(markdown, f"docs/{source}", source)


def _linked(text: str, source: str, page: str) -> str:
    """The text of a page, its links to the repository turned, its fences without further words."""

    def turned(link: re.Match[str]) -> str:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(source), link[1]))
        anchor = link[2] or ""
        if target in PAGES:
            there = PAGES[target]
        elif target.startswith("docs/"):
            there = target.removeprefix("docs/")
        else:
            return f"]({BLOB}/{target}{anchor})"
        return f"]({posixpath.relpath(there, posixpath.dirname(page) or '.')}{anchor})"

    return _LINK.sub(turned, _FENCE.sub(r"\1", text))
