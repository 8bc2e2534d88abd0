"""Record what the migrated function does on TensorFlow 2: the other side of `verify`.

    python -m getter_compat.verify.tf2_side JOBS.json

The jobs and records are those of `tf1_side`; a job has two more keys: `before`, the record of the
original, whose variable values are used by name, and `mode`, `eager` or `function`.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from getter_compat.verify.tf1_side import (
    CHECKPOINT,
    LEARNING_RATE,
    Record,
    Target,
    call_arguments,
    changed_value,
    describe_error,
    end_with_parent,
    fixed_scalar,
    freeze_noise,
    load_arrays,
    tensors_of,
)


class Watch:
    """Takes notice of the variables that the program makes, and of their first values.

    Of those made without a scope's help only the ones that TF1 had by the same name count: Keras
    has variables of its own, such as the state of a seed generator.
    """

    def __init__(self, tf: Any, known: set[str]) -> None:
        self.tf = tf
        self.outside: dict[str, Any] = {}
        self._known = known
        self._first_values: dict[int, tuple[Any, Any]] = {}

    def opened(self) -> Any:
        """Return the context to run the program in."""
        return self.tf.variable_creator_scope(self._create)

    def take_values(self) -> None:
        """Take the values of now, after the program's imports and constructors, as the first."""
        for variable, _ in list(self._first_values.values()):
            self._first_values[id(variable)] = variable, variable.numpy()

    def first_value(self, variable: Any) -> Any:
        """Return the value that the variable had before the function was called."""
        return self._first_values.get(id(variable), (variable, variable.numpy()))[1]

    def _create(self, create: Callable[..., Any], **kwargs: Any) -> Any:
        variable = create(**kwargs)
        name = variable.name.partition(":")[0]
        if name in self._known:
            self.outside.setdefault(name, variable)
        with self.tf.init_scope():
            if self.tf.executing_eagerly():
                self._first_values[id(variable)] = variable, variable.numpy()
        return variable


