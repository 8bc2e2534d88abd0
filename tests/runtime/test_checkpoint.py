"""TF1 checkpoints by name, both ways: recorded by TensorFlow 1.15.5, and read by a live one."""

import json
import os
import runpy
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import tensorflow as tf

import getter_compat
from getter_compat import (
    ScopedModel,
    VariableStore,
    get_variable,
    getter_scope,
    layers,
    load_tf1_checkpoint,
    save_tf1_checkpoint,
)
from getter_compat.verify.examples import load_example
from getter_compat.verify.tf1_side import Record

ROOT = Path(__file__).parent.parent.parent
RECORDED = [
    "batch_norm",
    "composed_getters",
    "conv_layers",
    "dense_layers",
    "separable_conv_layers",
    "slashes",
    "unnamed_blocks",
]


class Today:
    """`tensorflow` as the examples name it, with getter_compat where the names are TF1's."""

    layers = getter_compat.layers
    variable_scope = getter_scope
    get_variable = staticmethod(get_variable)

    def __getattr__(self, name):
        return getattr(tf.compat.v1, name)


def recorded_model(name):
    """An example's model function, and what TensorFlow 1.15.5 recorded of it."""
    example = load_example(ROOT / "examples" / name)
    program = example.before.read_text().replace("import tensorflow as tf", "")
    names = {"tf": Today()}
    exec(compile(program, str(example.before), "exec"), names)
    return names[example.function], example, Record.load(str(example.recording))


def flat(value):
    return [t.numpy() for t in tf.nest.flatten(value)]


# What TensorFlow 1.15.5 wrote


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_checkpoint_gives_the_recorded_outputs(name):
    fn, example, record = recorded_model(name)
    arguments = dict(example.arguments)
    if name == "batch_norm":
        arguments["is_training"] = False
    model = ScopedModel(fn)
    inputs = record.group("input")
    model(**inputs, **arguments)
    loaded = model.load_tf1_checkpoint(example.recording / "model.ckpt")
    assert sorted(loaded) == sorted(variable["name"] for variable in record.variables)
    expected = list(record.group("changed_output").values())
    for call in (model, tf.function(model)):
        outputs = flat(call(**inputs, **arguments))
        assert len(outputs) == len(expected)
        for output, right in zip(outputs, expected, strict=True):
            np.testing.assert_allclose(output, right, rtol=1e-5, atol=1e-5)


def test_the_path_may_be_a_prefix_one_of_the_files_or_a_directory(tmp_path):
    source = ROOT / "examples" / "dense_layers" / "tf1"
    prefix = str(source / "model.ckpt")
    fn, _, record = recorded_model("dense_layers")
    model = ScopedModel(fn)
    model(**record.group("input"))
    for path in (
        prefix,
        f"{prefix}.index",
        Path(f"{prefix}.data-00000-of-00001"),
        f"{prefix}.meta",
    ):
        assert len(model.load_tf1_checkpoint(path)) == 9
    for file in source.glob("model.ckpt.*"):
        shutil.copy(file, tmp_path)
    (tmp_path / "checkpoint").write_text('model_checkpoint_path: "model.ckpt"\n')
    assert len(model.load_tf1_checkpoint(tmp_path)) == 9


# What TensorFlow 1.15.5 reads

RESTORE = """
import json, sys
import tensorflow.compat.v1 as tf
prefix, names = sys.argv[1], json.loads(sys.argv[2])
variables = {n: tf.get_variable(n, shape, dtype) for n, (shape, dtype) in names.items()}
saver = tf.train.Saver()
with tf.Session() as session:
    saver.restore(session, prefix)
    values = session.run(variables)
    saver.save(session, prefix + "-again")
print(json.dumps({name: value.tolist() for name, value in values.items()}))
print(tf.train.latest_checkpoint(sys.argv[3]))
"""


@pytest.fixture(scope="session")
def tf1_python():
    """An interpreter with TensorFlow 1.15.5; it is set up where CPython 3.7 is found."""
    goldens = runpy.run_path(str(ROOT / "scripts" / "make_goldens.py"))
    given = os.environ.get("TF1_PYTHON")
    if not given and not goldens["find_python37"]():
        pytest.skip(goldens["HOW_TO_GET_ONE"])
    return goldens["tf1_python"](given)


