"""`tf.contrib.layers.recompute_grad`: what a function computes is forgotten, and computed again.

The rules are those of `contrib/layers/python/layers/rev_block_lib.py` in TensorFlow 1.15 (Apache
License 2.0).
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Sequence
from typing import TypeVar

import tensorflow as tf

from getter_compat.contrib.arg_scopes import arg_scope, current_arg_scope
from getter_compat.runtime import recomputing
from getter_compat.typing import TensorLike

_Result = TypeVar("_Result", bound=TensorLike | Sequence[TensorLike])

_RECOMPUTING = "is_recomputing"


def recompute_grad(
    fn: Callable[..., _Result],
    use_data_dep: bool | str = "__recompute_grad_lib_default",
    tupleize_grads: bool = False,
) -> Callable[..., _Result]:
    """Have a function computed again where its gradient is, in place of keeping what it computed.

    Args:
        fn: A function of tensors, none of which it takes from around it. Where it has an argument
            `is_recomputing`, that is `False` at first and then `True`. Its variables have to be
            resource variables, as all are but those after `disable_v2_behavior()`.
        use_data_dep: Without effect: TensorFlow 2 orders the two itself.
        tupleize_grads: Without effect, as `use_data_dep`.

    Returns:
        The function, which takes tensors by position alone.

    Raises:
        ValueError: If the function takes a tensor or variable from around it, if it is given what
            is no tensor, or, where the gradient is computed, if it asks for other variables then.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, contrib
        >>> with VariableStore().as_default(), tf.GradientTape() as tape:
        ...     x = tf.constant([[1.0, 2.0]])
        ...     tape.watch(x)
        ...     y = contrib.recompute_grad(lambda x: contrib.linear(x, 3))(x)
        >>> tape.gradient(y, x).shape
        TensorShape([1, 2])
    """
    _refuse_what_is_closed_over(fn)
    is_told = _RECOMPUTING in inspect.signature(fn).parameters

    @functools.wraps(fn)
    def wrapped(*args: TensorLike) -> _Result:
        if not all(isinstance(arg, tf.Tensor) for arg in args):
            raise ValueError(
                "All inputs to function must be Tensors: convert them by tf.convert_to_tensor."
            )
        scope = current_arg_scope()

        def run(is_recomputing: bool, *inputs: TensorLike) -> _Result:
            with arg_scope(scope):
                return fn(*inputs, **({_RECOMPUTING: is_recomputing} if is_told else {}))

        return recomputing.recompute(
            functools.partial(run, False), functools.partial(run, True), args
        )

    return wrapped


def _refuse_what_is_closed_over(fn: Callable[..., TensorLike]) -> None:
    for name, value in inspect.getclosurevars(fn).nonlocals.items() if _is_plain(fn) else ():
        if isinstance(value, tf.Tensor | tf.Variable):
            raise ValueError(
                f"fn decorated with @recompute_grad closes over Tensor {_name_of(value)} "
                f"(local variable name: {name}). The decorated fn must not close over Tensors or "
                "Variables because gradients will NOT be computed for them through fn. To ensure "
                "correct gradients, make the Tensor an input to fn."
            )


def _is_plain(fn: Callable[..., TensorLike]) -> bool:
    return inspect.isfunction(fn) or inspect.ismethod(fn)


def _name_of(value: TensorLike) -> str:
    return "of eager execution" if isinstance(value, tf.__internal__.EagerTensor) else value.name
