"""Record what a model function does under TensorFlow 1: the oracle's side of `verify`.

Runs as a script of its own, in a TensorFlow 1.15 interpreter (CPython 3.6 or newer) or in today's
TensorFlow in `tf.compat.v1` graph mode (`TF_USE_LEGACY_KERAS=1`), where `import tensorflow as tf`
inside the user's files means `tensorflow.compat.v1`. It needs only this file, `precision.py` and
`variables.py` beside it, NumPy and TensorFlow:

    python tf1_side.py JOBS.json

JOBS.json is a list of jobs, run one after the other, each in graphs of its own:

    {"target": "model.py:fn"        or "package.module:fn", "model.py:Class.method"
     "record": "directory",         where the record goes
     "inputs": "inputs.npz",        the tensors that the function is called with, by keyword
     "arguments": {},               further keyword arguments, as JSON
     "training_arguments": {},      what differs from `arguments` in the training steps
     "constructor": {},             keyword arguments of Class
     "steps": 3,                    training steps: gradient descent, UPDATE_OPS included;
                                    0: inference only, no gradients either
     "checkpoint": null,            compute with its values instead of the initial ones
     "restore": null,               a checkpoint to load; then only its outputs are recorded
     "moved": false,                move inputs and variables by one unit in the last place
     "resource_variables": false}   variables are resources where they would be references

A record is a directory: `record.json` (names, shapes, dtypes, what was printed, the exception if
there was one), `arrays.npz` (every number) and `model.ckpt.*` (what `tf.train.Saver` wrote).

Random operations are frozen: each draws the same numbers from one table. So a dropout mask or an
initializer can be compared between two versions of TensorFlow, number by number.
"""
# The language is that of CPython 3.6: no `list[str]`, no `X | Y`, no postponed annotations.
# ruff: noqa: B905, UP006, UP035, UP045

import _thread
import contextlib
import difflib
import importlib
import importlib.util
import inspect
import io
import json
import os
import random
import signal
import sys
import sysconfig
import tempfile
import traceback
import zipfile
import zlib
from typing import Any, Callable, Dict, Iterator, List, Optional, Tuple

import numpy as np

if not __package__:  # An interpreter without this package; a script's folder leads sys.path.
    import precision  # type: ignore[import-not-found]
else:
    from getter_compat.verify import precision

FORMAT_VERSION = 1
CHECKPOINT = "model.ckpt"
LEARNING_RATE = 0.05
TRAINING_FLAGS = ("training", "is_training")
UNMEASURED = "noise not measured"
"""What the record of an original says why, if it could not run with its inputs moved."""
WITH_PARENT = "--with-parent"
"""The last argument where standard input is a pipe from the process that started this one."""


