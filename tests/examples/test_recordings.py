"""The recordings of TensorFlow 1.15.5, and what the examples cover."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from getter_compat.verify.examples import load_examples
from getter_compat.verify.tf1_side import CHECKPOINT, Record

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = {example.name: example for example in load_examples(ROOT / "examples")}

LAYERS = [
    "dense",
    "dropout",
    "flatten",
    "conv1d",
    "conv2d",
    "conv3d",
    "separable_conv1d",
    "separable_conv2d",
    "conv2d_transpose",
    "conv3d_transpose",
    "average_pooling1d",
    "average_pooling2d",
    "average_pooling3d",
    "max_pooling1d",
    "max_pooling2d",
    "max_pooling3d",
    "batch_normalization",
    "Dense",
    "Dropout",
    "Flatten",
    "Conv1D",
    "Conv2D",
    "Conv3D",
    "SeparableConv1D",
    "SeparableConv2D",
    "Conv2DTranspose",
    "Conv3DTranspose",
    "AveragePooling1D",
    "AveragePooling2D",
    "AveragePooling3D",
    "MaxPooling1D",
    "MaxPooling2D",
    "MaxPooling3D",
    "BatchNormalization",
    "Layer",
]


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_recording_is_whole_and_of_tensorflow_1(name: str) -> None:
    place = EXAMPLES[name].recording
    record = Record.load(str(place))
    assert record.error is None
    assert record.meta["tensorflow"] == "1.15.5"
    assert record.group("output")
    names = {variable["name"] for variable in record.variables}
    assert record.group("initial").keys() == names
    assert (place / f"{CHECKPOINT}.index").exists() == bool(names)
    # Nothing in it may tell one machine from another.
    assert not re.search(r"0x[0-9a-f]{6}|\.py\b|site-packages", record.stdout)


def test_what_tensorflow_1_printed_for_the_origin() -> None:
    assert Record.load(str(EXAMPLES["origin"].recording)).stdout == (
        "[<tf.Tensor 'custom_kernel:0' shape=(784, 64) dtype=float32>, "
        "<tf.Tensor 'custom_bias:0' shape=(64,) dtype=float32>]\n"
    )


@pytest.mark.parametrize("layer", LAYERS)
def test_every_kind_of_tf_layers_has_an_example(layer: str) -> None:
    sources = [path.read_text() for path in (ROOT / "examples").glob("*/before*/*.py")]
    sources += [path.read_text() for path in (ROOT / "examples").glob("*/before.py")]
    assert any(re.search(rf"\btf\.layers\.{layer}\b", source) for source in sources)


@pytest.mark.parametrize(
    "issue",
    [
        "tensorflow#33125",
        "tensorflow#47713",
        "tensorflow#6634",
        "tensorflow#16631",
        "tensorflow#19108",
        "deepchem#1572",
        "tensorflow#53541",
        "keras#15836",
        "tensorflow#29663",
        "tensorflow#32927",
        "tensorflow#27016",
    ],
)
def test_every_request_has_an_example(issue: str) -> None:
    assert any(issue in example.issue for example in EXAMPLES.values())