def test_tensorflow_1_restores_what_is_written_here_and_the_reverse(tmp_path, tf1_python):
    random = np.random.RandomState(0)
    values = {
        "net/dense/kernel": random.normal(size=(3, 2)).astype(np.float32),
        "net/dense/bias": np.ones(2, np.float32),
        "a//b": np.arange(6, dtype=np.int64).reshape(1, 2, 3),
        "half": random.normal(size=4).astype(np.float16),
        "scalar": np.float64(3.5),
        "flag": np.array([True, False]),
    }
    for name, value in values.items():
        get_variable(name, initializer=tf.constant(value))
    prefix = save_tf1_checkpoint(tmp_path / "new" / "model.ckpt-7")
    described = {n: (v.shape.as_list(), v.dtype.name) for n, v in variables().items()}
    run = subprocess.run(
        [tf1_python, "-c", RESTORE, prefix, json.dumps(described), str(tmp_path / "new")],
        # TensorFlow 2 tells its child processes to be eager.
        env={k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "TF2_BEHAVIOR")},
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert run.returncode == 0, run.stderr
    seen, newest = run.stdout.splitlines()[-2:]
    for name, value in json.loads(seen).items():
        np.testing.assert_array_equal(np.array(value, values[name].dtype), values[name])
    assert newest == f"{prefix}-again"
    for variable in variables().values():
        variable.assign(tf.zeros_like(variable))
    assert len(load_tf1_checkpoint(f"{prefix}-again")) == 6
    for name, value in values.items():
        np.testing.assert_array_equal(variables()[name].numpy(), value)


# Which names


def variables():
    return getter_compat.default_store().variables


@pytest.fixture
def checkpoint(tmp_path):
    """A checkpoint with the optimizer's state beside a small model's weights."""
    with VariableStore().as_default():
        with getter_scope("old"):
            get_variable("kernel", initializer=tf.fill([2, 2], 1.0))
            get_variable("bias", initializer=tf.fill([2], 2.0))
        for name, value in {
            "old/kernel/Adam": tf.fill([2, 2], 9.0),
            "old/kernel/Adam_1": tf.fill([2, 2], 9.0),
            "old/kernel/ExponentialMovingAverage": tf.fill([2, 2], 8.0),
            "beta1_power": tf.constant(0.9),
            "beta2_power_1": tf.constant(0.99),
            "global_step": tf.constant(12, tf.int64),
        }.items():
            get_variable(name, initializer=value)
        return save_tf1_checkpoint(tmp_path / "model.ckpt")


def small_model(scope, **shapes):
    shapes = {"kernel": [2, 2], "bias": [2], **shapes}
    with getter_scope(scope):
        return {
            name: get_variable(name, shape, initializer=tf.zeros_initializer())
            for name, shape in shapes.items()
        }


def sums(made):
    return {name: float(tf.reduce_sum(v)) for name, v in made.items()}


def test_the_state_of_optimizers_may_stay_in_the_checkpoint(checkpoint):
    made = small_model("old")
    assert load_tf1_checkpoint(checkpoint) == ["old/kernel", "old/bias"]
    assert sums(made) == {"kernel": 4.0, "bias": 4.0}


TRAINED = ROOT / "tests" / "data" / "checkpoints"


def trained_networks(*names):
    """The networks of the checkpoint that TensorFlow 1.15.5 wrote, with other values."""
    for name in names:
        with getter_scope(name):
            layers.dense(tf.ones([1, 3]), 2, bias_initializer=tf.ones_initializer())


def test_slots_and_averages_of_tf1_made_in_scopes_may_stay_in_the_checkpoint(store):
    """Those of every optimizer: `train3/net/dense/kernel/Adam`, `a/b3/beta1_power`, and so on."""
    values = json.loads((TRAINED / "trained.json").read_text(encoding="utf-8"))
    trained_networks("net", "other")
    names = [f"{name}/dense/{weight}" for name in ("net", "other") for weight in ("kernel", "bias")]
    assert load_tf1_checkpoint(TRAINED / "trained.ckpt") == names
    for name in names:
        assert np.allclose(store.variables[name], values[name])


def test_what_is_told_of_a_network_that_was_not_asked_for_is_its_variables():
    trained_networks("net")
    with pytest.raises(ValueError, match="have different names") as error:
        load_tf1_checkpoint(TRAINED / "trained.ckpt")
    assert [line for line in str(error.value).splitlines() if line.startswith("  ")] == [
        "  only in the checkpoint       other/dense/bias",
        "  only in the checkpoint       other/dense/kernel",
    ]