class Record:
    """What one side did; saved as `record.json`, `arrays.npz` and `model.ckpt.*`."""

    def __init__(self) -> None:
        self.meta: Dict[str, Any] = {"version": FORMAT_VERSION}
        self.variables: List[Dict[str, Any]] = []
        self.without_gradient: List[str] = []
        self.not_compared: List[str] = []
        self.stdout = ""
        self.error: Optional[Dict[str, str]] = None
        self.narrow: Dict[str, str] = {}
        """By array: the type of floating point that it passed through, if narrower than its own."""
        self.arrays: Dict[str, Any] = {}

    def add(
        self, kind: str, values: Dict[str, Any], narrow: Optional[Dict[str, str]] = None
    ) -> None:
        """Keep `values` as arrays named `kind/name`, and the types that they passed through."""
        for name, value in values.items():
            key, array = kind + "/" + name, as_array(value)
            self.arrays[key] = array
            passed = own_type(array) or (narrow or {}).get(name, "")
            if passed:
                self.narrow[key] = passed

    def group(self, kind: str) -> Dict[str, Any]:
        """Return the arrays that were added as `kind`, by name."""
        prefix = kind + "/"
        return {k[len(prefix) :]: v for k, v in self.arrays.items() if k.startswith(prefix)}

    def add_variable(self, name: str, shape: List[int], dtype: str, trainable: bool) -> None:
        """Keep what is known of a variable before it has a value."""
        self.variables.append(
            {"name": name, "shape": shape, "dtype": dtype, "trainable": trainable}
        )

    def save(self, directory: str) -> None:
        """Write the record; the same content gives the same bytes."""
        os.makedirs(directory, exist_ok=True)
        head = {
            "meta": self.meta,
            "variables": self.variables,
            "without_gradient": self.without_gradient,
            "not_compared": self.not_compared,
            "stdout": self.stdout,
            "error": self.error,
        }
        if self.narrow:
            head["narrow"] = self.narrow
        save_arrays(os.path.join(directory, "arrays.npz"), self.arrays)
        save_head(directory, head)

    @classmethod
    def load(cls, directory: str) -> "Record":
        """Read a record that `save` wrote."""
        record = cls()
        with reading(directory):
            update_from_json(record, os.path.join(directory, "record.json"))
            record.arrays = load_arrays(os.path.join(directory, "arrays.npz"))
            steps = record.meta.get("steps", 0)
            require(isinstance(steps, int), f"steps is no number: {steps!r}")
            for variable in record.variables:
                known = sorted(variable) == ["dtype", "name", "shape", "trainable"]
                require(known, f"no variable: {variable!r}")
            require_types(record.narrow)
        return record


class RecordError(ValueError):
    """A recording that cannot be read."""


def require(condition: Any, what: str) -> None:
    """Raise an error that says what a part of a recording is not."""
    if not condition:
        raise TypeError(what)


def require_types(narrow: Dict[str, Any]) -> None:
    """Raise an error if arrays have passed through anything else than types."""
    for name, kind in narrow.items():
        require(isinstance(kind, str), f"no type: {name}: {kind!r}")


@contextlib.contextmanager
def reading(directory: str) -> Iterator[None]:
    """Say of anything that goes wrong in reading a recording that it is one that is damaged."""
    try:
        yield
    except Exception as error:  # Archives have many ways to be damaged, and readers to fail.
        said = " ".join(f"{type(error).__name__}: {error}".split())[:300]
        message = f"{directory} is no recording of verify, or a damaged one ({said})."
        raise RecordError(message) from error


def update_from_json(record: Any, path: str) -> None:
    """Set the attributes of a record that a file of JSON has, if they are of the right kind."""
    with open(path, encoding="utf-8") as file:
        head = json.load(file)
    for key, value in head.items():
        default = vars(record)[key]
        kind = type(default).__name__
        require(default is None or isinstance(value, type(default)), f"{key} is no {kind}")
        setattr(record, key, value)
    error = record.error or {"type": "", "message": "", "traceback": ""}
    require(set(error) == {"type", "message", "traceback"}, f"no error: {error!r}")
    require(all(isinstance(text, str) for text in error.values()), f"no error: {error!r}")


def json_lines(head: Dict[str, Any]) -> str:
    """Give JSON with one line for each key and each item of a list: a diff is easy to read."""
    lines = []
    for key in sorted(head):
        value = head[key]
        text = json.dumps(value, sort_keys=True)
        if isinstance(value, list) and value:
            items = [json.dumps(item, sort_keys=True) for item in value]
            text = "[\n  " + ",\n  ".join(items) + "\n ]"
        lines.append(f' "{key}": {text}')
    return "{\n" + ",\n".join(lines) + "\n}\n"


def save_head(directory: str, head: Dict[str, Any]) -> None:
    """Write the head of a record, last and at once: where it is, the record is whole."""
    path = os.path.join(directory, "record.json")
    with open(path + ".part", "w", encoding="utf-8") as file:
        file.write(json_lines(head))
    os.replace(path + ".part", path)


