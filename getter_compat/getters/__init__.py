"""Custom getters that TensorFlow 1 code bases wrote again and again, ready to be imported.

Each is for `getter_scope(..., custom_getter=...)` and `get_variable(..., custom_getter=...)`, works
in layers of either Keras, in `functional_call` and in a TF1 graph, and composes with others by
nested scopes or by `compose`.
"""

from __future__ import annotations

from getter_compat.getters.bayes_by_backprop import BayesByBackprop, bayes_by_backprop
from getter_compat.getters.cast import cast
from getter_compat.getters.compose import compose
from getter_compat.getters.context import Context
from getter_compat.getters.ema import ema
from getter_compat.getters.mask import mask
from getter_compat.getters.non_trainable import non_trainable
from getter_compat.getters.override_args import override_args
from getter_compat.getters.rename import rename
from getter_compat.getters.spectral_norm import spectral_norm
from getter_compat.getters.stop_gradient import stop_gradient
from getter_compat.getters.substitute import substitute
from getter_compat.getters.track import track
from getter_compat.getters.weight_norm import weight_norm

__all__ = [
    "BayesByBackprop",
    "Context",
    "bayes_by_backprop",
    "cast",
    "compose",
    "ema",
    "mask",
    "non_trainable",
    "override_args",
    "rename",
    "spectral_norm",
    "stop_gradient",
    "substitute",
    "track",
    "weight_norm",
]