def test_a_variable_that_only_looks_like_a_slot_is_missed(tmp_path):
    get_variable("v", [2])
    get_variable("tower/v/w", [3])
    path = save_tf1_checkpoint(tmp_path / "model.ckpt")
    with VariableStore().as_default():
        get_variable("v", [2])
        with pytest.raises(ValueError, match="only in the checkpoint       tower/v/w"):
            load_tf1_checkpoint(path)


@pytest.mark.parametrize("within_scope", [False, True])
def test_averages_of_tf1_are_loaded_in_place_of_variables(store, within_scope):
    values = json.loads((TRAINED / "trained.json").read_text(encoding="utf-8"))
    trained_networks("net")
    average = tf.train.ExponentialMovingAverage(0.9)
    if within_scope:
        names = {f"net/{name}/ExponentialMovingAverage": name for name in store.variables}
    else:
        names = average.variables_to_restore(list(store.variables.values()))
    loaded = load_tf1_checkpoint(TRAINED / "trained.ckpt", names)
    assert sorted(loaded) == ["net/dense/bias", "net/dense/kernel"]
    for name in loaded:
        saved = f"{'net/' * within_scope}{name}/ExponentialMovingAverage"
        assert np.allclose(store.variables[name], values[saved])
        assert not np.allclose(values[saved], values[name])


def test_that_there_are_averages_is_told(tmp_path):
    trained_networks("net", "absent")
    with pytest.raises(ValueError, match="different names") as error:
        load_tf1_checkpoint(TRAINED / "trained.ckpt")
    advice = str(error.value).splitlines()[-1]
    assert "{'net/dense/bias/ExponentialMovingAverage': 'net/dense/bias', ...}" in advice
    assert "tf.train.ExponentialMovingAverage(decay).variables_to_restore(variables)" in advice


def test_variables_for_the_state_of_optimizers_are_loaded_too(checkpoint):
    small_model("old")
    step = get_variable("global_step", initializer=tf.constant(0, tf.int64), trainable=False)
    slot = get_variable("old/kernel/Adam", [2, 2])
    load_tf1_checkpoint(checkpoint)
    assert int(step) == 12
    assert float(slot[0, 0]) == 9.0


def test_strict_lists_every_name_that_does_not_fit_and_changes_nothing(checkpoint):
    made = small_model("old", gamma=[2])
    get_variable("other/v", [1])
    with pytest.raises(ValueError, match="have different names") as error:
        load_tf1_checkpoint(checkpoint)
    lines = str(error.value).splitlines()
    assert "  missing from the checkpoint  old/gamma" in lines
    assert "  missing from the checkpoint  other/v" in lines
    assert sums(made) == {"kernel": 0.0, "bias": 0.0, "gamma": 0.0}
    with VariableStore().as_default():
        get_variable("old/bias", [2])
        with pytest.raises(ValueError, match="only in the checkpoint       old/kernel"):
            load_tf1_checkpoint(checkpoint)


def test_not_strict_loads_what_both_have(checkpoint):
    made = small_model("old", gamma=[2])
    assert load_tf1_checkpoint(checkpoint, strict=False) == ["old/kernel", "old/bias"]
    assert sums(made) == {"kernel": 4.0, "bias": 4.0, "gamma": 0.0}


@pytest.mark.parametrize("strict", [True, False])
def test_another_shape_or_dtype_is_an_error_that_changes_nothing(checkpoint, strict):
    made = small_model("old", kernel=[2, 3])
    with pytest.raises(ValueError, match=r"old/kernel: \(2, 3\) float32 here, \(2, 2\) float32"):
        load_tf1_checkpoint(checkpoint, strict=strict)
    assert sums(made) == {"kernel": 0.0, "bias": 0.0}
    with VariableStore().as_default(), getter_scope("old", dtype=tf.float64):
        get_variable("kernel", [2, 2])
        with pytest.raises(ValueError, match=r"float64 here, \(2, 2\) float32 as old/kernel"):
            load_tf1_checkpoint(checkpoint, strict=False)


@pytest.mark.parametrize(
    ("assignment_map", "loaded"),
    [
        ({"old/": "new/"}, ["new/kernel", "new/bias"]),
        ({"old/": "new"}, ["new/kernel", "new/bias"]),
        ({"old/kernel": "new/kernel"}, ["new/kernel"]),
        ([("old/kernel", "new/kernel"), ("old/bias", "new/bias")], ["new/kernel", "new/bias"]),
    ],
)
def test_an_assignment_map_renames_scopes_and_variables(checkpoint, assignment_map, loaded):
    made = small_model("new")
    get_variable("untouched", [1])
    assert load_tf1_checkpoint(checkpoint, assignment_map) == loaded
    assert sums(made) == {"kernel": 4.0, "bias": 4.0 if "new/bias" in loaded else 0.0}


