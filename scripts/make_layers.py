"""Write `getter_compat/layers/functions.py` and `classes.py` from the table of TF1's layers.

    python scripts/make_layers.py

The parameters, their order and their defaults are those of `getter_compat/tables/layers.py`. What
is said of them, and their types, is here; what the layers compute is in
`getter_compat/layers/computations.py` and `normalization.py`.
"""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Iterable, Mapping
from pathlib import Path

from getter_compat.tables.layers import LAYERS, REQUIRED, Default, LayerSpec, Required

FOLDER = Path(__file__).parents[1] / "getter_compat" / "layers"

SIZE = "The size of the window: a number, or one for each dimension."
INITIALIZER = "Initializer | str | None"
REGULARIZER = "Regularizer | str | None"
CONSTRAINT = "Constraint | str | None"

# Of each parameter: its type, and what it is.
PARAMETERS = {
    "activation": ("Activation | str | None", "A function of the outputs, or its name."),
    "activity_regularizer": (
        REGULARIZER,
        "A function of the outputs, whose value over the batch size is a loss.",
    ),
    "adjustment": (
        "Callable[[TensorLike], tuple[TensorLike, TensorLike]] | None",
        "A function of the inputs' shape that gives a scale and an offset for training.",
    ),
    "axis": (
        "int | list[int]",
        "The axis of the parameters, or a list of axes: that of the channels.",
    ),
    "center": ("bool", "Whether `beta` is added."),
    "data_format": ("str | None", '`"channels_last"` or `"channels_first"`.'),
    "depth_multiplier": ("int", "The number of outputs of each channel before they are combined."),
    "dilation_rate": (
        "Sizes",
        "The distance of the points in a window: a number, or one for each dimension.",
    ),
    "epsilon": ("float", "Added to the variance."),
    "filters": ("SupportsInt", "The number of output channels."),
    "fused": (
        "bool | None",
        "`False` to compute without the fused kernel, whose moving variance is that of a sample.",
    ),
    "inputs": ("TensorLike", "The inputs."),
    "kernel_size": ("Sizes", SIZE),
    "momentum": ("float | TensorLike", "How much of the moving statistics a step keeps."),
    "name": ("Name | None", "The name of the layer and of its scope."),
    "noise_shape": (
        "Iterable[SupportsInt | None] | None",
        "The shape of the mask, broadcast to the inputs; `None` is an axis of theirs.",
    ),
    "padding": ("str", '`"valid"` or `"same"`, in any case.'),
    "pool_size": ("Sizes", SIZE),
    "rate": ("float | TensorLike", "The fraction that is dropped."),
    "renorm": ("bool", "Whether to use batch renormalization, which has three more variables."),
    "renorm_clipping": (
        "Mapping[str, float | TensorLike] | None",
        "`rmin`, `rmax` and `dmax`, the limits of its correction.",
    ),
    "renorm_momentum": ("float | TensorLike", "The momentum of its statistics."),
    "reuse": ("Reuse", "Whether to share existing variables."),
    "scale": ("bool", "Whether the outputs are multiplied by `gamma`."),
    "seed": ("int | None", "The seed of the operation that draws the mask."),
    "strides": ("Sizes", "The steps of the window: a number, or one for each dimension."),
    "trainable": ("bool", "Whether the variables are trainable."),
    "training": ("bool | TensorLike", "Whether to compute as in training."),
    "units": ("SupportsInt", "The size of the last axis of the outputs."),
    "use_bias": ("bool", "Whether a bias is added."),
    "virtual_batch_size": (
        "int | None",
        "The size of the virtual batches that are normalized apart.",
    ),
}
# Of each weight: what it is called, and what its initializer is by default.
WEIGHTS = {
    "kernel": ("the kernel", "; by default the scope's, else Glorot uniform"),
    "depthwise": ("the depthwise kernel", "; by default the scope's, else Glorot uniform"),
    "pointwise": ("the pointwise kernel", "; by default the scope's, else Glorot uniform"),
    "bias": ("the bias", ""),
    "beta": ("`beta`", ""),
    "gamma": ("`gamma`", ""),
    "moving_mean": ("`moving_mean`", ""),
    "moving_variance": ("`moving_variance`", ""),
}
for weight, (what, default) in WEIGHTS.items():
    PARAMETERS[f"{weight}_initializer"] = (INITIALIZER, f"Initializer of {what}{default}.")
    PARAMETERS[f"{weight}_regularizer"] = (
        REGULARIZER,
        f"A function of {what}, whose value is a regularization loss.",
    )
    PARAMETERS[f"{weight}_constraint"] = (
        CONSTRAINT,
        f"What optimizers apply to {what} after an update.",
    )

