from __future__ import annotations

import pytest

from getter_compat.codemod.rewrite import rewrite
from tests.codemod.helpers import check_after, check_program, check_same, left

START = "import tensorflow as tf\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "tf.data.TFRecordDataset(f).map(g).apply(\n"
            "    tf.contrib.data.padded_batch_and_drop_remainder(2, padded_shapes=s))",
            "tf.data.TFRecordDataset(f).map(g).padded_batch(2, padded_shapes=s, "
            "drop_remainder=True)",
        ),
        (
            "d.apply(tf.contrib.data.batch_and_drop_remainder(batch_size=tf.to_int64(n)))",
            "d.batch(batch_size=tf.cast(n, dtype=tf.int64), drop_remainder=True)",
        ),
        (
            "d = d.apply(\n    tf.contrib.data.batch_and_drop_remainder  # a\n    (2)); tf.abs(x)",
            "d = d.batch(2, drop_remainder=True  # a\n); tf.abs(x)",
        ),
        (
            "keys = tf.data.Dataset.range(3).output_types.keys()",
            "keys = tf.compat.v1.data.get_output_types(tf.data.Dataset.range(3)).keys()",
        ),
        (
            "tf.contrib.framework.list_variables(checkpoint_dir=d)",
            "tf.train.list_variables(ckpt_dir_or_file=d)",
        ),
        ("f = tf.contrib.framework.load_checkpoint", "f = tf.train.load_checkpoint"),
        (
            "x = self.train_dataset.output_types",
            "x = tf.compat.v1.data.get_output_types(self.train_dataset)",
        ),
        (
            "def f(dataset): return dataset.output_shapes[0]",
            "def f(dataset): return tf.compat.v1.data.get_output_shapes(dataset)[0]",
        ),
        (
            "tf.data.Iterator.from_structure(data.a.output_types, output_shapes=b.output_shapes)",
            "tf.compat.v1.data.Iterator.from_structure(tf.compat.v1.data.get_output_types(data.a), "
            "output_shapes=tf.compat.v1.data.get_output_shapes(b))",
        ),
    ],
)
def test_written(before: str, after: str) -> None:
    check_after(f"{START}{before}\n", f"{START}{after}\n")


@pytest.mark.parametrize(
    "text",
    [
        "f = tf.contrib.data.batch_and_drop_remainder(2)",
        "d.apply(tf.contrib.data.batch_and_drop_remainder(*sizes))",
    ],
)
def test_left(text: str) -> None:
    assert [line for line, _ in left(check_same(f"{START}{text}\n"))] == [2]


@pytest.mark.parametrize(
    "text",
    [
        "x = sampler.output_shapes, args.output_types",
        "class Reader:\n    output_types = tf.int32\n\n    def dataset(self):\n"
        "        return tf.data.Dataset.from_generator(self.rows, self.output_types)\n",
        "class Shapes:\n    output_types: tuple\n\n\ndef f(ds):\n    return ds.output_types\n",
        "iterator.output_types, self.train_iterator.output_shapes",
        "it = tf.compat.v1.data.make_one_shot_iterator(d)\nit.output_types",
        "class Model:\n    output_types = property(f)\n\n    def output_shapes(self):\n"
        "        return self.output_types\n",
        "model.output_types = 3\nprint(model.output_types)",
    ],
)
def test_members_of_other_objects_stay(text: str) -> None:
    assert all(finding.status == "runs" for finding in check_same(f"{START}{text}\n"))


MADE = f"""{START}
def make(n):
    return tf.data.Dataset.range(n)

train, test = make(3), tf.data.Dataset.range(2)
sets = {{"train": make(2)}}

class Data:
    def __init__(self):
        self.train, self.rate = make(4).batch(2), 3

    def ask(self, spec, hparams):
        """


@pytest.mark.parametrize(
    "owner", ["self.train", "make(2)", "sets['train']", "train", "test", "self.train.batch(2)"]
)
def test_datasets_that_the_file_makes(owner: str) -> None:
    function = f"tf.compat.v1.data.get_output_types({owner})"
    check_after(f"{MADE}return {owner}.output_types\n", f"{MADE}return {function}\n")