def test_an_assignment_map_from_and_to_the_root(checkpoint, tmp_path):
    root = small_model("old")
    assert load_tf1_checkpoint(checkpoint, {"/": "/"}) == ["old/kernel", "old/bias"]
    assert sums(root) == {"kernel": 4.0, "bias": 4.0}
    with VariableStore().as_default():
        nested = small_model("whole/old")
        assert load_tf1_checkpoint(checkpoint, {"/": "whole/"}) == [
            "whole/old/kernel",
            "whole/old/bias",
        ]
        assert sums(nested) == {"kernel": 4.0, "bias": 4.0}


def test_an_assignment_map_takes_variables(checkpoint):
    free = tf.Variable(tf.zeros([2, 2]), name="free")
    layer = tf.keras.layers.Dense(2)
    layer.build([None, 2])
    load_tf1_checkpoint(checkpoint, {"old/kernel": free, "old/bias": layer.bias})
    assert float(tf.reduce_sum(free)) == 4.0
    np.testing.assert_array_equal(layer.bias, [2.0, 2.0])


@pytest.mark.parametrize(
    ("assignment_map", "message"),
    [
        ({"old/nothing": "new/kernel"}, "Tensor old/nothing is not found in .*old/kernel"),
        ({"old/kernel": "new/nothing"}, "names the variable new/nothing, which the store does not"),
        ({"old/": "nowhere/"}, "names the scope nowhere/, under which the store has no variables"),
        ({"absent/": "new/"}, "the scope absent/ of the checkpoint lacks"),
        (
            {"old/bias": "new/kernel"},
            r"new/kernel: \(2, 2\) float32 here, \(2,\) float32 as old/bias",
        ),
    ],
)
def test_an_assignment_map_that_does_not_fit_says_why(checkpoint, assignment_map, message):
    made = small_model("new")
    with pytest.raises(ValueError, match=message):
        load_tf1_checkpoint(checkpoint, assignment_map)
    assert sums(made) == {"kernel": 0.0, "bias": 0.0}


# Files that are none


def truncated(prefix):
    data = Path(f"{prefix}.data-00000-of-00001")
    data.write_bytes(data.read_bytes()[:5])
    return prefix


def corrupted(prefix):
    data = Path(f"{prefix}.data-00000-of-00001")
    content = bytearray(data.read_bytes())
    content[2] ^= 0xFF
    data.write_bytes(bytes(content))
    return prefix


def misplaced(prefix):
    index = Path(f"{prefix}.index")
    content = bytearray(index.read_bytes())
    content[-46] = 0xFF  # in the footer, which says where the rest is
    index.write_bytes(bytes(content))
    return prefix


def without_data(prefix):
    Path(f"{prefix}.data-00000-of-00001").unlink()
    return prefix


def foreign(prefix):
    Path(f"{prefix}.index").write_bytes(b"GIF89a not a checkpoint at all" * 10)
    return prefix


def empty_index(prefix):
    Path(f"{prefix}.index").write_bytes(b"")
    return prefix


def a_text_file(prefix):
    path = Path(prefix).parent / "notes.txt"
    path.write_text("nothing")
    return path


def a_directory_without_one(prefix):
    path = Path(prefix).parent / "empty"
    path.mkdir()
    return path


@pytest.mark.parametrize(
    "spoil",
    [
        truncated,
        corrupted,
        misplaced,
        without_data,
        foreign,
        empty_index,
        a_text_file,
        a_directory_without_one,
        lambda prefix: Path(prefix).parent / "nowhere" / "model.ckpt",
    ],
)
def test_a_file_that_cannot_be_read_is_a_clear_error_and_changes_nothing(checkpoint, spoil):
    made = small_model("old")
    path = spoil(checkpoint)
    with pytest.raises(
        getter_compat.runtime.checkpoint.CheckpointError,
        match=r"cannot be read|has no checkpoint|is damaged",
    ) as error:
        load_tf1_checkpoint(path)
    assert str(path) in str(error.value)
    assert sums(made) == {"kernel": 0.0, "bias": 0.0}


# Writing