SEQUENCE, IMAGE, VOLUME = "[2, 5, 3]", "[2, 5, 5, 3]", "[2, 5, 5, 5, 3]"
EVEN_SEQUENCE, EVEN_IMAGE, EVEN_VOLUME = "[2, 4, 3]", "[2, 4, 4, 3]", "[2, 4, 4, 4, 3]"

# Of each layer: what it is; and an example: its arguments, the shape of the inputs, the outputs'.
LAYER_TEXTS = {
    "Dense": (
        "Fully connected layer: `activation(inputs @ kernel + bias)`.",
        ("4", "[2, 3]", "(2, 4)"),
    ),
    "Conv1D": ("Convolution over sequences.", ("4, 2", SEQUENCE, "(2, 4, 4)")),
    "Conv2D": ("Convolution over images.", ("4, 2", IMAGE, "(2, 4, 4, 4)")),
    "Conv3D": ("Convolution over volumes.", ("4, 2", VOLUME, "(2, 4, 4, 4, 4)")),
    "Conv2DTranspose": (
        "Transposed convolution over images.",
        ("4, 2, strides=2", IMAGE, "(2, 10, 10, 4)"),
    ),
    "Conv3DTranspose": (
        "Transposed convolution over volumes.",
        ("4, 2, strides=2", VOLUME, "(2, 10, 10, 10, 4)"),
    ),
    "SeparableConv1D": (
        "Convolution of each channel of a sequence, then one across channels.",
        ("4, 2", SEQUENCE, "(2, 4, 4)"),
    ),
    "SeparableConv2D": (
        "Convolution of each channel of an image, then one across channels.",
        ("4, 2", IMAGE, "(2, 4, 4, 4)"),
    ),
    "AveragePooling1D": ("Means over windows of a sequence.", ("2, 2", EVEN_SEQUENCE, "(2, 2, 3)")),
    "AveragePooling2D": ("Means over windows of an image.", ("2, 2", EVEN_IMAGE, "(2, 2, 2, 3)")),
    "AveragePooling3D": (
        "Means over windows of a volume.",
        ("2, 2", EVEN_VOLUME, "(2, 2, 2, 2, 3)"),
    ),
    "MaxPooling1D": ("Maxima over windows of a sequence.", ("2, 2", EVEN_SEQUENCE, "(2, 2, 3)")),
    "MaxPooling2D": ("Maxima over windows of an image.", ("2, 2", EVEN_IMAGE, "(2, 2, 2, 3)")),
    "MaxPooling3D": (
        "Maxima over windows of a volume.",
        ("2, 2", EVEN_VOLUME, "(2, 2, 2, 2, 3)"),
    ),
    "Flatten": ("All axes but the first made one.", ("", "[2, 3, 4]", "(2, 12)")),
    "Dropout": (
        "Zeros at random places while training; the rest is scaled up by `1 / (1 - rate)`.",
        ("0.5", "[2, 3]", "(2, 3)"),
    ),
    "BatchNormalization": (
        "Normalization over a batch while training, and by moving statistics otherwise.",
        ("", "[2, 3]", "(2, 3)"),
    ),
}

# Classes of Keras that do not take all of TF1's arguments have a stand-in.
KEPT_BY_KERAS_BASES = ("BatchNormalization", "Dropout", "SeparableConv1D")

# Arguments of a function that are not the layer's.
OF_THE_CALL = ("inputs", "name", "reuse", "training")

FUNCTIONS = '''"""The functions of `tf.layers`: a layer made, called and forgotten, at every call.

Generated by scripts/make_layers.py; do not edit.

So it was in TF1, and everything that follows from it is TF1's: an unnamed layer is numbered in the
scope around it, a named one may not be repeated unless it reuses, and the scope's getters run at
every call. In TensorFlow 2 a model function runs again and again; so what is made here is a bare
`Computation`, which costs little, and no Keras layer. Its variables are kept by the store.

Only what Keras calls symbolically, to make a functional model, becomes a Keras layer of `classes`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import SupportsInt

from getter_compat.layers import classes, computations, normalization
from getter_compat.layers.once import call_once
from getter_compat.typing import (
    Activation,
    Constraint,
    Initializer,
    Name,
    Regularizer,
    Reuse,
    Sizes,
    TensorLike,
)
'''

