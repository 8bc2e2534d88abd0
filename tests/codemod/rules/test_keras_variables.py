from __future__ import annotations

import warnings
from pathlib import Path

import pytest

from getter_compat.codemod.rewrite import Options, rewrite
from tests.codemod.helpers import check_program
from tests.codemod.projects import rewritten

HEAD = """import tensorflow as tf
session = tf.compat.v1.Session()
class Net(tf.keras.Model):
    pass
net = tf.keras.Sequential([tf.keras.layers.Dense(2)])
optimizer, loss, value = make()
"""

STOPS = (
    "optimizer.minimize(loss, var_list=net.trainable_weights)",
    "optimizer.compute_gradients(loss, [net.layers[0].kernel])",
    "optimizer.apply_gradients(zip(value, net.trainable_variables))",
    "average.apply(net.trainable_weights)",
    "weights = net.weights\nsession.run(weights)",
    "session.run([loss, net.get_layer('out').bias])",
    "session.run({'w': net.weights[0]})",
    "for old, new in zip(net.weights, value): tf.compat.v1.assign(old, new)",
    "[old.assign(new) for old, new in zip(net.weights, value)]",
    "net.weights[0].op.name",
    "net.weights[0].load(value, session)",
    "tf.compat.v1.variables_initializer(net.weights)",
    "net.get_weights()",
    "net.set_weights(value)",
    "session.run([loss, net.updates])",
    "net.fit(x, y)",
    "net.evaluate(x, y)",
    "print(net.predict(x))",
    "net.train_on_batch(x, y)",
    "net.save('net.h5')",
    "other = Net()\nsession.run(other.weights)",
    "x = tf.keras.Input([3])\nother = tf.keras.Model(x, net(x))\nother.get_weights()",
    "class Agent:\n    def __init__(self):\n        self.net = Net()\n"
    "    def run(self): return session.run(self.net.weights)",
    "class Agent(Net):\n    def run(self): return session.run(self.trainable_weights)",
    "layer = tf.keras.layers.Dense(3)\nsession.run(layer.kernel)",
)
RUNS = (
    "optimizer.minimize(loss)",
    "tf.gradients(loss, net.trainable_weights)",
    "tf.add_n([tf.nn.l2_loss(w) for w in net.trainable_weights])",
    "tf.compat.v1.train.Saver(var_list=net.weights)",
    "tf.compat.v1.summary.histogram('h', net.weights[0])",
    "session.run(tf.identity(net.weights[0]))",
    "session.run([w.value for w in net.weights])",
    "pool.apply(save, net.weights)",
    "process.run(report, net.trainable_weights)",
    "tf.keras.optimizers.SGD().minimize(loss, var_list=net.trainable_weights)",
    "other.get_weights()",
    "session.run(other.weights)",
    "layer = tf.compat.v1.layers.Dense(3)\nsession.run(layer.kernel)",
)


def told(text: str, target: str = "graph") -> list[str]:
    findings = rewrite(text, Options(target=target)).findings
    return [it.message for it in findings if it.rule == "keras_variables"]


@pytest.mark.parametrize("text", STOPS)
def test_what_stops_is_left(text: str) -> None:
    (message,) = told(f"{HEAD}{text}\n")
    assert "TF_USE_LEGACY_KERAS=1" in message


@pytest.mark.parametrize("text", RUNS)
def test_what_runs_is_not(text: str) -> None:
    assert told(f"{HEAD}{text}\n") == []


@pytest.mark.parametrize("text", STOPS[:3])
def test_nothing_is_said_without_sessions(text: str) -> None:
    assert told(f"{HEAD}{text}\n", "eager") == []
    eager = HEAD.replace("session = tf.compat.v1.Session()", "tf.keras.backend.clear_session()")
    assert told(f"{eager}{text}\n") == []
    assert told(f"{HEAD}with tf.GradientTape(): pass\n{text}\n") == []
    assert told(f"{HEAD}os.environ['TF_USE_LEGACY_KERAS'] = '1'\n{text}\n") == []


