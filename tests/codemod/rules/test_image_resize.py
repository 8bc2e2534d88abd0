from __future__ import annotations

from tests.codemod.helpers import check_after, check_program, left


def test_pixel_grid_is_kept() -> None:
    findings = check_after(
        """\
        import tensorflow as tf

        a = tf.image.resize_bilinear(x, [3, 3])
        b = tf.image.resize_images(x, [3, 3], align_corners=True)
        c = tf.image.resize(x, [3, 3])
        """,
        """\
        import tensorflow as tf

        a = tf.compat.v1.image.resize_bilinear(x, [3, 3])
        b = tf.compat.v1.image.resize_images(x, [3, 3], align_corners=True)
        c = tf.image.resize(x, [3, 3])
        """,
    )
    assert left(findings) == [(3, "image_resize"), (4, "image_resize")]


def test_resize_of_compat_v1_is_tf1s() -> None:
    findings = check_after(
        """\
        import tensorflow.compat.v1 as tf

        a = tf.image.resize(x, [3, 3])
        """,
        """\
        import tensorflow as tf

        a = tf.compat.v1.image.resize(x, [3, 3])
        """,
    )
    assert left(findings) == [(3, "image_resize")]


def test_align_corners_may_be_positional() -> None:
    check_after(
        """\
        import tensorflow as tf

        a = tf.image.resize(x, [3, 3], 0, True)
        """,
        """\
        import tensorflow as tf

        a = tf.compat.v1.image.resize(x, [3, 3], 0, True)
        """,
    )


def test_a_program_has_tf1s_pixels() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        row = tf.reshape([0.0, 4.0], [1, 1, 2, 1])
        smooth = tf.image.resize_bilinear(row, [1, 4])
        aligned = tf.image.resize_images(row, [1, 3], align_corners=True)
        """,
        """\
        import tensorflow as tf

        row = tf.reshape([0.0, 4.0], [1, 1, 2, 1])
        smooth = tf.compat.v1.image.resize_bilinear(row, [1, 4])
        aligned = tf.compat.v1.image.resize_images(row, [1, 3], align_corners=True)
        """,
    )
    assert program["smooth"].numpy().ravel().tolist() == [0.0, 2.0, 4.0, 4.0]
    assert program["aligned"].numpy().ravel().tolist() == [0.0, 2.0, 4.0]