CLASSES = '''"""The classes of `tf.layers`: Keras layers with TF1's arguments, names and arithmetic.

Generated by scripts/make_layers.py; do not edit.

Each is a class of `tf.keras.layers`, so that whoever asks for that finds it; its variables and what
it computes are those of `computations`. The arguments and their defaults are TF1's, in its order;
`name` and what else `Layer` takes come last.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, SupportsInt

import tensorflow as tf

from getter_compat.layers import computations, keras_bases, normalization
from getter_compat.layers.base import Layer
from getter_compat.typing import (
    Activation,
    Constraint,
    Initializer,
    Name,
    Regularizer,
    Sizes,
    TensorLike,
)

# So that models with these layers are cloned, copied and loaded by Keras.
_registered = tf.keras.utils.register_keras_serializable("getter_compat")
'''

FUNCTION = '''

def {function}({signature}) -> TensorLike:
    """{text}

    The arguments are those of `{name}`{besides}.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.{function}({example}).shape)
        {shape}
    """
    return call_once({computation}, classes.{name}, inputs, name, {{{given}}}{how})
'''

CLASS = '''

@_registered
class {name}(Layer, {computation}, {base}):
    """{text}

    Args:
{parameters}
        **kwargs: As for `Layer`.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, layers
        >>> with VariableStore().as_default():
        ...     print(layers.{name}({arguments})(tf.ones({inputs})).shape)
        {shape}
    """

    def __init__(self, {signature}, **kwargs: Any) -> None:
        super().__init__(**self.normalized({{{given}}}), {passed} **kwargs)
'''


def main() -> None:
    """Write both files."""
    for file, text in texts().items():
        file.write_text(text, encoding="utf-8")


def texts() -> dict[Path, str]:
    """What the files are to hold."""
    functions = FUNCTIONS + "".join(map(function, LAYERS.values()))
    classes = CLASSES + "".join(map(layer_class, LAYERS.values()))
    return {
        FOLDER / "functions.py": formatted(functions),
        FOLDER / "classes.py": formatted(classes),
    }


def function(spec: LayerSpec) -> str:
    """The source of a layer's function."""
    parameters = spec.function_parameters
    text, (arguments, inputs, shape) = LAYER_TEXTS[spec.name]
    besides = [f"`{name}`" for name in ("training", "reuse") if name in parameters]
    return FUNCTION.format(
        function=spec.function,
        name=spec.name,
        signature=signature(parameters),
        text=text,
        besides=f", and {' and '.join(besides)}" if besides else "",
        example=", ".join(filter(None, (f"tf.ones({inputs})", arguments))),
        shape=shape,
        computation=computation(spec),
        given=handed_on(name for name in parameters if name not in OF_THE_CALL),
        how="".join(f", {name}={name}" for name in ("reuse", "training") if name in parameters),
    )


def layer_class(spec: LayerSpec) -> str:
    """The source of a layer's class."""
    text, (arguments, inputs, shape) = LAYER_TEXTS[spec.name]
    of_layer = [name for name in ("trainable", "name") if name in spec.parameters]
    home = "keras_bases" if spec.name in KEPT_BY_KERAS_BASES else "tf.keras.layers"
    return CLASS.format(
        name=spec.name,
        computation=computation(spec),
        base=f"{home}.{spec.name}",
        text=text,
        parameters="\n".join(map(described, spec.parameters)),
        arguments=arguments,
        inputs=inputs,
        shape=shape,
        signature=signature(spec.parameters),
        given=handed_on(name for name in spec.parameters if name not in of_layer),
        passed="".join(f"{name}={name}, " for name in of_layer),
    )


def computation(spec: LayerSpec) -> str:
    """What a layer computes with."""
    home = "normalization" if spec.name == "BatchNormalization" else "computations"
    return f"{home}.{spec.name}"


def signature(parameters: Mapping[str, Default | Required]) -> str:
    """Parameters with their types and defaults."""
    return ", ".join(
        f"{name}: {PARAMETERS[name][0]}{'' if default is REQUIRED else f' = {default!r}'}"
        for name, default in parameters.items()
    )


def handed_on(names: Iterable[str]) -> str:
    """The inside of a dict of arguments by name."""
    return ", ".join(f'"{name}": {name}' for name in names)


def described(name: str) -> str:
    """The lines of a docstring about a parameter."""
    return textwrap.fill(
        f"{name}: {PARAMETERS[name][1]}",
        100,
        initial_indent=" " * 8,
        subsequent_indent=" " * 12,
        break_on_hyphens=False,
    )


def formatted(text: str) -> str:
    """The text as ruff writes it, without the names that it imports for nothing."""
    for command in (("check", "--fix", "--quiet", "--select=F401,I"), ("format", "--quiet")):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "ruff",
                *command,
                "--stdin-filename=getter_compat/layers/x.py",
                "-",
            ],
            input=text,
            capture_output=True,
            text=True,
            check=True,
            cwd=FOLDER.parents[1],
        )
        text = done.stdout
    return text


if __name__ == "__main__":
    main()
