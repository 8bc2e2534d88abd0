"""Keras 3: `Layer.add_weight` asks the scope's getters for a layer's weights.

`patches.py` is the table of what takes the place of Keras's own functions, `binding.py` binds what
the getters return, `variables.py` is what stands for a weight, `calls.py` knows what is called.
"""

from getter_compat.runtime.keras3 import patches
from getter_compat.runtime.keras3.binding import (
    call_with,
    export,
    prepare_model,
    track_layer,
    track_seeds,
    track_variables,
    variable_of_function,
    weights_by_name,
)
from getter_compat.runtime.keras3.calls import is_calling, is_symbolic, layer_call

__all__ = [
    "call_with",
    "export",
    "is_calling",
    "is_symbolic",
    "layer_call",
    "prepare_model",
    "track_layer",
    "track_seeds",
    "track_variables",
    "variable_of_function",
    "weights_by_name",
]

patches.install()
