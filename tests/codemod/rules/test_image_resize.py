from __future__ import annotations

from tests.codemod.helpers import check_after, left


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
