from __future__ import annotations

import pickle
from pathlib import Path

from getter_compat.contrib import preprocessing

_OLD = b"tensorflow_core.contrib.learn.python.learn.preprocessing."


def test_a_file_of_tensorflow_1_is_restored(tmp_path: Path) -> None:
    """It names the modules of TensorFlow 1, and has the same fields."""
    processor = preprocessing.VocabularyProcessor(3).fit(["to be", "or not"])
    data, new = pickle.dumps(processor, 0), preprocessing.__name__.encode()
    for name, module in (
        (b"VocabularyProcessor", b"text"),
        (b"tokenizer", b"text"),
        (b"CategoricalVocabulary", b"categorical_vocabulary"),
    ):
        assert new + b"\n" + name in data
        data = data.replace(new + b"\n" + name, _OLD + module + b"\n" + name)
    (tmp_path / "vocab").write_bytes(data)

    restored = preprocessing.VocabularyProcessor.restore(tmp_path / "vocab")

    assert [row.tolist() for row in restored.transform(["not to see"])] == [[4, 1, 0]]
