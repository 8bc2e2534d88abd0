"""A user's program. Type checkers have nothing to say about it."""

from typing import Any

import tensorflow as tf

import getter_compat
from getter_compat import AUTO_REUSE, ScopedModel, VariableStore, get_variable, getter_scope
from getter_compat.typing import NextGetter, TensorLike


def doubled(getter: NextGetter, name: str, *args: Any, **kwargs: Any) -> TensorLike:
    return 2.0 * getter(name, *args, **kwargs)


def network(x: tf.Tensor, is_training: bool = False) -> tf.Tensor:
    with getter_scope("net", reuse=AUTO_REUSE, custom_getter=doubled) as scope:
        name: str = scope.name
        h = getter_compat.layers.dense(x, 4, activation=tf.nn.relu, name=name)
        w = get_variable("w", [4, 2], initializer=tf.zeros_initializer())
        return tf.matmul(h, w)


model = ScopedModel(network, name="model")
store: VariableStore = model.store
with store.as_default():
    names: list[str] = [variable.name for variable in getter_compat.global_variables("net")]
loaded: list[str] = model.load_tf1_checkpoint("model.ckpt", strict=False)
both = getter_compat.getters.compose(doubled, getter_compat.getters.mask(only="kernel$"))
layer = getter_compat.layers.Dense(2)
outputs = getter_compat.functional_call(layer, {"dense/kernel": tf.ones([4, 2])}, tf.ones([1, 4]))
