"""Each row's `after` has TF1's distribution: the parameters of both are compared below."""

from __future__ import annotations

import inspect
import math

import pytest

from getter_compat.codemod.rewrite import rewrite
from tests.codemod.helpers import check_after, check_program, left

CONTRIB = "tf.contrib.layers."
NORMAL = 1.3 * 0.87962566103423978**2


def written(expression: str) -> str:
    """What one expression becomes."""
    source = f"import tensorflow as tf\ny = f({expression}, tf.abs(x))\n"
    line = rewrite(source).source.splitlines()[-1]
    return line.removeprefix("y = f(").removesuffix(", tf.abs(x))")


ROWS = [
    ("tf.zeros_initializer()", "tf.zeros_initializer()"),
    ("tf.zeros_initializer", "tf.zeros_initializer"),
    ("tf.zeros_initializer(tf.float32)", "tf.zeros_initializer()"),
    ("tf.zeros_initializer(dtype=tf.float32)", "tf.zeros_initializer()"),
    ("tf.zeros_initializer(tf.float64)", "tf.compat.v1.zeros_initializer(tf.float64)"),
    ("tf.initializers.zeros()", "tf.zeros_initializer()"),
    ("tf.compat.v1.initializers.ones()", "tf.ones_initializer()"),
    ("tf.compat.v1.ones_initializer", "tf.ones_initializer"),
    ("tf.constant_initializer(0.1)", "tf.constant_initializer(0.1)"),
    ("tf.constant_initializer(value=-0.1)", "tf.constant_initializer(value=-0.1)"),
    ("tf.initializers.constant(0.1, tf.float32)", "tf.constant_initializer(0.1)"),
    ("tf.constant_initializer(1)", "tf.compat.v1.constant_initializer(1)"),
    ("tf.constant_initializer(table)", "tf.compat.v1.constant_initializer(table)"),
    (
        "tf.constant_initializer(0.1, verify_shape=True)",
        "tf.compat.v1.constant_initializer(0.1, verify_shape=True)",
    ),
    (
        "tf.random_uniform_initializer()",
        "tf.random_uniform_initializer(minval=0.0, maxval=1.0)",
    ),
    ("tf.random_uniform_initializer(-1.0, 1.0)", "tf.random_uniform_initializer(-1.0, 1.0)"),
    (
        "tf.random_uniform_initializer(maxval=2.0)",
        "tf.random_uniform_initializer(maxval=2.0, minval=0.0)",
    ),
    (
        "tf.initializers.random_uniform(-1.0, seed=3)",
        "tf.random_uniform_initializer(-1.0, seed=3, maxval=1.0)",
    ),
    (
        "tf.random_uniform_initializer(dtype=tf.float32)",
        "tf.random_uniform_initializer(minval=0.0, maxval=1.0)",
    ),
    (
        "tf.random_uniform_initializer(-1.0, None)",
        "tf.compat.v1.random_uniform_initializer(-1.0, None)",
    ),
    ("tf.random_normal_initializer()", "tf.random_normal_initializer(stddev=1.0)"),
    ("tf.random_normal_initializer(0.5)", "tf.random_normal_initializer(0.5, stddev=1.0)"),
    (
        "tf.random_normal_initializer(0.5, dtype=tf.float32)",
        "tf.random_normal_initializer(0.5, stddev=1.0)",
    ),
    ("tf.random_normal_initializer(0., 0.02, 3)", "tf.random_normal_initializer(0., 0.02, 3)"),
    (
        "tf.compat.v1.random_normal_initializer(stddev=0.02)",
        "tf.random_normal_initializer(stddev=0.02)",
    ),
    ("tf.random_normal_initializer", "tf.compat.v1.random_normal_initializer"),
    ("tf.random_normal_initializer(*a)", "tf.compat.v1.random_normal_initializer(*a)"),
    (
        "tf.truncated_normal_initializer(stddev=0.02)",
        "tf.compat.v1.truncated_normal_initializer(stddev=0.02)",
    ),
    (
        "tf.initializers.truncated_normal()",
        "tf.compat.v1.truncated_normal_initializer()",
    ),
    ("tf.glorot_uniform_initializer()", "tf.compat.v1.glorot_uniform_initializer()"),
    ("tf.initializers.he_normal()", "tf.compat.v1.initializers.he_normal()"),
    (
        "tf.variance_scaling_initializer(2.0, 'fan_in')",
        "tf.compat.v1.variance_scaling_initializer(2.0, 'fan_in')",
    ),
    ("tf.orthogonal_initializer(2.0)", "tf.compat.v1.orthogonal_initializer(2.0)"),
    (f"{CONTRIB}xavier_initializer()", "tf.compat.v1.glorot_uniform_initializer()"),
    (
        f"{CONTRIB}xavier_initializer_conv2d(True, 3)",
        "tf.compat.v1.glorot_uniform_initializer(seed=3)",
    ),
    (
        f"{CONTRIB}xavier_initializer(uniform=False, seed=3)",
        f'tf.compat.v1.variance_scaling_initializer(scale={NORMAL}, mode="fan_avg", seed=3)',
    ),
    (
        f"{CONTRIB}variance_scaling_initializer()",
        f"tf.compat.v1.variance_scaling_initializer(scale={2 * NORMAL})",
    ),
    (
        f"{CONTRIB}variance_scaling_initializer(1.0, 'FAN_AVG', True)",
        'tf.compat.v1.variance_scaling_initializer(scale=1.0, mode="fan_avg", '
        'distribution="uniform")',
    ),
    (
        f"{CONTRIB}variance_scaling_initializer(factor=gain + 1, uniform=False)",
        f"tf.compat.v1.variance_scaling_initializer(scale={NORMAL} * (gain + 1))",
    ),
]


