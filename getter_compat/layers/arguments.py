"""The arguments of `tf.layers`: what TF1 accepted, and how it refused the rest. Pure Python."""

from __future__ import annotations

from collections.abc import Iterable
from typing import SupportsInt

from getter_compat.typing import Sizes


def size(value: Sizes, rank: int, name: str) -> tuple[int, ...]:
    """A number for each spatial dimension, from one number or one for each."""
    if isinstance(value, int):
        return (value,) * rank
    expected = f"The `{name}` argument must be a tuple of {rank} integers. Received: {value}"
    values = tuple(value) if isinstance(value, Iterable) else ()
    if len(values) != rank:
        raise ValueError(expected)
    for single in values:
        try:
            int(single)
        except (ValueError, TypeError):
            raise ValueError(
                f"{expected} including element {single} of type {type(single)}"
            ) from None
    return tuple(int(single) for single in values)


def padding(value: str, causal: bool = False) -> str:
    """`"valid"` or `"same"`, in whatever case it was written; `"causal"` in one dimension."""
    lower = value.lower()
    if lower not in ("valid", "same", "causal"):
        raise ValueError(
            "The `padding` argument must be a list/tuple or one of "
            f'"valid", "same" (or "causal", only for `Conv1D). Received: {lower}'
        )
    if lower == "causal" and not causal:
        raise ValueError("Causal padding is only supported for `Conv1D`and ``SeparableConv1D`.")
    return lower


def data_format(value: str | None) -> str:
    """`"channels_last"` or `"channels_first"`."""
    lower = (value or "channels_last").lower()
    if lower not in ("channels_first", "channels_last"):
        raise ValueError(
            'The `data_format` argument must be one of "channels_first", "channels_last". '
            f"Received: {value}"
        )
    return lower


def integer(value: SupportsInt) -> int:
    """An integer, from a `tf.compat.v1.Dimension` too."""
    return value if isinstance(value, int) else int(value)
