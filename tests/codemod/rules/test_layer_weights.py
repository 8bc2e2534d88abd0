from __future__ import annotations

import pytest

from tests.codemod.helpers import check_program, check_same, left

HEAD = "import tensorflow as tf\n"


@pytest.mark.parametrize(
    "text",
    [
        "def f(layer, k):\n    layer.kernel = k\n",
        "def f(layers, k):\n    layers[0].kernel = k\n",
        "def f(wrapper, k):\n    wrapper.layer.kernel = k\n",
        "def f(self, k):\n    self.dense_1.kernel = k\n",
        "def f(layer, k):\n    layer.kernel += k\n",
        "def f(layer, k, b):\n    layer.kernel, layer.units = k, b\n",
        "def f(embedding, k):\n    embedding.embeddings = k * 2.0\n",
        "def f(layer, k):\n    setattr(layer, 'kernel', k)\n",
        "def f(layer, k):\n    for n in ('a', 'kernel'): setattr(layer, n, k)\n",
        "def f(net, k):\n    [setattr(x, 'bias', k) for x in net.layers]\n",
        "for x, k in zip(net.layers, ks):\n    x.kernel = k\n",
        "def f(net, k):\n    for i, x in enumerate(net.layers): x.kernel, x.units = k[i]\n",
        "x = net.get_layer('out')\nx.kernel = k\n",
        "made = [tf.keras.layers.Dense(2) for _ in ks]\nmade[0].kernel = k\n",
        "dense = tf.keras.layers.Dense(2)\ndense.kernel = tf.ones([3, 2])\n",
    ],
)
def test_a_tensor_in_the_place_of_a_weight_is_left(text: str) -> None:
    assert left(check_same(HEAD + text)) == [(3, "layer_weights")]


@pytest.mark.parametrize(
    "text",
    [
        "class Own(tf.keras.layers.Layer):\n"
        "    def build(self, shape):\n        self.kernel = self.add_weight(name='kernel')\n",
        "def f(layer):\n    layer.kernel = None\n",
        "def f(layer, k):\n    layer.kernel == k\n    return layer.kernel\n",
        "def f(layer, k):\n    layer.seed = k\n",
        "def f(layer, k, name):\n    setattr(layer, 'seed', k)\n    setattr(layer, name, k)\n",
        "def f(holders, k):\n    for x in holders:\n        x.kernel = k\n",
        "def f(holder, gamma):\n    holder.gamma = gamma\n",
    ],
)
def test_a_weight_of_ones_own_is_not(text: str) -> None:
    assert left(check_same(HEAD + text)) == []


def test_program() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        def put(layer, kernel):
            layer.kernel = kernel

        def put_by_name(layer, kernel):
            setattr(layer, "kernel", kernel)
        """
    )
    import tensorflow as tf

    layer = tf.keras.layers.Dense(2)
    layer.build([1, 3])
    for put in program["put"], program["put_by_name"]:
        with pytest.raises(AttributeError):
            put(layer, tf.ones([3, 2]))