@pytest.mark.parametrize(("before", "after"), ROWS, ids=[row[0] for row in ROWS])
def test_spelling(before: str, after: str) -> None:
    assert written(before) == after
    assert written(after) == after


def test_imports_and_places_where_a_dtype_is_asked_for() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        from tensorflow import random_normal_initializer
        from tensorflow.contrib.layers import xavier_initializer
        from tensorflow.python.ops.init_ops import truncated_normal_initializer

        w = tf.get_variable("w", [3], initializer=tf.constant_initializer(1))
        v = f(initializer=xavier_initializer())
        u = tf.get_variable(
            "u",
            [3],
            initializer=random_normal_initializer(
                seed=3,
            ),
        )
        t = tf.get_variable("t", [3], initializer=truncated_normal_initializer())
        """,
        """\
        import getter_compat
        import tensorflow as tf
        from tensorflow import random_normal_initializer
        from tensorflow.compat.v1 import truncated_normal_initializer

        w = getter_compat.get_variable("w", [3], initializer=tf.constant_initializer(1))
        v = f(initializer=tf.compat.v1.glorot_uniform_initializer())
        u = getter_compat.get_variable(
            "u",
            [3],
            initializer=random_normal_initializer(
                seed=3,
                stddev=1.0,
            ),
        )
        t = getter_compat.get_variable("t", [3], initializer=truncated_normal_initializer())
        """,
    )
    assert left(findings) == []


def test_what_cannot_be_seen_keeps_the_parameters_of_contrib() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        from tensorflow.contrib import slim
        from tensorflow.contrib.layers.python.layers.initializers import xavier_initializer

        a = tf.contrib.layers.xavier_initializer
        b = tf.contrib.layers.variance_scaling_initializer(mode=mode)
        c = tf.contrib.layers.xavier_initializer(uniform)
        d = {"xavier": xavier_initializer, "he": slim.variance_scaling_initializer}
        """,
        """\
        import getter_compat
        from getter_compat import contrib as slim
        from getter_compat.contrib import xavier_initializer

        a = getter_compat.contrib.xavier_initializer
        b = getter_compat.contrib.variance_scaling_initializer(mode=mode)
        c = getter_compat.contrib.xavier_initializer(uniform)
        d = {"xavier": xavier_initializer, "he": slim.variance_scaling_initializer}
        """,
    )
    assert left(findings) == []


def test_the_module_that_has_only_these_is_moved_with_a_star() -> None:
    findings = check_after(
        """\
        import tensorflow as tf
        from tensorflow.contrib.layers.python.layers import initializers
        from tensorflow.contrib.layers.python.layers.initializers import *

        kinds = [initializers.xavier_initializer, xavier_initializer_conv2d]
        """,
        """\
        import tensorflow as tf
        from getter_compat import contrib as initializers
        from getter_compat.contrib import *

        kinds = [initializers.xavier_initializer, xavier_initializer_conv2d]
        """,
    )
    assert [rule for _, rule in left(findings)] == ["symbols"]