def save_arrays(path: str, arrays: Dict[str, Any]) -> None:
    """Write an .npz file without the clock in it, unlike `numpy.savez_compressed`."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(arrays):
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, _portable(arrays[name]), allow_pickle=False)
            entry = zipfile.ZipInfo(name + ".npy", date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, buffer.getvalue())


def load_arrays(path: str) -> Dict[str, Any]:
    """Read an .npz file whole."""
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def as_array(value: Any) -> Any:
    """Give a value as an array that files can keep: text as bytes, not as objects."""
    array = np.asarray(value)
    if array.dtype.kind != "O":
        return array
    return np.asarray(array.tolist(), "S") if array.size else np.zeros(array.shape, "S1")


def own_type(array: Any) -> str:
    """Name the type of an array that files of arrays keep as a wider one."""
    return "bfloat16" if array.dtype.kind == "V" else ""


def _portable(array: Any) -> Any:
    """Give bfloat16 (a type that NumPy files don't know) as float32; scalars stay scalars."""
    array = np.asarray(array)
    return array.astype(np.float32) if own_type(array) else array


def end_with_parent() -> None:
    """End this process and those that it started when the one that started it ends.

    It says so by its end of a pipe, which is this one's standard input: no kill keeps that open.
    The program gets an empty input instead.
    """
    if WITH_PARENT not in sys.argv[2:]:
        return
    pipe = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)

    def wait() -> None:
        os.read(pipe, 1)
        if sys.platform != "win32" and os.getpgid(0) == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    # Not one of `threading`'s: the program may count those.
    _thread.start_new_thread(wait, ())


def leave_names_to_programs() -> None:
    """Forget where this script lies, and what it imported from there: a user has such names."""
    here = sys.path.pop(0)
    for name, module in list(sys.modules.items()):
        file = getattr(module, "__file__", None) or ""
        if os.path.dirname(file) == here and name != "__main__":
            del sys.modules[name]


# What both sides do alike ------------------------------------------------------------------------


def changed_value(name: str, value: Any) -> Any:
    """Return another value for the variable `name`: the same one on every side and machine."""
    value = np.asarray(value)
    noise = np.random.RandomState(zlib.crc32(name.encode("utf-8")) & 0x7FFFFFFF)
    if value.dtype.kind in "fcV":
        # Upwards only: a moving variance has to stay positive.
        change = noise.uniform(0.0, 0.5, value.shape)
        return (value.astype(np.float64) + change).astype(value.dtype)
    if value.dtype.kind in "iu":
        return (value + 1).astype(value.dtype)
    return value


def flatten(value: Any, path: str = "output") -> Iterator[Tuple[str, Any]]:
    """Yield the leaves of nested dicts, lists and tuples with a name for each."""
    if isinstance(value, dict):
        for key in value:
            yield from flatten(value[key], path + "/" + str(key))
    elif isinstance(value, (list, tuple)):
        keys = getattr(value, "_fields", range(len(value)))
        for key, item in zip(keys, value):
            yield from flatten(item, path + "/" + str(key))
    elif value is not None:
        yield path, value


def tensors_of(tf: Any, value: Any) -> Tuple[Dict[str, Any], List[str]]:
    """Return the tensors in a function's result by name, and what cannot be compared."""
    tensors: Dict[str, Any] = {}
    others: List[str] = []
    for name, leaf in flatten(value):
        try:
            tensors[name] = tf.convert_to_tensor(leaf)
        except (TypeError, ValueError):
            others.append(f"{name} ({type(leaf).__name__})")
    return tensors, others


def fixed_scalar(tf: Any, outputs: Dict[str, Any]) -> Any:
    """Weigh every number of the outputs differently and sum: one scalar to differentiate."""
    total = tf.constant(0.0, tf.float32)
    for name in sorted(outputs):
        output = outputs[name]
        if not output.dtype.is_floating:
            continue
        flat = tf.reshape(tf.cast(output, tf.float32), [-1])
        index = tf.cast(tf.range(tf.size(flat)), tf.float32)
        total += tf.reduce_mean(flat * tf.cos(index + 1.0))
    return total