def test_updates_are_told_once() -> None:
    findings = rewrite(f"{HEAD}session.run(net.updates)\n", Options()).findings
    assert [it.rule for it in findings if it.line == 7] == ["keras_variables"]
    text = f"os.environ['TF_USE_LEGACY_KERAS'] = '1'\n{HEAD}session.run(net.updates)\n"
    assert not [it for it in rewrite(text, Options()).findings if it.line == 8]


NET = HEAD.replace("session = tf.compat.v1.Session()\n", "") + "net.fit(value)\n"
KEEPS = "import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\n"


@pytest.mark.parametrize(
    ("files", "is_told"),
    [
        ({"main.py": "import net\n"}, True),
        ({"main.py": f"{KEEPS}import net\n"}, False),
        ({"main.py": "import setup_keras\nimport net\n", "setup_keras.py": KEEPS}, False),
        ({"main.py": f"{KEEPS}import mid\n", "mid.py": "import net\n"}, False),
        ({"main.py": f"{KEEPS}import net\n", "other.py": "import net\n"}, True),
        ({"main.py": "import net\n", "other.py": KEEPS}, True),
    ],
)
def test_keras_2_is_chosen_once_a_program(
    tmp_path: Path, files: dict[str, str], is_told: bool
) -> None:
    session = "tf.compat.v1.Session()\n"
    files = {name: f"{text}import tensorflow as tf\n{session}" for name, text in files.items()}
    _, findings = rewritten(tmp_path, {**files, "net.py": NET})["net.py"]
    assert any(it.rule == "keras_variables" for it in findings) == is_told


def test_the_remedy_is_the_variable_of_tensorflow() -> None:
    text = """\
        import tensorflow as tf

        with tf.Graph().as_default() as graph:
            net = tf.keras.Sequential([tf.keras.layers.Dense(1, kernel_initializer="ones")])
            loss = tf.reduce_sum(net(tf.ones([1, 3])))
            weights = [weight.value for weight in net.trainable_weights]
            optimizer = tf.compat.v1.train.GradientDescentOptimizer(0.5)
            train = optimizer.minimize(loss, var_list=weights)
            with tf.compat.v1.Session(graph=graph) as session:
                session.run(tf.compat.v1.variables_initializer(weights))
                session.run(train)
                kernel = session.run(weights[0]).tolist()
        """
    assert check_program(text)["kernel"] == [[0.5]] * 3


CLASS = "import tensorflow as tf\n\n\nclass Net(tf.keras.Model):\n    pass\n"
MAIN = "import tensorflow as tf\n{}\nsession = tf.compat.v1.Session()\n{}.get_weights()\n"


@pytest.mark.parametrize(
    ("imports", "made"),
    [
        ("import net", "net.Net()"),
        ("import net as n", "n.Net()"),
        ("from net import Net", "Net()"),
        ("from net import Net as Other", "Other()"),
        ("from net import *", "Net()"),
        ("from kit import Net", "Net()"),
        ("import kit", "kit.Net()"),
    ],
)
def test_a_model_whose_class_is_in_another_file(tmp_path: Path, imports: str, made: str) -> None:
    files = {"net.py": CLASS, "kit.py": "from net import Net\n"}
    main = MAIN.format(f"{imports}\nmodel = {made}", "model")
    _, findings = rewritten(tmp_path, {**files, "main.py": main})["main.py"]
    assert len([it for it in findings if it.rule == "keras_variables"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "from tensorflow.keras import models\n\nclass Net(models.Model):\n    pass\n",
        "from tensorflow.keras.layers import Layer as L\n\nclass Net(object, L):\n    pass\n",
        "from keras.engine.topology import Layer\n\nclass Net(Layer):\n    pass\n",
        f"{CLASS.replace('Net', 'Base')}\nclass Net(Base):\n    pass\n",
    ],
)
def test_how_another_file_derives_from_keras(tmp_path: Path, text: str) -> None:
    main = MAIN.format("import net\nmodel = net.Net()", "model")
    _, findings = rewritten(tmp_path, {"net.py": text, "main.py": main})["main.py"]
    assert any(it.rule == "keras_variables" for it in findings)


