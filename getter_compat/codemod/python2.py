"""Files that are Python 2: what to do about them."""

from __future__ import annotations

import re
import shlex

# What Python 3 says of the commonest things that only Python 2 reads.
_SIGNS = re.compile(
    r"Missing parentheses in call to '(?:print|exec)'|multiple exception types must be|"
    r"leading zeros in decimal integer"
)


def advice(message: str, path: str) -> str:
    """The end of the message about a file that does not parse; empty if it is no Python 2.

    >>> advice("does not parse: Missing parentheses in call to 'print'.", "a b.py")
    "; is it Python 2? pip install fissix, and python -m fissix -w -n 'a b.py'"
    """
    if not _SIGNS.search(message):
        return ""
    return f"; is it Python 2? pip install fissix, and python -m fissix -w -n {shlex.quote(path)}"