def test_a_second_run_has_nothing_to_say() -> None:
    for _, after in ROWS:
        assert rewrite(f"import tensorflow as tf\nf({after})\n").findings == ()


# What TF1 draws, by TensorFlow 1.15.5's source: its kind and parameters for a [20, 30] matrix.
NORMAL_DEVIATION = 1 / 0.87962566103423978
DISTRIBUTIONS = {
    "tf.random_uniform_initializer()": ("uniform", 0.0, 1.0),
    "tf.random_uniform_initializer(-2.0)": ("uniform", -2.0, 1.0),
    "tf.random_normal_initializer()": ("normal", 0.0, 1.0),
    "tf.random_normal_initializer(0.5, 0.1)": ("normal", 0.5, 0.1),
    "tf.truncated_normal_initializer()": ("truncated", 0.0, 1.0),
    "tf.glorot_uniform_initializer()": ("uniform", -math.sqrt(6 / 50), math.sqrt(6 / 50)),
    "tf.glorot_normal_initializer()": ("truncated", 0.0, math.sqrt(1 / 25) * NORMAL_DEVIATION),
    "tf.initializers.he_normal()": ("truncated", 0.0, math.sqrt(2 / 20) * NORMAL_DEVIATION),
    "tf.initializers.lecun_uniform()": ("uniform", -math.sqrt(3 / 20), math.sqrt(3 / 20)),
    "tf.uniform_unit_scaling_initializer()": ("uniform", -math.sqrt(3 / 20), math.sqrt(3 / 20)),
    "tf.contrib.layers.xavier_initializer()": ("uniform", -math.sqrt(6 / 50), math.sqrt(6 / 50)),
    "tf.contrib.layers.xavier_initializer(False)": ("truncated", 0.0, math.sqrt(1.3 / 25)),
    "tf.contrib.layers.variance_scaling_initializer()": ("truncated", 0.0, math.sqrt(2.6 / 20)),
    "tf.contrib.layers.variance_scaling_initializer(3.0, 'FAN_OUT', True)": (
        "uniform",
        -math.sqrt(9 / 30),
        math.sqrt(9 / 30),
    ),
}


