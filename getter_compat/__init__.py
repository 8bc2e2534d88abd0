"""TensorFlow 1's variable scopes and custom getters, for Keras layers on TensorFlow 2.

Importing this package imports neither TensorFlow nor NumPy: the codemod and the tools run where
TensorFlow is not installed, and a name below is resolved when it is first used (PEP 562).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

_HOME = {
    "AUTO_REUSE": "runtime.scopes",
    "ScopedModel": "runtime.model",
    "VariableScope": "runtime.scopes",
    "VariableStore": "runtime.store",
    "canonical_variable_name": "runtime.functional",
    "contrib": "contrib",
    "custom_make_variable": "runtime.functional",
    "default_store": "runtime.store",
    "estimator": "estimator",
    "functional_call": "runtime.functional",
    "get_local_variable": "runtime.store",
    "get_variable": "runtime.store",
    "get_variable_scope": "runtime.scopes",
    "getter_scope": "runtime.scopes",
    "getters": "getters",
    "global_variables": "runtime.store",
    "layers": "layers",
    "load_tf1_checkpoint": "runtime.checkpoint",
    "make_template": "runtime.template",
    "nn": "nn",
    "regularization_losses": "runtime.store",
    "reset_default_store": "runtime.store",
    "save_tf1_checkpoint": "runtime.checkpoint",
    "trainable_variables": "runtime.store",
}

__all__ = sorted(_HOME)
__version__ = "0.1.0"


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


if TYPE_CHECKING:
    from getter_compat import contrib as contrib
    from getter_compat import estimator as estimator
    from getter_compat import getters as getters
    from getter_compat import layers as layers
    from getter_compat import nn as nn
    from getter_compat.runtime.checkpoint import load_tf1_checkpoint as load_tf1_checkpoint
    from getter_compat.runtime.checkpoint import save_tf1_checkpoint as save_tf1_checkpoint
    from getter_compat.runtime.functional import canonical_variable_name as canonical_variable_name
    from getter_compat.runtime.functional import custom_make_variable as custom_make_variable
    from getter_compat.runtime.functional import functional_call as functional_call
    from getter_compat.runtime.model import ScopedModel as ScopedModel
    from getter_compat.runtime.scopes import AUTO_REUSE as AUTO_REUSE
    from getter_compat.runtime.scopes import VariableScope as VariableScope
    from getter_compat.runtime.scopes import get_variable_scope as get_variable_scope
    from getter_compat.runtime.scopes import getter_scope as getter_scope
    from getter_compat.runtime.store import VariableStore as VariableStore
    from getter_compat.runtime.store import default_store as default_store
    from getter_compat.runtime.store import get_local_variable as get_local_variable
    from getter_compat.runtime.store import get_variable as get_variable
    from getter_compat.runtime.store import global_variables as global_variables
    from getter_compat.runtime.store import regularization_losses as regularization_losses
    from getter_compat.runtime.store import reset_default_store as reset_default_store
    from getter_compat.runtime.store import trainable_variables as trainable_variables
    from getter_compat.runtime.template import make_template as make_template
else:
    # Not for type checkers: they would take it that the package has every name.
    def __getattr__(name: str) -> object:
        """Import the module that holds `name` the first time it is asked for."""
        home = _HOME.get(name)
        if home is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        importlib.import_module(f"{__name__}.runtime")  # getters import none of it
        module = importlib.import_module(f"{__name__}.{home}")
        value = module if name == home else getattr(module, name)
        globals()[name] = value
        return value
