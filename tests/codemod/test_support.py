"""The table of where TensorFlow 1's symbols run, beside the installed TensorFlow, live."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from getter_compat.tables.support import ABSENT, EAGER_ONLY, GRAPH_ONLY, KERAS_2
from tests.forking import ROOT, python

# Of each kind: gone; by Keras 2 alone; raises when called eagerly; means nothing there; runs.
SAMPLE = (
    *("estimator", "train.confusion_matrix"),
    *("nn.rnn_cell.GRUCell", "nn.dynamic_rnn", "nn.rnn_cell.LSTMStateTuple"),
    *("placeholder", "Session", "gradients", "train.AdamOptimizer", "train.Saver", "metrics.mean"),
    *("global_variables", "get_collection", "get_default_graph", "summary.scalar"),
    *("py_func", "assign_add", "losses.mean_squared_error", "random_uniform", "where"),
    *("data.make_one_shot_iterator", "add_to_collection", "train.get_or_create_global_step"),
)


@pytest.mark.parametrize("mode", ["graph", "eager"])
@pytest.mark.parametrize("keras", [3, 2])
def test_table_is_true(keras: int, mode: str) -> None:
    done = python(
        *(ROOT / "scripts" / "measure_symbols.py", "--answer", mode),
        text=json.dumps(SAMPLE),
        TF_USE_LEGACY_KERAS=str(int(keras == 2)),
    )
    lines = [line.split() for line in done.stdout.splitlines() if line.startswith("asked ")]
    assert [line[1] for line in lines] == list(SAMPLE), done.stderr
    found = {line[1] for line in lines if line[2:] == ["works"]}
    wrong = GRAPH_ONLY if mode == "eager" else EAGER_ONLY
    gone = ABSENT if keras == 2 else ABSENT | KERAS_2
    assert found == set(SAMPLE) - gone - wrong


def test_kinds_do_not_overlap() -> None:
    assert not ABSENT & (KERAS_2 | GRAPH_ONLY | EAGER_ONLY)
    assert not KERAS_2 & GRAPH_ONLY
    assert not GRAPH_ONLY & EAGER_ONLY


def test_the_table_is_as_it_was_generated() -> None:
    """The header names the versions, and the names are in order, as the script writes them."""
    from getter_compat.tables import support

    text = Path(support.__file__).read_text(encoding="utf-8")
    assert support.MEASURED_ON in text.partition('"""\n\n')[0]
    for table in ("ABSENT", "KERAS_2", "GRAPH_ONLY"):
        words = text.partition(f"\n{table}: ")[2].split('"""')[1].split()
        assert words == sorted(words)
        assert set(words) == getattr(support, table)
