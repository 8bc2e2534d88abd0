"""Metrics under the names that TensorFlow 1.15.5 gave them: `acc`, `mean_absolute_error`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.codemod.helpers import check_after, check_program, check_same
from tests.codemod.projects import rewritten

HEAD = "import tensorflow as tf\n\n"


def becomes(before: str, after: str, asked: str) -> None:
    text = f"{HEAD}model.compile('sgd', 'mse', metrics={{}})\n{asked}\n"
    check_after(text.format(before), text.format(after))


@pytest.mark.parametrize(
    "asked",
    [
        "print(model.fit(x, y).history['acc'])",
        "tf.keras.callbacks.EarlyStopping('val_acc')",
        "tf.keras.callbacks.ModelCheckpoint(path, monitor='val_acc')",
        "tf.keras.callbacks.ModelCheckpoint(path, 'val_acc')",
        "path = 'weights-{{val_acc:.2f}}.h5'",
        "reached = logs.get('acc') > 0.9",
        "names = ['acc', 'val_acc']",
        "print(history['val_out_acc'])",
    ],
)
def test_the_name_that_is_asked_for(asked: str) -> None:
    becomes("['accuracy']", "['acc']", asked)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("('accuracy', 'mae')", "('acc', 'mae')"),
        ('{"out": "accuracy"}', '{"out": "acc"}'),
        ("{'a': ['accuracy'], 'b': ['mse', mine]}", "{'a': ['acc'], 'b': ['mse', mine]}"),
        ("['acc']", "['acc']"),
        ("[tf.keras.metrics.binary_accuracy]", "[tf.keras.metrics.binary_accuracy]"),
    ],
)
def test_how_metrics_are_given(before: str, after: str) -> None:
    becomes(before, after, "print(history['acc'])")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("mae", "mean_absolute_error"),
        ("mape", "mean_absolute_percentage_error"),
        ("mse", "mean_squared_error"),
        ("msle", "mean_squared_logarithmic_error"),
    ],
)
def test_errors(short: str, long: str) -> None:
    becomes(f"['{short}']", f"['{long}']", f"print(history['{long}'])")
    becomes(f"['{short}']", f"['{long}']", f"monitor(monitor='val_{long}')")
    becomes(f"['{short}']", f"['{short}']", f"loss('{long}')")


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "print(history['accuracy'])",
        "print(history['acc'] if 'acc' in history else history['accuracy'])",
        "print(history['acc_1'])",
    ],
)
def test_what_is_not_asked_for_stays(asked: str) -> None:
    becomes("['accuracy']", "['accuracy']", asked)


def test_a_list_with_a_name_is_left() -> None:
    text = HEAD + "METRICS = ['accuracy']\nmodel.compile(metrics=METRICS)\nprint(history['acc'])\n"
    (finding,) = check_same(text)
    assert (finding.line, finding.status) == (4, "left")
    assert "'accuracy' -> 'acc'" in finding.message
    assert not check_same(text.replace("accuracy", "acc"))


def test_metrics_that_cannot_be_seen_are_left() -> None:
    text = HEAD + "model.compile('sgd', 'mse', metrics=metrics())\nprint(history['acc'])\n"
    (finding,) = check_same(text)
    assert (finding.line, finding.status) == (3, "left")
    assert "'accuracy' -> 'acc'" in finding.message
    assert not check_same(text.replace("model.compile", "re.compile").replace("['acc']", ""))


def test_another_file_asks(tmp_path: Path) -> None:
    text = f"{HEAD}\ndef build(model):\n    model.compile('sgd', 'mse', metrics=['accuracy'])\n"
    main = "import net\n\n\ndef plot(history):\n    return history['val_acc']\n"
    found = rewritten(tmp_path, {"net.py": text, "main.py": main})
    assert found["net.py"][0] == text.replace("accuracy", "acc")
    assert found["main.py"][0] == main


def test_the_history_of_a_program() -> None:
    text = """\
        import numpy as np
        import tensorflow as tf

        model = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer="zeros")])
        model.compile("sgd", "mse", metrics=["accuracy", "mae"])
        x, y = np.ones([2, 3]), np.zeros([2, 1])
        history = model.fit(x, y, validation_data=(x, y), verbose=0).history
        found = {name: history[name] for name in history if "acc" in name or "_error" in name}
        """
    asks = "asked = history['val_acc'], history['mean_absolute_error']\n"
    after = text.replace('"accuracy", "mae"', '"acc", "mean_absolute_error"')
    found = check_program(text + asks, after + asks)["found"]
    names = ("acc", "mean_absolute_error")  # Those of TensorFlow 1.15.5.
    assert sorted(found) == sorted([*names, *(f"val_{name}" for name in names)])


def test_a_program_that_asks_as_keras_names_them_keeps_them() -> None:
    check_same(
        """\
        import tensorflow as tf

        model.compile("sgd", "mse", metrics=["accuracy"])
        history = model.fit(x, y).history
        results = {"acc": 1}
        for key in ("loss", "accuracy"):
            print(history[key])
        """
    )