_DRAWING = {
    "gen_random_ops": {
        "random_uniform": "uniform",
        "random_standard_normal": "normal",
        "truncated_normal": "truncated",
    },
    "gen_stateless_random_ops": {
        "stateless_random_uniform": "uniform",
        "stateless_random_normal": "normal",
        "stateless_truncated_normal": "truncated",
    },
    "gen_stateless_random_ops_v2": {
        "stateless_random_uniform_v2": "uniform",
        "stateless_random_normal_v2": "normal",
        "stateless_truncated_normal_v2": "truncated",
    },
}
"""TensorFlow's random operations by module, and the distribution that each draws from."""


def freeze_noise(tf: Any) -> None:
    """Make every random operation of this process read its numbers from one table."""
    noise = np.random.RandomState(20190909)
    size = 8191
    tables = {
        "uniform": noise.uniform(0.0, 1.0, size),
        "normal": noise.normal(0.0, 1.0, size),
        "truncated": np.clip(noise.normal(0.0, 0.85, size), -1.99, 1.99),
    }

    def draw(kind: str, shape: Any, dtype: Any) -> Any:
        count = tf.reduce_prod(tf.convert_to_tensor(shape, dtype_hint=tf.int32))
        index = tf.range(tf.cast(count, tf.int32)) % size
        numbers = tf.gather(tf.constant(tables[kind], tf.float32), index)
        return tf.cast(tf.reshape(numbers, shape), dtype)

    def stateful(kind: str) -> Callable[..., Any]:
        return lambda shape, dtype, *args, **kwargs: draw(kind, shape, dtype)

    def stateless(kind: str) -> Callable[..., Any]:
        return lambda shape, *args, **kwargs: draw(kind, shape, kwargs.get("dtype", tf.float32))

    for module_name, functions in _DRAWING.items():
        try:
            module = importlib.import_module("tensorflow.python.ops." + module_name)
        except ImportError:  # TensorFlow 1.15 has no gen_stateless_random_ops_v2.
            continue
        drawing = stateless if "stateless" in module_name else stateful
        for name, kind in functions.items():
            setattr(module, name, drawing(kind))


class TargetError(ValueError):
    """The function that was named is not there."""


class Target:
    """A function of the user's: `file.py:function`, `package.module:function`, `file.py:C.m`."""

    def __init__(self, spec: str, constructor: Optional[Dict[str, Any]] = None) -> None:
        self.place, colon, self.path = spec.rpartition(":")
        if not (self.place and colon and self.path):
            raise TargetError(
                f"{spec!r} names no function: expected FILE.py:function, package.module:function "
                "or FILE.py:Class.method. Whole programs are compared with --program."
            )
        if self._is_file and not os.path.isfile(self.place):
            raise TargetError(f"{self.place}: there is no such file.")
        self.constructor = constructor or {}

    @contextlib.contextmanager
    def imported(self) -> Iterator[Callable[..., Any]]:
        """Import the function afresh, with its helper modules, and forget them all afterwards."""
        before = dict(sys.modules)
        directory = os.path.dirname(os.path.abspath(self.place)) if self._is_file else os.getcwd()
        sys.path.insert(0, directory)
        random.seed(0)
        np.random.seed(0)
        try:
            yield self._function(self._module())
        finally:
            sys.path.remove(directory)
            _forget_modules(before, directory)

    @property
    def _is_file(self) -> bool:
        return self.place.endswith(".py")

    def _module(self) -> Any:
        if not self._is_file:
            return importlib.import_module(self.place)
        name = os.path.splitext(os.path.basename(self.place))[0]
        spec = importlib.util.spec_from_file_location(name, self.place)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
        return module

    def _function(self, module: Any) -> Callable[..., Any]:
        owner, _, attribute = self.path.rpartition(".")
        place = module
        if owner:
            kind = self._part(module, owner, module)
            needs = f"{self.place}:{owner}"
            require_arguments(kind, needs, self.constructor, "--constructor-arg {0}=VALUE")
            place = kind(**self.constructor)
        function = self._part(place, attribute, module)
        if not callable(function):
            raise TargetError(f"{self.place}:{self.path} cannot be called.")
        return function  # type: ignore[no-any-return]

    def _part(self, place: Any, name: str, module: Any) -> Any:
        try:
            return getattr(place, name)
        except AttributeError:
            raise TargetError(f"{self.place} has no {self.path!r}.{self._meant(module)}") from None

    def _meant(self, module: Any) -> str:
        """Name what has a similar name, and can be called."""
        names = [name for name, value in vars(module).items() if callable(value)]
        close = difflib.get_close_matches(self.path, names, 1)
        return f" Did you mean {close[0]!r}?" if close else ""