class Migrated:
    """The migrated function in a store of its own, called eagerly or as a `tf.function`."""

    def __init__(
        self,
        tf: Any,
        function: Callable[..., Any],
        inputs: Mapping[str, Any],
        mode: str,
        watch: Watch,
    ) -> None:
        import getter_compat

        self.tf = tf
        self.getter_compat = getter_compat
        self.inputs = {name: tf.constant(value) for name, value in inputs.items()}
        self.model = getter_compat.ScopedModel(function, run_eagerly=mode == "eager")
        self.not_compared: list[str] = []
        self._wrap = tf.function if mode == "function" else lambda function: function
        self._calls: dict[str, Callable[..., Any]] = {}
        self._watch = watch

    @property
    def variables(self) -> dict[str, Any]:
        """Every variable by TF1 name."""
        return {**self._watch.outside, **self.model.store.variables}

    @property
    def trainable(self) -> dict[str, Any]:
        """The trainable variables by TF1 name."""
        with self.model.store.as_default():
            found = self.getter_compat.trainable_variables()
        inside = {variable.name.partition(":")[0]: variable for variable in found}
        store = self.model.store.variables
        made = self._watch.outside
        outside = {n: v for n, v in made.items() if n not in store and v.trainable}
        return {**inside, **outside}

    def values(self) -> dict[str, Any]:
        """Return the value of every variable."""
        return {name: variable.numpy() for name, variable in self.variables.items()}

    def initial_values(self) -> dict[str, Any]:
        """Return the value that every variable had before the program changed it."""
        return {name: self._watch.first_value(v) for name, v in self.variables.items()}

    def load(self, values: Mapping[str, Any]) -> None:
        """Give variables their values, by name; other names and shapes are for the comparison."""
        for name, variable in self.variables.items():
            value = values.get(name)
            if value is not None and variable.shape.is_compatible_with(value.shape):
                variable.assign(self.tf.cast(value, variable.dtype))

    def run(self, arguments: Mapping[str, Any]) -> tuple[dict[str, Any], list[Any]]:
        """Call the function; return its result by name, and the regularization losses."""
        key = str(arguments)
        if key not in self._calls:

            def call(inputs: dict[str, Any]) -> tuple[dict[str, Any], list[Any]]:
                result = self.model(**inputs, **arguments)
                tensors, self.not_compared = tensors_of(self.tf, result)
                with self.model.store.as_default():
                    return tensors, list(self.getter_compat.regularization_losses())

            # A `tf.function` is kept, so that it is traced once.
            self._calls[key] = self._wrap(call)
        tensors, losses = self._calls[key](self.inputs)
        return tensors, losses

    def outputs(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Call the function; the result by name."""
        return self.run(arguments)[0]

    def gradients(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return d scalar / d variable, and d scalar / d input as `input:name`; None if none."""
        sources = {n: v for n, v in self.trainable.items() if v.dtype.is_floating}
        for name, value in self.inputs.items():
            if value.dtype.is_floating:
                sources["input:" + name] = value
        with self.tf.GradientTape() as tape:
            tape.watch(list(self.inputs.values()))
            scalar = fixed_scalar(self.tf, self.outputs(arguments))
        return {
            name: None if gradient is None else self.tf.convert_to_tensor(gradient).numpy()
            for name, gradient in tape.gradient(scalar, sources).items()
        }

    def train(self, arguments: Mapping[str, Any]) -> None:
        """Take one step of gradient descent."""
        tf = self.tf
        with tf.GradientTape() as tape:
            outputs, losses = self.run(arguments)
            loss = fixed_scalar(tf, outputs)
            loss += sum(tf.cast(value, tf.float32) for value in losses)
        weights = [v for v in self.trainable.values() if v.dtype.is_floating]
        gradients = tape.gradient(loss, weights)
        for weight, gradient in zip(weights, gradients, strict=True):
            if gradient is None:
                continue
            step = tf.cast(LEARNING_RATE, weight.dtype) * tf.convert_to_tensor(gradient)
            weight.assign_sub(step)
            if weight.constraint is not None:
                weight.assign(weight.constraint(weight))


def record_job(tf: Any, job: dict[str, Any]) -> Record:
    """Run one job; an exception of the user's program becomes part of the record."""
    record = Record()
    record.meta.update(
        tensorflow=tf.__version__, function=job["target"].rpartition(":")[2], mode=job["mode"]
    )
    stdout = io.StringIO()
    try:
        with contextlib.redirect_stdout(stdout):
            _fill(tf, job, record)
    except Exception as error:
        record.error = describe_error(error)
    record.stdout = stdout.getvalue()
    return record


def _fill(tf: Any, job: dict[str, Any], record: Record) -> None:
    before = Record.load(job["before"])
    inputs = load_arrays(job["inputs"])
    record.add("input", inputs)
    initial = before.group("initial")
    changed = {name: changed_value(name, value) for name, value in initial.items()}
    _start_afresh(tf)
    watch = Watch(tf, known=set(initial))
    target = Target(job["target"], job.get("constructor"))
    with watch.opened(), target.imported() as function:
        watch.take_values()
        arguments, training_arguments = call_arguments(function, inputs, job)
        model = Migrated(tf, function, inputs, job["mode"], watch)
        model.outputs(arguments)
        _describe(model, record)
        model.load(initial)
        record.add("output", model.outputs(arguments))
        model.load(changed)
        outputs, losses = model.run(arguments)
        record.add("changed_output", outputs)
        record.add("regularization", {str(i): loss for i, loss in enumerate(losses)})
        model.load(changed)
        _checkpoints(model, job, record, changed, arguments)
        steps = int(job.get("steps", 3))
        if not steps:
            return
        gradients = model.gradients(arguments)
        record.without_gradient = sorted(name for name, g in gradients.items() if g is None)
        record.add("gradient", {name: g for name, g in gradients.items() if g is not None})
        model.load(changed)
        if training_arguments != arguments:
            record.add("training_output", model.outputs(training_arguments))
            model.load(changed)
        for _ in range(steps):
            model.train(training_arguments)
        record.add("trained", model.values())


def _start_afresh(tf: Any) -> None:
    """Forget what earlier jobs of this process left behind."""
    tf.random.set_seed(0)
    tf.keras.backend.clear_session()  # Keras numbers its layers over the whole process.
    # Keras would hide a part of the user's traceback and rewrite the message.
    tf.debugging.disable_traceback_filtering()
    if hasattr(tf.keras, "config"):
        tf.keras.config.disable_traceback_filtering()


def _describe(model: Migrated, record: Record) -> None:
    record.not_compared = model.not_compared
    trainable = model.trainable
    for name, variable in model.variables.items():
        shape = [int(size) for size in variable.shape]
        record.add_variable(name, shape, variable.dtype.name, name in trainable)
    record.add("initial", model.initial_values())


def _checkpoints(
    model: Migrated,
    job: dict[str, Any],
    record: Record,
    changed: Mapping[str, Any],
    arguments: Mapping[str, Any],
) -> None:
    """Read the original's checkpoint, and write one that the original can read."""
    theirs = Path(job["before"]) / CHECKPOINT
    store = model.model.store.variables
    outside = {name: v for name, v in model.variables.items() if name not in store}
    ours = {name: tuple(variable.shape) for name, variable in model.variables.items()}
    fits = ours == {name: value.shape for name, value in changed.items()}
    if not fits or not ours or not theirs.with_name(theirs.name + ".index").exists():
        return
    os.makedirs(job["record"], exist_ok=True)
    path = str(Path(job["record"]) / CHECKPOINT)
    # All of them, though TF1's savers have no local ones, nor those that no collection has.
    model.model.save_tf1_checkpoint(path, list(model.variables.values()))
    model.load({name: np.zeros_like(value) for name, value in changed.items()})
    if store:
        model.model.load_tf1_checkpoint(str(theirs), strict=not outside)
    if outside:
        model.model.load_tf1_checkpoint(str(theirs), outside)
    record.add("checkpoint_output", model.outputs(arguments))
    model.load(changed)


def main() -> None:
    """Run the jobs of the file given on the command line."""
    end_with_parent()
    jobs = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    import tensorflow as tf

    freeze_noise(tf)
    for job in jobs:
        record_job(tf, job).save(job["record"])


if __name__ == "__main__":
    main()