@pytest.mark.parametrize("owner", ["hparams", "spec[0]", "self.rate", "load(2)"])
def test_other_objects_where_tf_data_is_used(owner: str) -> None:
    text = f"tf.data.Dataset.from_generator(rows, {owner}.output_types, {owner}.output_shapes)"
    assert not check_same(f"{MADE}return {text}\n")


def test_datasets_that_functions_make() -> None:
    # What TensorFlow 1.15.5 prints: 0 and 1, then 0.
    text = """\
        import tensorflow as tf


        def make(n):
            return tf.data.Dataset.range(n).batch(2)


        a, b = make(4), make(1)
        with tf.Graph().as_default(), tf.Session() as session:
            iterator = tf.data.Iterator.from_structure(a.output_types, a.output_shapes)
            row = iterator.get_next()
            found = []
            for data in make(4), make(1):
                session.run(iterator.make_initializer(data))
                found.append(session.run(row).tolist())
        """
    after = text.replace("tf.Session", "tf.compat.v1.Session")
    after = after.replace("tf.data.Iterator", "tf.compat.v1.data.Iterator")
    for member in ("output_types", "output_shapes"):
        after = after.replace(f"a.{member}", f"tf.compat.v1.data.get_{member}(a)")
    assert check_program(text, after)["found"] == [[0, 1], [0]]


def test_a_program_has_tf1s_values() -> None:
    program = check_program(
        """\
        import tensorflow as tf

        dataset = tf.data.Dataset.range(5).map(lambda x: (x, 2 * x))
        dataset = dataset.apply(tf.contrib.data.batch_and_drop_remainder(2))
        types, shapes = dataset.output_types, dataset.output_shapes
        batches = [a.numpy().tolist() for a, b in dataset]
        """,
        """\
        import tensorflow as tf

        dataset = tf.data.Dataset.range(5).map(lambda x: (x, 2 * x))
        dataset = dataset.batch(2, drop_remainder=True)
        types, shapes = tf.compat.v1.data.get_output_types(dataset), \\
            tf.compat.v1.data.get_output_shapes(dataset)
        batches = [a.numpy().tolist() for a, b in dataset]
        """.replace("\\\n            ", ""),
    )
    assert program["types"] == ("int64", "int64")
    assert [shape.as_list() for shape in program["shapes"]] == [[2], [2]]
    assert program["batches"] == [[0, 1], [2, 3]]


def test_a_finding_stands_where_the_function_of_tf1_does() -> None:
    text = f"{START}d = d.apply(\n    tf.contrib.data.batch_and_drop_remainder(2))\n"
    places = [(it.line, it.column) for it in rewrite(text).findings if it.rule == "datasets"]
    assert places == [(3, 5)]


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("d.shuffle(6, seed=1).repeat()", True),
        ("d.shuffle(6, 1).repeat(2).batch(3)", True),
        ("e = d.shuffle(6, seed=1)\ne = e.repeat()", True),
        ("d.apply(tf.data.experimental.shuffle_and_repeat(6, 2, seed=1))", True),
        ("d.apply(tf.data.experimental.shuffle_and_repeat(6, 2, 1))", True),
        ("d.apply(tf.data.experimental.shuffle_and_repeat(6, 2))", False),
        ("def shuffle_and_repeat(d, n, seed): pass\nshuffle_and_repeat(d, 3, seed=1)", False),
        ("d.shuffle(6).repeat()", False),
        ("d.shuffle(6, seed=None).repeat()", False),
        ("d.shuffle(6, 1, reshuffle_each_iteration=False).repeat()", False),
        ("d.repeat().shuffle(6, seed=1)", False),
        ("d.shuffle(6, seed=1).map(f).repeat()", False),
        ("d.shuffle(6, seed=1)", False),
    ],
)
def test_an_order_that_is_another_is_told(text: str, is_told: bool) -> None:
    before = f"import tensorflow as tf\nd = tf.data.Dataset.range(6)\n{text}\n"
    messages = [it.message for it in check_same(before) if it.status == "runs"]
    assert ["order" in it for it in messages] == [True] * is_told