@pytest.mark.parametrize("expression", DISTRIBUTIONS)
def test_distribution_is_that_of_tf1(expression: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import tensorflow as tf
    from tensorflow.python.ops import random_ops

    asked: list[tuple[str, float, float]] = []
    kinds = {
        "random_uniform": "uniform",
        "random_normal": "normal",
        "truncated_normal": "truncated",
    }
    for function, kind in kinds.items():
        monkeypatch.setattr(
            random_ops, function, _noting(asked, kind, getattr(random_ops, function))
        )
    value = eval(written(expression), {"tf": tf})([20, 30], dtype=tf.float32)
    assert value.shape == (20, 30)
    kind, first, second = DISTRIBUTIONS[expression]
    assert asked[0][0] == kind
    assert asked[0][1:] == pytest.approx((first, second), rel=1e-12)


def _noting(asked, kind, function):  # type: ignore[no-untyped-def]
    def noted(*arguments, **named):  # type: ignore[no-untyped-def]
        given = inspect.signature(function).bind(*arguments, **named)
        given.apply_defaults()
        _, first, second, *_ = given.args
        asked.append((kind, first, 1.0 if second is None else second))
        return function(*arguments, **named)

    return noted


def test_one_object_draws_anew_for_each_variable_as_in_tf1() -> None:
    import tensorflow as tf

    for expression in DISTRIBUTIONS:
        initializer = eval(written(expression), {"tf": tf})
        first, second = (initializer([4, 3], dtype=tf.float32) for _ in range(2))
        assert bool(tf.reduce_any(first != second)), expression


def test_keras_layers_and_get_variable_take_them() -> None:
    import tensorflow as tf

    import getter_compat

    for index, (_, after) in enumerate(ROWS):
        if any(name in after for name in ("table", "*a", "gain", "-1.0, None", "verify_shape")):
            continue
        initializer = eval(after, {"tf": tf})
        with getter_compat.VariableStore().as_default():
            layer = tf.keras.layers.Dense(3, kernel_initializer=initializer)
            layer.build([None, 4])
            assert layer.kernel.shape == (4, 3), after
            variable = getter_compat.get_variable(f"w{index}", [4, 3], initializer=initializer)
            assert variable.shape == (4, 3), after


def test_an_object_of_keras_for_several_weights_is_reported() -> None:
    findings = check_after(
        """\
        import functools
        import tensorflow as tf
        from keras import initializers

        init = tf.keras.initializers.he_normal()
        dense = functools.partial(f, kernel_initializer=initializers.RandomNormal())
        with tf.variable_scope("a", initializer=tf.keras.initializers.TruncatedNormal()):
            f(kernel_initializer=tf.keras.initializers.he_normal())
        fixed = tf.keras.initializers.he_normal(seed=3)
        zeros = tf.keras.initializers.Zeros()
        """,
        """\
        import functools
        import getter_compat
        import tensorflow as tf
        from tensorflow.keras import initializers

        init = tf.keras.initializers.he_normal()
        dense = functools.partial(f, kernel_initializer=initializers.RandomNormal())
        with getter_compat.getter_scope("a", initializer=tf.keras.initializers.TruncatedNormal()):
            f(kernel_initializer=tf.keras.initializers.he_normal())
        fixed = tf.keras.initializers.he_normal(seed=3)
        zeros = tf.keras.initializers.Zeros()
        """,
    )
    assert left(findings) == [(line, "initializers") for line in (5, 6, 7)]


def test_keras_3_does_draw_the_same_for_every_weight() -> None:
    import tensorflow as tf

    from getter_compat.tables.initializers import KERAS_RANDOM

    for name in KERAS_RANDOM:
        initializer = getattr(tf.keras.initializers, name)()
        first, second = (initializer([4, 3]) for _ in range(2))
        assert bool(tf.reduce_all(first == second)), name


def test_a_program_has_tf1s_numbers() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        def variable(name, initializer):
            return tf.get_variable(name, [100, 100], tf.float32, initializer)

        ones = variable("ones", tf.initializers.ones())
        fives = variable("fives", tf.constant_initializer(5))
        uniform = variable("uniform", tf.random_uniform_initializer())
        normal = variable("normal", tf.random_normal_initializer(2.0))
        v = tf.variance_scaling_initializer(3.0, "fan_in", "uniform")
        scaled = variable("scaled", v)
        cut = variable("cut", tf.truncated_normal_initializer(stddev=0.5))
        means = tf.stack([tf.reduce_mean(v) for v in (ones, fives, uniform, normal, scaled, cut)])
        largest = tf.stack([tf.reduce_max(v) for v in (uniform, normal, scaled, cut)])
        """,
        """\
        import getter_compat
        import tensorflow as tf

        def variable(name, initializer):
            return getter_compat.get_variable(name, [100, 100], tf.float32, initializer)

        ones = variable("ones", tf.ones_initializer())
        fives = variable("fives", tf.compat.v1.constant_initializer(5))
        uniform = variable("uniform", tf.random_uniform_initializer(minval=0.0, maxval=1.0))
        normal = variable("normal", tf.random_normal_initializer(2.0, stddev=1.0))
        v = tf.compat.v1.variance_scaling_initializer(3.0, "fan_in", "uniform")
        scaled = variable("scaled", v)
        cut = variable("cut", tf.compat.v1.truncated_normal_initializer(stddev=0.5))
        means = tf.stack([tf.reduce_mean(v) for v in (ones, fives, uniform, normal, scaled, cut)])
        largest = tf.stack([tf.reduce_max(v) for v in (uniform, normal, scaled, cut)])
        """,
    )
    assert program["means"].numpy() == pytest.approx([1, 5, 0.5, 2, 0, 0], abs=0.05)
    uniform, normal, scaled, cut = program["largest"].numpy()
    # The bounds: 1; none; the root of 3 * 3 / 100; two deviations.
    assert 0.99 < uniform < 1
    assert normal > 5
    assert 0.29 < scaled < 0.3
    assert 0.97 < cut < 1


def test_arguments_that_change_under_a_name_that_stays_are_told() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        a = tf.random_normal_initializer()
        b = tf.constant_initializer(1.0, dtype=tf.float32)
        """,
        """\
        import tensorflow as tf

        a = tf.random_normal_initializer(stddev=1.0)
        b = tf.constant_initializer(1.0)
        """,
    )
    assert [(finding.line, finding.message) for finding in findings] == [
        (3, "tf.random_normal_initializer: arguments changed"),
        (4, "tf.constant_initializer: arguments changed"),
    ]