def _forget_modules(before: Dict[str, Any], directory: str) -> None:
    """Drop the user's modules, so that the next job imports its own of these names."""
    for name, module in list(sys.modules.items()):
        if before.get(name) is module or not _is_the_users(module, directory):
            continue
        del sys.modules[name]
        if name in before:
            sys.modules[name] = before[name]


def _is_the_users(module: Any, directory: str) -> bool:
    """Tell whether a module lies below `directory`, and not in an environment there or here."""
    path = os.path.abspath(getattr(module, "__file__", None) or os.sep)
    packages = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    return (
        path.startswith(directory + os.sep)
        and not path.startswith(packages + os.sep)
        and "site-packages" not in path
    )


def call_arguments(
    function: Callable[..., Any], inputs: Dict[str, Any], job: Dict[str, Any]
) -> Tuple[Dict[str, Any], Dict[str, Any]]:
    """Return the keyword arguments besides the inputs, for outputs and for training steps.

    A parameter `training` or `is_training` that the job doesn't mention is False, then True.
    """
    arguments = dict(job.get("arguments") or {})
    training = dict(arguments, **(job.get("training_arguments") or {}))
    for flag in TRAINING_FLAGS:
        if flag in inspect.signature(function).parameters and flag not in training:
            arguments[flag], training[flag] = False, True
    how = "--input {0}=float32[4,10], or with --arg {0}=VALUE"
    require_arguments(function, job["target"], dict(inputs, **arguments), how)
    return arguments, training


def require_arguments(
    function: Callable[..., Any], name: str, given: Dict[str, Any], how: str
) -> None:
    """Say what a call lacks, or has too much, before it is made: what it calls may say the same."""
    try:
        # What a decorator passes on by `*args` is its own affair.
        parameters = inspect.signature(function, follow_wrapped=False).parameters
    except ValueError:  # Nothing is known of a class that is written in C.
        return
    for argument, parameter in parameters.items():
        by_name = parameter.kind in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY)
        if by_name and parameter.default is parameter.empty and argument not in given:
            raise TargetError(f"{name} needs {argument!r}. Give it with {how.format(argument)}.")
    if any(parameter.kind is parameter.VAR_KEYWORD for parameter in parameters.values()):
        return
    for argument in given:
        if argument not in parameters:
            taken = ", ".join(parameters) or "nothing"
            raise TargetError(f"{name} has no argument {argument!r}: it takes {taken}.")


def others_code() -> Tuple[str, ...]:
    """Return how the paths begin of what is no program's own: packages, Python's library, this."""
    packages = os.path.dirname(os.path.dirname(os.path.abspath(np.__file__)))
    here = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    converted = os.path.join(tempfile.gettempdir(), "__autograph_generated_file")
    folders = (packages, sysconfig.get_paths()["stdlib"], here)
    return (*(folder + os.sep for folder in folders), converted, "<frozen")


