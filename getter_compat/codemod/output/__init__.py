"""The forms in which a run is told: one file each, a function from a run to a text."""

from __future__ import annotations


def visible(text: str) -> str:
    """The text with escapes for what is not seen: a file's name may hold line ends and more."""
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )
