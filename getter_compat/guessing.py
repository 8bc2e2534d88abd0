"""What was probably meant by a word that is not known."""

from __future__ import annotations

from collections.abc import Iterable


def suggestion(word: str, known: Iterable[str]) -> str:
    """The end of a message; empty if nothing comes near.

    >>> suggestion("layer", ["layers", "symbols"])
    '; did you mean layers?'
    """
    import difflib

    found = difflib.get_close_matches(word, sorted(known), n=1)
    return f"; did you mean {found[0]}?" if found else ""