def describe_error(error: BaseException) -> Dict[str, str]:
    """Keep an exception as text, its traceback from the program's first line on."""
    chain = True
    if error.__context__ and str(error).startswith("in user code:"):
        # AutoGraph's puts a traceback into the message.
        error, chain = error.__context__, False
    packages, *others = others_code()
    trace = _first(error, (packages, *others)) or _first(error, tuple(others))
    about = {"type": type(error).__name__, "message": str(error), "traceback": ""}
    if trace or not isinstance(error, (TargetError, TypeError)):  # Not of how it was called.
        place = trace or error.__traceback__
        lines = traceback.format_exception(type(error), error, place, chain=chain)
        about["traceback"] = "".join(lines)
    return about


def _first(error: BaseException, others: Tuple[str, ...]) -> Any:
    """Return an exception's traceback from the first line that is none of others' code."""
    trace = error.__traceback__
    while trace and trace.tb_frame.f_code.co_filename.startswith(others):
        trace = trace.tb_next
    return trace


# TensorFlow 1 ------------------------------------------------------------------------------------


class Pass:
    """The user's function, built once in a graph of its own, with a session to run it."""

    def __init__(self, tf: Any, job: Dict[str, Any], inputs: Dict[str, Any], training: bool):
        self.tf = tf
        self.inputs = inputs
        self.stdout = io.StringIO()
        self.graph = tf.Graph()
        self.session = tf.Session(graph=self.graph)
        self.target = Target(job["target"], job.get("constructor"))
        with self._building():
            tf.set_random_seed(0)
            with self.target.imported() as function:
                arguments, training_arguments = call_arguments(function, inputs, job)
                self.trains_alike = arguments == training_arguments
                self.placeholders = {
                    name: tf.placeholder(value.dtype, value.shape, "input_" + name)
                    for name, value in inputs.items()
                }
                chosen = training_arguments if training else arguments
                made: List[Any] = []
                with tf.variable_creator_scope(_keeping(made)):
                    result = function(**dict(self.placeholders, **chosen))
            self.outputs, self.not_compared = tensors_of(tf, result)
            # What no collection has, too: `tf.Variable(..., collections=[])`.
            self.variables = {
                v.op.name: v for v in tf.global_variables() + tf.local_variables() + made
            }
            self.trainable = {v.op.name: v for v in tf.trainable_variables()}
            self.losses = tf.losses.get_regularization_losses()
            self.scalar = fixed_scalar(tf, self.outputs)
            self._initialize()

    @contextlib.contextmanager
    def _building(self) -> Iterator[None]:
        with contextlib.ExitStack() as stack:
            # There from the start for programs that use it, by Keras's set_weights for one.
            stack.enter_context(self.session.as_default())
            stack.enter_context(self.graph.as_default())
            stack.enter_context(_import_means_v1(self.tf))
            stack.enter_context(contextlib.redirect_stdout(self.stdout))
            yield

    def _initialize(self) -> None:
        """Initialize what the program itself has not."""
        tf, variables = self.tf, list(self.variables.values())
        done = self.session.run([tf.is_variable_initialized(v) for v in variables])
        new = [v for v, is_done in zip(variables, done) if not is_done]
        self.session.run(tf.variables_initializer(new))

    def run(self, fetches: Any) -> Any:
        """Run in the session, the inputs fed."""
        feed = {self.placeholders[name]: value for name, value in self.inputs.items()}
        return self.session.run(fetches, feed)

    def narrow(self, tensors: Dict[str, Any]) -> Dict[str, str]:
        """Return the narrow types that tensors and variables have passed through, by name."""
        known = precision.Precision(self.graph)
        found = {name: known.passed(tensor.name) for name, tensor in tensors.items()}
        return {name: kind for name, kind in found.items() if kind}

    def values(self) -> Dict[str, Any]:
        """Return the value of every variable."""
        return self.run(self.variables)  # type: ignore[no-any-return]

    def load(self, values: Dict[str, Any]) -> None:
        """Give variables their values, by name."""
        with self.graph.as_default():
            for name, variable in self.variables.items():
                if name in values:
                    variable.load(values[name], self.session)

    def move_inputs(self) -> None:
        """Move what is fed by one unit in the last place of what is computed of it."""
        known = precision.Precision(self.graph)
        for name, value in self.inputs.items():
            kind = known.leads_to(self.placeholders[name].op.name)
            self.inputs[name] = precision.moved(value, "input:" + name, kind)

    def move_variables(self) -> None:
        """Move what variables hold likewise."""
        known = precision.Precision(self.graph)
        values = self.values().items()
        self.load({n: precision.moved(value, n, known.leads_to(n)) for n, value in values})

    def gradients(self) -> Dict[str, Any]:
        """Make d scalar / d variable, and d scalar / d input as `input:name`; None if none."""
        tf = self.tf
        sources = {n: v for n, v in self.trainable.items() if v.dtype.is_floating}
        for name, placeholder in self.placeholders.items():
            if placeholder.dtype.is_floating:
                sources["input:" + name] = placeholder
        names = sorted(sources)
        with self.graph.as_default():
            found = tf.gradients(self.scalar, [sources[name] for name in names])
            return {
                name: None if gradient is None else tf.convert_to_tensor(gradient)
                for name, gradient in zip(names, found)
            }

    def train(self, steps: int) -> None:
        """Take `steps` steps of gradient descent as TF1 programs do."""
        tf = self.tf
        with self.graph.as_default():
            loss = tf.add_n([self.scalar] + [tf.cast(x, tf.float32) for x in self.losses])
            updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
            weights = [v for v in self.trainable.values() if v.dtype.is_floating]
            optimizer = tf.train.GradientDescentOptimizer(LEARNING_RATE)
            pairs = []
            if weights:
                with tf.control_dependencies(updates):
                    # Without GATE_GRAPH one gradient may read what another's step has changed.
                    pairs = optimizer.compute_gradients(loss, weights, optimizer.GATE_GRAPH)
                    pairs = [(g, w) for g, w in pairs if g is not None]
            # TF1 runs only what is asked for: ask for the outputs too, as TF2 runs everything.
            everything = updates + [output.op for output in self.outputs.values()]
            with tf.control_dependencies(everything):
                step = optimizer.apply_gradients(pairs) if pairs else tf.no_op()
        for _ in range(steps):
            self.run(step)

    def save(self, prefix: str) -> None:
        """Write a checkpoint as `tf.train.Saver` does, without its graph and state files."""
        if not self.variables:
            return
        with self.graph.as_default():
            self.tf.train.Saver(self.variables).save(
                self.session, prefix, write_meta_graph=False, write_state=False
            )

    def restore(self, prefix: str) -> None:
        """Read a checkpoint as `tf.train.Saver` does."""
        with self.graph.as_default():
            self.tf.train.Saver(self.variables).restore(self.session, prefix)


