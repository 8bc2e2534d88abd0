"""What the codemod says about a file: findings and errors."""

from __future__ import annotations

import traceback
from dataclasses import dataclass

RULES_URL = "https://github.com/getter-compat/getter-compat/blob/main/docs/rules"


@dataclass(frozen=True, order=True)
class Finding:
    """One TF1 site: rewritten (`fixed`) or left for a person."""

    line: int
    column: int
    rule: str
    message: str
    fixed: bool

    @property
    def url(self) -> str:
        """The page that explains the rule."""
        return f"{RULES_URL}/{self.rule}.md"


@dataclass(frozen=True)
class Result:
    """A rewritten source text and everything that was found in the old one."""

    source: str
    findings: tuple[Finding, ...] = ()


class RewriteError(Exception):
    """The source text was left alone; `line` is where the trouble is."""

    def __init__(self, message: str, line: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.line = line


def went_wrong(what: str, error: Exception, line: int = 1) -> RewriteError:
    """A bug of our own, as one line: the file is left as it was, and the rest goes on."""
    said = " ".join("".join(traceback.format_exception_only(error)).split())
    return RewriteError(f"left alone, {what} went wrong: {said}", line)
