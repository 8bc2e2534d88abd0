from __future__ import annotations

import pytest

from getter_compat.codemod.rewrite import rewrite
from getter_compat.tables.keras import GONE, MODULES
from tests.codemod.helpers import check_after, check_program, check_same, left


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import keras", "from tensorflow import keras"),
        ("import keras.layers", "from tensorflow import keras"),
        ("import keras.backend as K", "from tensorflow.keras import backend as K"),
        ("from keras import backend as K", "from tensorflow.keras import backend as K"),
        (
            "from keras import backend as K, layers",
            "from tensorflow.keras import backend as K, layers",
        ),
        (
            "from keras.layers import Dense, Lambda",
            "from tensorflow.keras.layers import Dense, Lambda",
        ),
        ("from keras.layers.core import Dense", "from tensorflow.keras.layers import Dense"),
        ("from keras.layers import core", "from tensorflow.keras import layers"),
        (
            "from keras.engine.topology import Layer, InputSpec",
            "from tensorflow.keras.layers import Layer, InputSpec",
        ),
        ("from keras.engine import Layer as L", "from tensorflow.keras.layers import Layer as L"),
        (
            "from keras.utils.np_utils import to_categorical",
            "from tensorflow.keras.utils import to_categorical",
        ),
        (
            "from tensorflow.python.keras.layers import Dense",
            "from tensorflow.keras.layers import Dense",
        ),
        (
            "from tensorflow.python.keras.engine.base_layer import Layer",
            "from tensorflow.keras.layers import Layer",
        ),
        ("from tensorflow.contrib.keras import layers", "from tensorflow.keras import layers"),
        ("import os, keras", "from tensorflow import keras; import os"),
    ],
)
def test_imports(before: str, after: str) -> None:
    assert rewrite(f"{before}\n").source.splitlines() == after.split("; ")
    assert left(rewrite(f"{before}\n").findings) == []


def test_uses_follow() -> None:
    check_after(
        """\
        import keras
        import keras.layers.core
        from keras.layers import core
        from tensorflow.keras.layers import core as also

        a = keras.layers.Dense(3)
        b = keras.layers.core.Dense(3)
        c = core.Dense(3)
        d = keras.engine.topology.Layer()
        e = also.Dense(3)
        """,
        """\
        from tensorflow import keras
        from tensorflow import keras
        from tensorflow.keras import layers
        from tensorflow.keras import layers as also

        a = keras.layers.Dense(3)
        b = keras.layers.Dense(3)
        c = layers.Dense(3)
        d = keras.layers.Layer()
        e = also.Dense(3)
        """,
    )


def test_what_is_gone_is_reported() -> None:
    findings = check_same(
        """\
        from keras.layers import CuDNNLSTM
        from tensorflow import keras

        a = CuDNNLSTM(3)
        b = keras.utils.multi_gpu_model(model)
        """
    )
    assert left(findings) == [(4, "keras_modules"), (5, "keras_modules")]


def test_keras_3_has_what_the_table_says() -> None:
    import tensorflow as tf

    for target in MODULES.values():
        assert _find(tf.keras, target) is not None, target
    for name in GONE:
        assert _find(tf.keras, name) is None, name


def _find(value: object, name: str) -> object:
    for part in name.split("."):
        value = getattr(value, part, None)
    return value


def test_keras_3_stays() -> None:
    source = "import tensorflow as tf\n\nlayer = tf.keras.layers.Dense(3)\n"
    assert check_same(source) == ()


def test_what_no_keras_3_knows_is_reported() -> None:
    findings = check_after(
        """\
        import keras
        from tensorflow.keras import layers, losses
        import tensorflow.compat.v1 as tf

        a = keras.losses.nothing_known(x)
        b = layers.NothingKnown(losses.mse.__name__)
        c = tf.keras.models.LinearModel()
        d = tf.keras.layers.Dense(3)
        e = losses.cosine_proximity, keras.losses.cosine_proximity
        f = keras.initializers.normal()
        """,
        """\
        from tensorflow import keras
        from tensorflow.keras import layers, losses
        import tensorflow as tf

        a = keras.losses.nothing_known(x)
        b = layers.NothingKnown(losses.mse.__name__)
        c = tf.keras.models.LinearModel()
        d = tf.keras.layers.Dense(3)
        e = losses.cosine_similarity, keras.losses.cosine_similarity
        f = keras.initializers.RandomNormal()
        """,
    )
    assert left(findings) == [(line, "keras_modules") for line in (5, 6, 7)]


def test_star_imports_move_and_are_reported() -> None:
    findings = check_after(
        """\
        from keras.layers import *
        from tensorflow.keras.models import *
        from .keras import *
        """,
        """\
        from tensorflow.keras.layers import *
        from tensorflow.keras.models import *
        from .keras import *
        """,
    )
    assert left(findings) == [(1, "symbols"), (2, "symbols")]


def test_a_program_has_keras_2s_numbers() -> None:
    program = check_program(
        """\
        import keras.backend as K
        from keras.engine.topology import Layer
        from keras.layers.core import Dense, Flatten
        from keras.models import Sequential
        from keras.utils.np_utils import to_categorical

        class Double(Layer):
            def call(self, x):
                return 2 * x

        model = Sequential([Flatten(), Double(), Dense(2, kernel_initializer="ones")])
        result = K.get_value(model(K.ones((1, 2, 3))))
        hot = to_categorical([1], 3)
        """,
        """\
        from tensorflow.keras import backend as K
        from tensorflow.keras.layers import Layer
        from tensorflow.keras.layers import Dense, Flatten
        from tensorflow.keras.models import Sequential
        from tensorflow.keras.utils import to_categorical

        class Double(Layer):
            def call(self, x):
                return 2 * x

        model = Sequential([Flatten(), Double(), Dense(2, kernel_initializer="ones")])
        result = K.get_value(model(K.ones((1, 2, 3))))
        hot = to_categorical([1], 3)
        """,
    )
    assert program["result"].tolist() == [[12.0, 12.0]]
    assert program["hot"].tolist() == [[0.0, 1.0, 0.0]]


def test_every_module_has_names_of_its_own() -> None:
    text = "import tensorflow as tf\ntf.keras.layers.__dict__\ntf.keras.layers.Nothing\n"
    assert left(rewrite(text).findings) == [(3, "keras_modules")]