def _keeping(made: List[Any]) -> Callable[..., Any]:
    """Return a creator of variables that keeps what is made."""

    def create(next_creator: Callable[..., Any], **kwargs: Any) -> Any:
        made.append(next_creator(**kwargs))
        return made[-1]

    return create


def record_job(tf: Any, job: Dict[str, Any]) -> Record:
    """Run one job; an exception of the user's program becomes part of the record."""
    record = Record()
    record.meta.update(
        tensorflow=tf.VERSION, function=job["target"].rpartition(":")[2], mode="graph"
    )
    try:
        _fill(tf, job, record)
    except Exception as error:
        record.error = describe_error(error)
    return record


def _fill(tf: Any, job: Dict[str, Any], record: Record) -> None:
    inputs = load_arrays(job["inputs"]) if job.get("inputs") else {}
    first = Pass(tf, job, inputs, training=False)
    if job.get("moved"):
        first.move_inputs()
    record.add("input", inputs)
    record.stdout = first.stdout.getvalue()
    record.not_compared = first.not_compared
    if job.get("restore"):
        first.restore(job["restore"])
        record.add("changed_output", first.run(first.outputs))
        return
    _begin(first, job, record)
    initial = record.group("initial")
    changed = {name: changed_value(name, value) for name, value in initial.items()}
    _infer(first, changed, record, job["record"])
    steps = record.meta["steps"] = int(job.get("steps", 3))
    if steps:
        _differentiate(first, record)
        second = first if first.trains_alike else Pass(tf, job, inputs, training=True)
        _train(first, second, changed, steps, record)