def test_what_is_written_is_named_as_tf1_names_it(tmp_path):
    small_model("net")
    prefix = save_tf1_checkpoint(tmp_path / "deep" / "er" / "model.ckpt")
    assert dict(tf.train.list_variables(prefix)) == {"net/kernel": [2, 2], "net/bias": [2]}
    assert tf.train.latest_checkpoint(str(tmp_path / "deep" / "er")) == prefix


def test_chosen_variables_are_written(tmp_path):
    made = small_model("net")
    layer = tf.keras.layers.Dense(2)
    with getter_scope("head"):
        layer(tf.ones([1, 3]))
    prefix = save_tf1_checkpoint(tmp_path / "model.ckpt", [made["bias"], layer.kernel])
    assert dict(tf.train.list_variables(prefix)) == {"net/bias": [2], "head/dense/kernel": [3, 2]}


def test_an_empty_store_is_not_written(tmp_path):
    with pytest.raises(ValueError, match="there are no variables to save in the current store"):
        save_tf1_checkpoint(tmp_path / "model.ckpt")


def test_derived_weights_are_saved_as_what_is_behind_them(tmp_path):
    def fn(x):
        with getter_scope("net", custom_getter=lambda getter, *a, **k: getter(*a, **k) * 2.0):
            return tf.keras.layers.Dense(2)(x)

    one, other = ScopedModel(fn), ScopedModel(fn)
    x = tf.ones([1, 3])
    one(x), other(x)
    prefix = one.save_tf1_checkpoint(tmp_path / "model.ckpt")
    np.testing.assert_array_equal(
        tf.train.load_variable(prefix, "net/dense/kernel"), one.store.variables["net/dense/kernel"]
    )
    other.load_tf1_checkpoint(prefix)
    np.testing.assert_array_equal(one(x), other(x))


def test_a_model_that_was_not_called_says_so(checkpoint, tmp_path):
    model = ScopedModel(lambda x: x)
    with pytest.raises(ValueError, match=r"load_tf1_checkpoint: the model .* has no variables yet"):
        model.load_tf1_checkpoint(checkpoint)
    with pytest.raises(ValueError, match=r"save_tf1_checkpoint: the model .* has no variables yet"):
        model.save_tf1_checkpoint(tmp_path / "model.ckpt")


def test_loading_inside_a_tf_function_says_to_do_it_outside(checkpoint):
    small_model("old")
    with pytest.raises(ValueError, match=r"outside of tf\.function"):
        tf.function(lambda: load_tf1_checkpoint(checkpoint) and 0, autograph=False)()
    with pytest.raises(ValueError, match=r"outside of tf\.function"):
        tf.function(lambda: save_tf1_checkpoint(checkpoint) and 0, autograph=False)()


def whole_of_parts(inner_name="inner"):
    inner = ScopedModel(lambda x: layers.dense(x, 3, name=inner_name))
    middle = ScopedModel(lambda x: inner(layers.dense(x, 3, name="middle")))
    return ScopedModel(lambda x: middle(x) * tf.Variable(2.0, name="scale"))


def test_a_model_is_saved_and_loaded_with_the_models_in_it(tmp_path):
    """To TF1 all was one graph."""
    x = np.ones([1, 2], np.float32)
    model, other = whole_of_parts(), whole_of_parts()
    expected = model(x)
    assert not np.allclose(other(x), expected)
    path = model.save_tf1_checkpoint(tmp_path / "model.ckpt")
    names = ["inner/bias", "inner/kernel", "middle/bias", "middle/kernel", "scale"]
    assert [name for name, _ in tf.train.list_variables(path)] == names
    assert sorted(other.load_tf1_checkpoint(path)) == names
    np.testing.assert_array_equal(other(x), expected)
    twin = whole_of_parts()
    twin(x)
    assert sorted(twin.load_tf1_checkpoint(path, {"/": "/"})) == names
    np.testing.assert_array_equal(twin(x), expected)


def test_models_in_it_that_have_the_same_names_are_not_saved_as_one(tmp_path):
    model = whole_of_parts(inner_name="middle")
    model(np.ones([1, 2], np.float32))
    with pytest.raises(ValueError, match=r"same names.* middle/bias, middle/kernel"):
        model.save_tf1_checkpoint(tmp_path / "model.ckpt")
    with model.store.as_default():
        save_tf1_checkpoint(tmp_path / "own.ckpt")


