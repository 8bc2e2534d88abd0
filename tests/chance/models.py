"""Model functions of TensorFlow 1 by chance."""

from __future__ import annotations

from dataclasses import dataclass

from tests.chance.writing import Chance, Writer, blocks, heading, shape


@dataclass(frozen=True)
class Model:
    """A model function, and what it is called with."""

    text: str
    shape: tuple[int, ...]


def model(seed: int) -> Model:
    """The model function with this number."""
    chance = Chance(f"model {seed}")
    kind = chance.pick(("rows", "rows", "rows", "images", "sequences"))
    w = Writer(chance, "is_training", kind, chance.number(2, 4))
    given = shape(kind, w.width, 4)
    blocks(w, chance.number(2, 6))
    result = "h"
    # A scope's regularizer acts on statistics too, which are moved as the function runs.
    if chance.maybe(0.25) and not any("batch_normalization" in line for line in w.lines):
        result = "h, tf.losses.get_regularization_loss()"
    lines = [
        *heading(w),
        "",
        "",
        "def model(x, is_training):",
        "    h = x",
        *w.lines,
        f"    return {result}",
    ]
    return Model("\n".join(lines) + "\n", tuple(given))