def _begin(first: Pass, job: Dict[str, Any], record: Record) -> None:
    """Describe the variables, give them the values that the job means, and compute with those."""
    for name, variable in first.variables.items():
        shape = [int(size) for size in variable.shape.as_list()]
        record.add_variable(name, shape, variable.dtype.base_dtype.name, name in first.trainable)
    if job.get("checkpoint"):
        first.restore(job["checkpoint"])
        record.meta["checkpoint"] = True
    if job.get("moved"):
        first.move_variables()
    record.add("initial", first.values())
    record.add("output", first.run(first.outputs), first.narrow(first.outputs))


def _differentiate(first: Pass, record: Record) -> None:
    made = first.gradients()
    gradients = {name: gradient for name, gradient in made.items() if gradient is not None}
    record.without_gradient = sorted(made.keys() - gradients.keys())
    record.add("gradient", first.run(gradients), first.narrow(gradients))


def _infer(first: Pass, changed: Dict[str, Any], record: Record, folder: str) -> None:
    """Compute with the changed variables, and write a checkpoint of them."""
    first.load(changed)
    record.add("changed_output", first.run(first.outputs), first.narrow(first.outputs))
    # A program may change variables as it runs, without UPDATE_OPS: load them for each run.
    first.load(changed)
    losses = {str(i): loss for i, loss in enumerate(first.losses)}
    record.add("regularization", first.run(losses), first.narrow(losses))
    os.makedirs(folder, exist_ok=True)
    first.load(changed)
    first.save(os.path.join(folder, CHECKPOINT))


def _train(first: Pass, second: Pass, changed: Dict[str, Any], steps: int, record: Record) -> None:
    """Make training steps from the changed variables, in the pass that trains, the second."""
    second.load(changed)
    if second is not first:
        record.add("training_output", second.run(second.outputs), second.narrow(second.outputs))
        second.load(changed)
    second.train(steps)
    record.add("trained", second.values(), second.narrow(second.variables))


@contextlib.contextmanager
def _import_means_v1(tf: Any) -> Iterator[None]:
    """Let `import tensorflow as tf` give `tensorflow.compat.v1`, as it did in 2018."""
    today = sys.modules["tensorflow"]
    if today.__version__.startswith("1."):
        yield
        return
    sys.modules["tensorflow"] = tf
    try:
        yield
    finally:
        sys.modules["tensorflow"] = today


def start() -> Any:
    """Import TensorFlow in graph mode, its random operations frozen; return its TF1 interface."""
    tf = start_v1()
    freeze_noise(tf)
    return tf


def start_v1() -> Any:
    """Import TensorFlow in graph mode and return its TF1 interface."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    import tensorflow.compat.v1 as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    if not tf.VERSION.startswith("1."):
        # tf.compat.v1.layers loads tf_keras on first use: load it while `tensorflow` is itself.
        tf.layers.Dense  # noqa: B018
        tf.disable_v2_behavior()
    return tf


def main() -> None:
    """Run the jobs of the file given on the command line."""
    end_with_parent()
    leave_names_to_programs()
    with open(sys.argv[1], encoding="utf-8") as file:
        jobs = json.load(file)
    tf = start()
    for job in jobs:
        if job.get("resource_variables"):
            tf.enable_resource_variables()
        else:  # as the job before may have left it
            tf.disable_resource_variables()
        record_job(tf, job).save(job["record"])


if __name__ == "__main__":
    main()