@pytest.mark.parametrize(
    "text",
    [
        "import tensorflow as tf\n\nclass Net(tf.keras.callbacks.Callback):\n    pass\n",
        "from keras import backend\n\nclass Net(object):\n    pass\n",
        "import keras\n\ndef Net():\n    class Other(keras.Model):\n        pass\n",
    ],
)
def test_other_classes_of_another_file(tmp_path: Path, text: str) -> None:
    main = MAIN.format("import net\nmodel = net.Net()", "model")
    _, findings = rewritten(tmp_path, {"net.py": text, "main.py": main})["main.py"]
    assert not any(it.rule == "keras_variables" for it in findings)


RETURNS = {
    "as it is": "def build(n):\n    return tf.keras.Sequential([])\n",
    "by a name": (
        "def build(n):\n    x = tf.keras.Input([n])\n    model = tf.keras.Model(\n        x, x)\n"
        "\n    # That is all.\n    return model\n"
    ),
    "of its own": f"{CLASS}\n\ndef build(n):\n    if n:\n        return Net()\n    return Net(n)\n",
    "through another": (
        "def first():\n    return tf.keras.Sequential()\n\n\ndef build(n):\n    return first()\n"
    ),
}
RETURNS_OTHERS = {
    "or nothing": "def build(n):\n    if n:\n        return\n    return tf.keras.Sequential()\n",
    "or others": "def build(n):\n    if n:\n        return n\n    return tf.keras.Sequential()\n",
    "what it makes": "def build(n):\n    return tf.keras.Sequential()(n)\n",
    "inside": "def build(n):\n    def of():\n        return tf.keras.Model()\n    return of\n",
    "what is of it": "def build(n):\n    return tf.keras.Sequential().name\n",
    "decorated": "@lazily\ndef build(n):\n    return tf.keras.Sequential()\n",
    "or another": (
        "def build(n):\n    return tf.keras.Sequential()\n\n\ndef build(n):\n    return n\n"
    ),
}


@pytest.mark.parametrize("text", [*RETURNS.values(), *RETURNS_OTHERS.values()])
@pytest.mark.parametrize("is_beside", [False, True])
def test_a_function_that_returns_a_model(tmp_path: Path, text: str, is_beside: bool) -> None:
    text = f"import tensorflow as tf\n\n\n{text}"
    imports = "from net import build" if is_beside else text
    main = MAIN.format(f"{imports}\nmodel = build(3)\n", "model")
    _, findings = rewritten(tmp_path, {"net.py": text, "main.py": main})["main.py"]
    told = [it for it in findings if it.rule == "keras_variables"]
    assert len(told) == (text.partition("\n\n\n")[2] in RETURNS.values())


def test_an_argument_that_is_called_as_such_a_function() -> None:
    text = HEAD + "def build(n):\n    return tf.keras.Sequential([])\n"
    text += "def train({}):\n    build(3).get_weights()\n"
    assert len(told(text.format("n"))) == 1
    assert told(text.format("build")) == []


def test_a_text_that_python_warns_of(tmp_path: Path) -> None:
    """What is told does not depend on whether warnings are errors."""
    net = (
        'import tensorflow as tf\n\n\ndef build(n):\n    "\\d"\n    return tf.keras.Sequential()\n'
    )
    main = MAIN.format("from net import build\nmodel = build(3)\n", "model")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        _, findings = rewritten(tmp_path, {"net.py": net, "main.py": main})["main.py"]
    assert any(it.rule == "keras_variables" for it in findings)


def test_a_class_that_derives_from_one_of_another_file(tmp_path: Path) -> None:
    main = MAIN.format("import net\n\nclass Own(net.Net):\n    pass\n", "Own()")
    _, findings = rewritten(tmp_path, {"net.py": CLASS, "main.py": main})["main.py"]
    assert any(it.rule == "keras_variables" for it in findings)
