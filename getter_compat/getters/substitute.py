"""`substitute`: given tensors in the place of variables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from getter_compat.getters.kinds import check_argument, makes_a_getter
from getter_compat.typing import Getter, NextGetter, TensorLike


@makes_a_getter
def substitute(weights: Mapping[str, TensorLike]) -> Getter:
    """Give the tensors of a mapping in the place of variables.

    What the requests of tensorflow#33125, #16631 and #19108 come to: the inner loop of MAML, a
    hypernetwork, a network on stored weights. `functional_call` does it for one call of a layer
    that exists.

    Args:
        weights: Tensors, arrays or variables by full name, such as `"net/dense/kernel"`.

    Returns:
        The getter; a weight that is not in the mapping is asked of the next one. What will be asked
        for it does not know, so a name that no weight has is not noticed: `track`, composed around
        it, shows the names, and `functional_call` refuses one.

    Raises:
        ValueError: If a key is the name of a variable's tensor, such as `"net/dense/kernel:0"`, by
            which no weight is asked for. When a weight is asked for, if the mapping's has another
            shape.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, getter_scope, getters, layers
        >>> weights = {"net/out/kernel": tf.fill([3, 1], 2.0)}
        >>> with VariableStore().as_default() as store:
        ...     with getter_scope("net", custom_getter=getters.substitute(weights)):
        ...         print(layers.dense(tf.ones([1, 3]), 1, name="out").numpy(), *store.variables)
        [[6.]] net/out/bias
    """
    is_right = isinstance(weights, Mapping)
    check_argument(is_right, "substitute", "tensors by name, a dict", weights)
    _check_names(weights)

    def substituting(
        getter: NextGetter, name: str, shape: TensorLike = None, *args: Any, **kwargs: Any
    ) -> TensorLike:
        if name not in weights:
            return getter(name, shape, *args, **kwargs)
        _check_shape(name, shape, weights[name])
        return weights[name]

    return substituting


def _check_names(weights: Mapping[str, TensorLike]) -> None:
    for name in weights:
        if name.endswith(":0"):
            raise ValueError(
                f"substitute: {name!r} is the name of a variable's tensor. A weight is asked for "
                f"as {name.removesuffix(':0')!r}: write that."
            )


def _check_shape(name: str, shape: TensorLike, weight: TensorLike) -> None:
    import tensorflow as tf

    found = getattr(weight, "shape", None)
    if shape is None or found is None or tf.TensorShape(shape).is_compatible_with(found):
        return
    raise ValueError(
        f"substitute: {name} is asked for with shape {tuple(tf.TensorShape(shape))}, and the "
        f"mapping's has shape {tuple(found)}. Give it a tensor of the shape that is asked for."
    )