def _ones_by_a_saver(x, made):
    with getter_scope("net"):
        w = get_variable("w", [3], initializer=tf.ones_initializer())
        made[:] = [tf.compat.v1.train.Saver(max_to_keep=1), tf.compat.v1.train.Saver({"old": w})]
    get_variable("later", [])
    return x * w


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_saver_before_all_variables_of_a_model_function_is_tf1s_error(run_eagerly):
    def early(x):
        tf.compat.v1.train.Saver()
        return x * get_variable("w", [])

    with pytest.raises(ValueError, match="No variables to save"):
        ScopedModel(early, run_eagerly=run_eagerly)(tf.ones([3]))


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_a_saver_that_a_model_function_makes_saves_and_restores_outside_of_it(
    run_eagerly, tmp_path
):
    made = []
    model = ScopedModel(lambda x: _ones_by_a_saver(x, made), run_eagerly=run_eagerly)
    model(tf.ones([1, 3]))
    every, old = made
    every.save(None, f"{tmp_path}/every", global_step=1)
    path = every.save(None, f"{tmp_path}/every", global_step=2)
    assert [name for name, _ in tf.train.list_variables(path)] == ["net/w"]
    assert every.last_checkpoints == [path]
    assert tf.train.list_variables(old.save(None, f"{tmp_path}/old")) == [("old", [3])]
    model.store.variables["net/w"].assign([0.0, 0.0, 0.0])
    every.restore(None, path)
    assert model(tf.ones([1, 3])).numpy().tolist() == [[1.0, 1.0, 1.0]]


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_variables_that_have_begun_do_not_begin_as_in_a_checkpoint(run_eagerly, tmp_path):
    path = str(tmp_path / "model")
    tf.compat.v1.train.Saver({"w": tf.Variable([2.0])}).save(None, path)

    def network(x, is_training):
        w = get_variable("w", [1], initializer=tf.zeros_initializer())
        if is_training:
            tf.compat.v1.train.init_from_checkpoint(path, {"/": "/"})
        return x * w

    model = ScopedModel(network, run_eagerly=run_eagerly)
    model(1.0, is_training=False)
    with pytest.raises(NotImplementedError, match=r"after the first.*model\.load_tf1_checkpoint"):
        model(1.0, is_training=True)
    model = ScopedModel(network, run_eagerly=run_eagerly)
    assert model(1.0, is_training=True).numpy() == [2.0]
    model.store.variables["w"].assign([3.0])
    assert model(2.0, is_training=True).numpy() == [6.0]


def test_variables_of_a_part_begin_as_in_a_checkpoint(tmp_path):
    path = str(tmp_path / "model")
    tf.compat.v1.train.Saver({"w": tf.Variable(2.0)}).save(None, path)
    part = ScopedModel(lambda x: x * get_variable("w", [], initializer=tf.zeros_initializer()))

    def network(x):
        y = part(x)
        tf.compat.v1.train.init_from_checkpoint(path, {"w": "w"})
        return y

    model = ScopedModel(network)
    assert model(3.0).numpy() == 6.0


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_variables_are_restored_by_what_slim_makes_in_a_model_function(run_eagerly, tmp_path):
    path = str(tmp_path / "model")
    tf.compat.v1.train.Saver({"w": tf.Variable(2.0)}).save(None, path)
    made = []

    def network(x):
        w = get_variable("w", [], initializer=tf.zeros_initializer())
        made[:] = [getter_compat.contrib.assign_from_checkpoint_fn(path, [w])]
        return x * w

    model = ScopedModel(network, run_eagerly=run_eagerly)
    model(3.0)
    made[0](None)
    assert model(3.0).numpy() == 6.0


@pytest.mark.parametrize("in_a_model", [False, True])
def test_a_saver_saves_each_weight_of_a_layer_by_its_name(keras, in_a_model, tmp_path):
    made = []

    def network(x):
        with getter_scope("net"):
            layer = keras.layers.Dense(2, name="out")
            y = layer(x)
        made[:] = [tf.compat.v1.train.Saver(layer.weights)]
        made.append(tf.compat.v1.train.Saver({"k": layer.kernel}))
        return y

    with VariableStore().as_default():
        (ScopedModel(network) if in_a_model else network)(tf.ones([1, 3]))
    by_name, renamed = [saver.save(None, f"{tmp_path}/{n}") for n, saver in enumerate(made)]
    assert tf.train.list_variables(by_name) == [("net/out/bias", [2]), ("net/out/kernel", [3, 2])]
    assert tf.train.list_variables(renamed) == [("k", [3, 2])]
