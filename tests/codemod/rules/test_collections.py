from __future__ import annotations

from tests.codemod.helpers import check_after, left


def test_collections_of_variables_and_losses() -> None:
    check_after(
        """\
        import tensorflow as tf

        a = tf.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES, scope="model")
        b = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES, "model")
        c = tf.get_collection(
            tf.GraphKeys.REGULARIZATION_LOSSES
        )
        d = tf.get_collection(key="variables")
        e = tf.trainable_variables()
        f = tf.global_variables(scope)
        g = tf.losses.get_regularization_losses()
        h = x + tf.losses.get_regularization_loss("model")
        """,
        """\
        import getter_compat
        import tensorflow as tf

        a = getter_compat.trainable_variables(scope="model")
        b = getter_compat.global_variables(scope="model")
        c = getter_compat.regularization_losses()
        d = getter_compat.global_variables()
        e = getter_compat.trainable_variables()
        f = getter_compat.global_variables(scope)
        g = getter_compat.regularization_losses()
        h = x + tf.reduce_sum(getter_compat.regularization_losses("model"))
        """,
    )


def test_other_collections_are_left() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        a = tf.get_collection(name)
        b = tf.get_collection(*arguments)
        """,
        """\
        import tensorflow as tf

        a = tf.compat.v1.get_collection(name)
        b = tf.compat.v1.get_collection(*arguments)
        """,
        rules="collections",
    )
    assert left(findings) == [(3, "collections"), (4, "collections")]
