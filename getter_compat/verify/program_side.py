"""Record what a whole program does: each `session.run`, and what the program leaves behind.

Runs as a script of its own, in a TensorFlow 1.15 interpreter (CPython 3.6 or newer) or in today's
TensorFlow. It needs only this file, `tf1_side.py`, `precision.py`, `races.py` and `variables.py`
beside it, NumPy and TensorFlow:

    python program_side.py JOB.json

JOB.json, in the folder that the program is to run in:

    {"program": "/old/train.py"     or "package.train", with "module": true; a notebook too
     "path": [],                    folders to import from, before those of the interpreter
     "arguments": [],               what stands on the program's command line
     "record": "directory",         where the record goes
     "interface": "v1",             `import tensorflow` means `tensorflow.compat.v1`; "": as it is
     "seed": 0,                     for NumPy's and Python's random numbers
     "runs": null,                  end the program after so many runs
     "values_of": null,             a record: variables get its values when they are initialized
     "moved": 0,                    move inputs and variables by one unit in the last place, up or
                                    down; each number from 1 on chooses otherwise which goes where
     "resource_variables": false}   variables are resources where they would be references

What both sides are made to share: the values of variables after their initializer ran, by name
(`values_of`); the seeds of NumPy and of Python; and the seed of every random operation that has
none of its own. TensorFlow makes it from the number of operations that the graph has so far, which
no rewrite keeps; here it comes from the operation's name scope. A seed that the program gives is
left alone. TensorFlow's hooks read the global step beside the operation that increments it, so
that what they do every so many steps depends on which comes first: here it is the step before the
run, always. A loop makes one iteration at a time, so that what it draws comes in their order. The
clock, threads that race, the order in which queues fill, and what other libraries draw by
themselves stay as they are; what else is read beside an update is named (`races.py`).

Nothing is added to the program's graph: variables are read and set through the operations that
they brought along, so that a finalized graph, and the names of operations, are the program's own.
"""
# The language is that of CPython 3.6: no `list[str]`, no `X | Y`, no postponed annotations.
# ruff: noqa: B905, UP006, UP035, UP045

import copy
import glob
import importlib
import json
import os
import random
import re
import runpy
import sys
import threading
import traceback
import types
import zlib
from functools import partial
from typing import Any, Callable, Dict, Iterator, List, Match, NamedTuple, Optional, Set, Tuple

import numpy as np

if __name__ == "__main__":  # An interpreter without this package; a script's folder leads sys.path.
    import precision  # type: ignore[import-not-found]
    import races  # type: ignore[import-not-found]
    import tf1_side  # type: ignore[import-not-found]
    from variables import variable_of  # type: ignore[import-not-found]
else:
    from getter_compat.verify import precision, races, tf1_side
    from getter_compat.verify.variables import variable_of

FORMAT_VERSION = 1
_DEFAULT_GRAPH_SEED = 87654321  # as in TensorFlow's random_seed.py
_STEP_READ = "global_step_read_op_cache"  # as in TensorFlow's training_util.py
_SELDOM = ("narrow", "racing", "said", "unsettled")
"""What most programs do not have, and stands in their record only where they have it."""
_LARGEST = 200000
"""Of an array with more numbers than this, a sample of about as many is kept."""
_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_CATEGORICAL = re.compile(r"\bcategorical(_\d+)?$")
_TENSOR = re.compile(r"[^:]*:\d+")
_TEMPORARY = re.compile(r"tmp[a-z0-9_]{8}")
_NO_RESULT = re.compile(r"/sec$|fraction_(of|over)_\w*\d_full$")
"""How many steps were made in a second, how full a queue was: the clock's, not the program's."""
_SECONDS = re.compile(r"(?<!\d)1\d{9}(?!\d)")


class _Head:
    """What of a record stands in `record.json`, and as what; the runs as one line of numbers."""

    def __init__(self) -> None:
        self.meta: Dict[str, Any] = {}
        self.calls: List[Dict[str, Any]] = []
        self.runs = ""
        self.variables: Dict[str, Dict[str, Any]] = {}
        self.draws: List[str] = []
        self.racing: List[str] = []
        self.unsettled: Dict[str, int] = {}
        self.narrow: Dict[str, str] = {}
        self.status = 0
        self.said = ""
        self.error: Optional[Dict[str, str]] = None


def _is_call(call: Any) -> bool:
    """Tell whether this is an item of `ProgramRecord.calls`."""
    return (
        isinstance(call, dict)
        and set(call) == {"thread", "site", "fetches"}
        and isinstance(call["thread"], str)
        and all(isinstance(line, str) for line in call["site"])
        and all(isinstance(text, str) for fetch in call["fetches"] for text in fetch)
        and all(len(fetch) == 2 for fetch in call["fetches"])
    )


class ProgramRecord:
    """What a program did; saved as `record.json`, `arrays.npz` and, by the caller, `stdout.txt`.

    `runs` lists the program's runs in their order, each by the place in `calls` of what was asked
    for. `draws` lists the name scopes of random operations, with the seed that the program gave
    one, or its place among those without. `racing` lists the arrays that were read in a run that
    changes what they read, in no order; `unsettled` those that follow from an update which was
    computed of such a read, with the first of their values that does; `narrow` the type of
    floating point that an array passed through, if narrower than its own. `said` is the text of a
    `sys.exit(text)`. `arrays` holds `run/CALL/FETCH` (the values of all runs of that call,
    stacked), `initial/N/NAME` (variables when they were initialized for the Nth time),
    `final/SESSION/NAME`, `checkpoint/FILE:NAME`, `summary/FOLDER:TAG` (step, value).
    """

    def __init__(self) -> None:
        self.meta: Dict[str, Any] = {"version": FORMAT_VERSION}
        self.calls: List[Dict[str, Any]] = []
        self.runs: List[int] = []
        self.variables: Dict[str, Dict[str, Any]] = {}
        self.draws: List[str] = []
        self.racing: List[str] = []
        self.unsettled: Dict[str, int] = {}
        self.narrow: Dict[str, str] = {}
        self.status = 0
        self.said = ""
        self.error: Optional[Dict[str, str]] = None
        self.stdout = ""
        self.arrays: Dict[str, Any] = {}
        self.noise: Dict[str, Any] = {}
        """By array: how much it moves when inputs move by one unit in the last place."""

    def group(self, kind: str) -> Dict[str, Any]:
        """Return the arrays of a kind, by what follows the kind in their names."""
        prefix = kind + "/"
        return {k[len(prefix) :]: v for k, v in self.arrays.items() if k.startswith(prefix)}

    def save(self, directory: str) -> None:
        """Write the record; the same content gives the same bytes."""
        os.makedirs(directory, exist_ok=True)
        head = {key: getattr(self, key) for key in vars(_Head())}
        head = {key: value for key, value in head.items() if value or key not in _SELDOM}
        head["runs"] = " ".join(map(str, self.runs))
        arrays = dict(self.arrays)
        arrays.update({"noise/" + name: value for name, value in self.noise.items()})
        tf1_side.save_arrays(os.path.join(directory, "arrays.npz"), arrays)
        with open(os.path.join(directory, "stdout.txt"), "w", encoding="utf-8") as file:
            file.write(self.stdout)
        tf1_side.save_head(directory, head)

    @classmethod
    def load(cls, directory: str) -> "ProgramRecord":
        """Read a record that `save` wrote."""
        record = cls()
        with tf1_side.reading(directory):
            head = _Head()
            tf1_side.update_from_json(head, os.path.join(directory, "record.json"))
            vars(record).update(vars(head))
            record.runs = [int(call) for call in head.runs.split()]
            arrays = tf1_side.load_arrays(os.path.join(directory, "arrays.npz"))
            noise = {n[len("noise/") :]: v for n, v in arrays.items() if n.startswith("noise/")}
            record.noise = noise
            record.arrays = {n: v for n, v in arrays.items() if not n.startswith("noise/")}
            with open(os.path.join(directory, "stdout.txt"), encoding="utf-8") as file:
                record.stdout = file.read()
            record.check()
        return record

    def check(self) -> None:
        """Raise an error if this is not what a recorder writes."""
        for call in self.calls:
            tf1_side.require(_is_call(call), f"no call: {call!r}")
        for name, variable in self.variables.items():
            known = isinstance(variable, dict) and set(variable) == {"shape", "dtype", "trainable"}
            tf1_side.require(known, f"no variable: {name}: {variable!r}")
        tf1_side.require_types(self.narrow)
        for name, first in self.unsettled.items():
            tf1_side.require(isinstance(first, int), f"no number: {name}: {first!r}")
        for number in set(self.runs):
            tf1_side.require(0 <= number < len(self.calls), f"no call has the number {number}")
            times = self.runs.count(number)
            for path, name in self.calls[number]["fetches"]:
                key = f"run/{number}/{path}"
                values = self.arrays[key]
                tf1_side.require(len(values) == times, f"{key}: not {times} values of {name}")
                noise = self.noise.get(key)
                alike = noise is None or np.shape(noise) == (times,)
                tf1_side.require(alike, f"noise/{key}: not {times} numbers")


# Sessions ----------------------------------------------------------------------------------------


class _Leaf(NamedTuple):
    """A value that was fetched, and the operation that computed it."""

    path: str
    name: str
    value: Any
    op: Any = None


class _Plan:
    """What is known of a run before it is made."""

    def __init__(self, tf: Any, graph: Any, operations: List[Any], unsettled: Set[Any]) -> None:
        needed = races.needed_by(operations)
        initializers = set(needed)
        self.initializes = [
            variable
            for variable in _variables(tf, graph)
            if _initializer(variable) in initializers
            and _initializer(variable).type in ("Assign", "AssignVariableOp")
        ]
        self.racing = races.racing(needed, set())
        self.follows = races.racing(needed, unsettled) if unsettled else set()
        self.unsettles = races.left_unsettled(needed, unsettled)


class Recorder:
    """Takes notice of every session of this process."""

    def __init__(self, tf: Any, job: Dict[str, Any]) -> None:
        self.tf = tf
        self.job = job
        self.record = ProgramRecord()
        self.record.meta["tensorflow"] = tf.VERSION
        self._values = ProgramRecord.load(job["values_of"]) if job.get("values_of") else None
        self._lock = threading.RLock()
        self._thread = threading.local()
        self._kept: Dict[int, Dict[str, List[Any]]] = {}
        self._seconds: Dict[str, List[str]] = {}
        self._call_numbers: Dict[str, int] = {}
        self._times: Dict[str, int] = {}
        self._sessions: List[Any] = []
        self._writers: List[Any] = []
        self._read: Set[int] = set()
        self._racing_tags: Dict[str, Any] = {}
        self._plans: Dict[Tuple[Any, ...], _Plan] = {}
        self._unsettled: Set[Any] = set()
        self._precisions: Dict[Any, Tuple[int, Any]] = {}
        self._true_run: Callable[..., Any] = tf.Session.run
        self._sites = Sites(tf, job)

    def install(self) -> None:
        """Stand in for the methods of TensorFlow's sessions."""
        session = importlib.import_module("tensorflow.python.client.session")
        monitored = importlib.import_module("tensorflow.python.training.monitored_session")
        self._install_session(session.BaseSession)
        self._install_monitored(monitored._MonitoredSession)
        self._install_writers()
        self._install_seeds()
        _keep_loops_in_order()
        _leave_shuffling_alone()
        if self.job.get("moved"):
            self._install_moved_datasets()

    def _install_session(self, base: Any) -> None:
        self._true_run = base.run
        true_close, true_make, true_partial = base.close, base.make_callable, base.partial_run

        def run(this, fetches, feed_dict=None, options=None, run_metadata=None):  # type: ignore
            call = partial(self._run, this, fetches, options=options, run_metadata=run_metadata)
            return self._recorded(this, fetches, feed_dict, call)

        def partial_run(this, handle, fetches, feed_dict=None):  # type: ignore
            return self._recorded(
                this, fetches, feed_dict, partial(true_partial, this, handle, fetches)
            )

        def make_callable(this, fetches, feed_list=None, accept_options=False):  # type: ignore
            function = true_make(this, fetches, feed_list, accept_options)
            return lambda *args, **kwargs: self._recorded(
                this, fetches, None, lambda _: function(*args, **kwargs)
            )

        def close(this):  # type: ignore
            self._read_variables(this)
            return true_close(this)

        base.run, base.partial_run, base.make_callable = run, partial_run, make_callable
        base.close = close

    def _install_monitored(self, monitored: Any) -> None:
        step = monitored.StepContext
        true_run, true_step = monitored.run, step.run_with_hooks

        def run(this, fetches, feed_dict=None, options=None, run_metadata=None):  # type: ignore
            call = partial(true_run, this, fetches, options=options, run_metadata=run_metadata)
            return self._recorded(this, fetches, feed_dict, call)

        def run_with_hooks(this, fetches, feed_dict=None, **kwargs):  # type: ignore
            call = partial(true_step, this, fetches, **kwargs)
            return self._recorded(this.session, fetches, feed_dict, call)

        monitored.run, step.run_with_hooks = run, run_with_hooks

    def _install_writers(self) -> None:
        """Keep the writers of summaries, which still have some where a program drops them."""
        writer = self.tf.summary.FileWriter
        true_init = writer.__init__

        def init(this, *args, **kwargs):  # type: ignore
            true_init(this, *args, **kwargs)
            self._writers.append(this)

        writer.__init__ = init

    def _install_seeds(self) -> None:
        """Give random operations without a seed one that depends on their name scope alone."""
        random_seed: Any = importlib.import_module("tensorflow.python.framework.random_seed")
        true_get_seed = random_seed.get_seed

        def get_seed(op_seed: Optional[int]) -> Any:
            if self.tf.executing_eagerly():
                return true_get_seed(op_seed)
            graph = self.tf.get_default_graph()
            if op_seed is not None:
                self.record.draws.append(f"{graph.get_name_scope()}={op_seed}")
                return true_get_seed(op_seed)
            if not hasattr(graph, "_draws_of_scopes"):
                graph._draws_of_scopes = {}
            # TensorFlow 2 calls `tf.multinomial` so, and the scope that it opens too.
            scope = _CATEGORICAL.sub(r"multinomial\1", graph.get_name_scope())
            number = graph._draws_of_scopes.get(scope, 0)
            graph._draws_of_scopes[scope] = number + 1
            key = f"{scope}#{number}"
            self.record.draws.append(key)
            seed = _DEFAULT_GRAPH_SEED if graph.seed is None else graph.seed
            return seed, (zlib.crc32(key.encode("utf-8")) & 0x3FFFFFFF) + 1

        random_seed.get_seed = get_seed

    def _install_moved_datasets(self) -> None:
        """Move what datasets are made of: it is an input as much as what is fed."""
        module: Any = importlib.import_module("tensorflow.python.data.ops.dataset_ops")
        dataset = module.DatasetV2  # Those of TensorFlow 1 are made by it.

        def moving(true_make: Callable[..., Any]) -> Any:
            def make(tensors: Any, *args: Any, **kwargs: Any) -> Any:
                return true_make(self._moved_data(tensors), *args, **kwargs)

            return staticmethod(make)

        for name in ("from_tensors", "from_tensor_slices"):
            setattr(dataset, name, moving(getattr(dataset, name)))

    def _moved_data(self, data: Any, path: str = "data") -> Any:
        if isinstance(data, dict):
            there = copy.copy(data)  # a defaultdict has more than its items
            there.update((k, self._moved_data(v, f"{path}/{k}")) for k, v in data.items())
            return there
        if isinstance(data, tuple):
            items = [self._moved_data(item, f"{path}/{i}") for i, item in enumerate(data)]
            return type(data)(*items) if hasattr(data, "_fields") else type(data)(items)
        if isinstance(data, np.ndarray) and data.size > 1:
            return precision.moved(data, self._salt(path))
        return data

    def _run(self, session: Any, fetches: Any, feeds: Any, **options: Any) -> Any:
        """Run as TensorFlow does, and take notice of the variables that this initializes."""
        self._note(session)
        plan = self._plan(session.graph, fetches)
        feeds = self._with_step(session, plan, feeds)
        result = self._true_run(session, fetches, feeds, **options)
        self._after_initialization(session, plan.initializes)
        self._unsettled.update(plan.unsettles)
        return result

    def _recorded(self, session: Any, fetches: Any, feeds: Any, call: Callable[..., Any]) -> Any:
        """Run, and keep the result if it was the program that asked, not TensorFlow itself."""
        if getattr(self._thread, "busy", False):
            return call(feeds)
        if self.job.get("moved") and feeds:
            feeds = self._moved_feeds(session, feeds)
        if self._sites.is_tensorflows_own():
            return call(feeds)
        plan = self._plan(session.graph, fetches)
        self._thread.busy = True
        try:
            result = call(feeds)
        finally:
            self._thread.busy = False
        self._keep(session, fetches, result, plan)
        return result

    def _moved_feeds(self, session: Any, feeds: Any) -> Any:
        """Move what is fed; numbers fed one at a time are settings, not data."""
        changed = dict(feeds)
        for key, value in feeds.items():
            try:
                tensor = session.graph.as_graph_element(key, allow_operation=False)
                array = np.asarray(value, tensor.dtype.as_numpy_dtype)
            except (TypeError, ValueError):  # Sparse values, handles.
                continue
            if array.size > 1:
                kind = self._precision(session.graph).leads_to(tensor.op.name)
                changed[key] = precision.moved(array, self._salt(tensor.name), kind)
        return changed

    def _salt(self, name: str) -> str:
        way = int(self.job["moved"])
        return name if way == 1 else f"{name} {way}"

    def _with_step(self, session: Any, plan: _Plan, feeds: Any) -> Any:
        """Feed what hooks read as the step with the step before the run, if it has no order."""
        for read in session.graph.get_collection(_STEP_READ):
            if read.op in plan.racing and read not in (feeds or {}):
                steps = session.graph.get_collection(self.tf.GraphKeys.GLOBAL_STEP)
                (value,) = self._values_of(session, steps[:1])
                if value is not None:
                    feeds = dict(feeds or {})
                    feeds[read] = value
        return feeds

    def _precision(self, graph: Any) -> Any:
        version, found = self._precisions.get(graph, (-1, None))
        if version != graph.version:
            found = precision.Precision(graph)
            self._precisions[graph] = graph.version, found
        return found

    def _note_precision(self, graph: Any, array: str, tensor: str) -> None:
        """Name the type that an array passed through, if it is narrower than its own."""
        passed = self._precision(graph).passed(tensor)
        if passed:
            self.record.narrow[array] = passed

    def _note(self, session: Any) -> None:
        with self._lock:
            if not any(known is session for known in self._sessions):
                self._sessions.append(session)

    # Runs

    def _keep(self, session: Any, fetches: Any, result: Any, plan: _Plan) -> None:
        leaves = list(self._leaves(session.graph, fetches, result))
        with self._lock:
            call = {
                "thread": _thread_name(),
                "site": self._sites.here(),
                "fetches": [[leaf.path, leaf.name] for leaf in leaves],
            }
            shapes = [[list(leaf.value.shape), leaf.value.dtype.kind] for leaf in leaves]
            key = json.dumps([call, shapes])
            if key not in self._call_numbers:
                number = self._call_numbers[key] = len(self.record.calls)
                self.record.calls.append(call)
                self._kept[number] = {leaf.path: [] for leaf in leaves}
                self.record.racing += [
                    f"run/{number}/{leaf.path}" for leaf in leaves if leaf.op in plan.racing
                ]
                for leaf in leaves:
                    self._note_precision(session.graph, f"run/{number}/{leaf.path}", _tensor(leaf))
            number = self._call_numbers[key]
            self.record.runs.append(number)
            for leaf in leaves:
                values = self._kept[number][leaf.path]
                if leaf.op in plan.follows:
                    self.record.unsettled.setdefault(f"run/{number}/{leaf.path}", len(values))
                values.append(leaf.value)
            if self.job.get("runs") and len(self.record.runs) >= self.job["runs"]:
                self.finish()
                sys.stdout.flush()
                os._exit(0)  # The other threads have nothing more to say.

    def _leaves(self, graph: Any, fetches: Any, values: Any, path: str = "") -> Iterator[_Leaf]:
        """Yield what was fetched; operations have no value."""
        if isinstance(fetches, dict):
            for key in fetches:
                yield from self._leaves(graph, fetches[key], values[key], _joined(path, key))
        elif isinstance(fetches, (list, tuple)):
            for i, (fetch, value) in enumerate(zip(fetches, values)):
                yield from self._leaves(graph, fetch, value, _joined(path, i))
        elif isinstance(values, tuple):  # SparseTensorValue, IndexedSlicesValue
            for field, value in zip(getattr(values, "_fields", "0123456789"), values):
                if value is not None:
                    name = f"{_name(fetches)}.{field}"
                    yield _Leaf(_joined(path, field), name, _array(value))
        elif values is not None:
            name, op = _name(fetches), _operation(graph, fetches)
            if op and op.type == "IteratorToStringHandle":
                return  # An address in the memory of this process.
            if not (isinstance(values, bytes) and op and op.type.endswith("Summary")):
                yield _Leaf(path or "value", name, _array(values), op)
                return
            made_by = dict(races.summaries(op))
            for tag, number in _summary_values(self.tf.Summary.FromString(values)).items():
                yield _Leaf(
                    _joined(path, tag), f"{name} {tag}", np.float32(number), _of_tag(tag, made_by)
                )

    # Variables

    def _after_initialization(self, session: Any, variables: List[Any]) -> None:
        """Keep the values of variables that the run has initialized, and give them the others'."""
        if not variables:
            return
        with self._lock:
            values = self._true_run(session, variables)
            assignments, feeds = [], {}
            for variable, value in zip(variables, values):
                name = variable.op.name
                times = self._times[name] = self._times.get(name, -1) + 1
                key = f"initial/{times}/{name}"
                self.record.arrays[key] = _array(value)
                if tf1_side.own_type(np.asarray(value)):
                    self.record.narrow[key] = tf1_side.own_type(np.asarray(value))
                new = self._new_value(variable, key, value)
                if new is not None:
                    assignments.append(_initializer(variable))
                    feeds[assignments[-1].inputs[1]] = new
            if assignments:
                self._true_run(session, assignments, feeds)

    def _new_value(self, variable: Any, key: str, value: Any) -> Optional[Any]:
        if self._values is not None:
            other = self._values.arrays.get(key)
            if other is None or np.shape(other) != np.shape(value):
                return None
            return np.asarray(other).astype(np.asarray(value).dtype)
        if self.job.get("moved"):
            kind = self._precision(variable.graph).leads_to(variable.op.name)
            return precision.moved(value, self._salt(key), kind)
        return None

    def _plan(self, graph: Any, fetches: Any) -> _Plan:
        unsettled = set(self._unsettled)  # runs of other threads add to it meanwhile
        operations = list(_operations(graph, fetches))
        names = tuple(sorted(op.name for op in operations))
        key = (id(graph), graph.version, len(unsettled), names)
        if key not in self._plans:
            plan = self._plans[key] = _Plan(self.tf, graph, operations, unsettled)
            made_by = dict(pair for op in operations for pair in races.summaries(op))
            self._racing_tags.update((t, op) for t, op in made_by.items() if op in plan.racing)
        return self._plans[key]

    def _read_variables(self, session: Any) -> None:
        """Keep the values at the end of a session that the program used."""
        numbers = [i for i, known in enumerate(self._sessions) if known is session]
        if not numbers or numbers[0] in self._read:
            return
        self._read.add(numbers[0])
        variables = _variables(self.tf, session.graph)
        trainable = session.graph.get_collection(self.tf.GraphKeys.TRAINABLE_VARIABLES)
        for variable, value in zip(variables, self._values_of(session, variables)):
            name = variable.op.name
            self.record.variables[name] = {
                "shape": variable.shape.as_list() if variable.shape.ndims is not None else None,
                "dtype": variable.dtype.base_dtype.name,
                "trainable": any(variable is other for other in trainable),
            }
            if value is not None:
                key = f"final/{numbers[0]}/{name}"
                self.record.arrays[key] = _array(value)
                self._note_precision(session.graph, key, variable.name)
                if variable.op in self._unsettled:
                    self.record.unsettled[key] = 0

    def _values_of(self, session: Any, variables: List[Any]) -> List[Any]:
        """Read variables; None stands for one that has no value."""
        try:
            return list(self._true_run(session, variables))
        except Exception:  # Some variable is not initialized: which one it is, has to be tried.
            values = []
            for variable in variables:
                try:
                    values.append(self._true_run(session, variable))
                except Exception:
                    values.append(None)
            return values

    # The end

    def finish(self) -> None:
        """Read what the program leaves behind, and write the record."""
        with self._lock:
            for session in self._sessions:
                self._read_variables(session)
            for number, paths in self._kept.items():
                for path, values in paths.items():
                    self.record.arrays[f"run/{number}/{path}"] = _stacked(values)
            self._read_checkpoints()
            self._read_events()
            self._note_files()
            self.record.save(self.job["record"])

    def _read_checkpoints(self) -> None:
        for index in sorted(glob.glob("**/*.index", recursive=True)):
            prefix = index[: -len(".index")]
            try:
                reader = self.tf.train.NewCheckpointReader(prefix)
            except Exception:  # Another kind of file, or one that was not written to its end.
                continue
            for name in reader.get_variable_to_shape_map():
                if name != "_CHECKPOINTABLE_OBJECT_GRAPH":
                    key = f"checkpoint/{self._steady(prefix)}:{name}"
                    self.record.arrays[key] = _array(reader.get_tensor(name))

    def _steady(self, path: str) -> str:
        """Return a path without what is another in each run: random letters, and when it was.

        An export has the seconds of the clock as its name, and so have the folders of many
        programs: here it is the place among those that stand beside it.
        """

        def place(found: Match[str]) -> str:
            beside = self._seconds.setdefault(path[: found.start()], [])
            if found.group() not in beside:
                beside.append(found.group())
            return f"time{beside.index(found.group())}"

        return _TEMPORARY.sub("tmp", _SECONDS.sub(place, path))

    def _read_events(self) -> None:
        # A program that ends leaves it to its writers to write what they still have.
        for writer in self._writers:
            writer.flush()
        for path in sorted(glob.glob("**/events.out.tfevents.*", recursive=True)):
            series: Dict[str, List[List[float]]] = {}
            for event in self.tf.train.summary_iterator(path):
                for tag, value in _summary_values(event.summary).items():
                    series.setdefault(tag, []).append([event.step, value])
            folder = self._steady(os.path.dirname(path))
            for tag, values in series.items():
                if _NO_RESULT.search(tag):
                    continue
                key = f"summary/{folder}:{tag}"
                if _of_tag(tag, self._racing_tags) and key not in self.record.racing:
                    self.record.racing.append(key)
                old = self.record.arrays.get(key, np.zeros([0, 2]))
                self.record.arrays[key] = np.concatenate([old, np.array(values)])

    def _note_files(self) -> None:
        """Say of checkpoints and summaries which types they passed through, and what races."""
        passed: Dict[Tuple[str, str], str] = {}
        unsettled: Set[Tuple[str, str]] = set()
        for graph in dict.fromkeys(session.graph for session in self._sessions):
            for op in graph.get_operations():
                for kind, name, tensor in _written_by(op):
                    found = self._precision(graph).passed(tensor.name)
                    passed[kind, name] = precision.narrowest(passed.get((kind, name), ""), found)
                    if kind == "checkpoint" and variable_of(tensor) in self._unsettled:
                        unsettled.add((kind, name))
        for key in self.record.arrays:
            kind, _, rest = key.partition("/")
            name = rest.rpartition(":")[2]
            found = passed.get((kind, name)) or passed.get((kind, name.rpartition(".")[0]))
            if found:
                self.record.narrow[key] = found
            if (kind, name) in unsettled:
                self.record.unsettled[key] = 0


class Sites:
    """Where in the program a run was asked for."""

    def __init__(self, tf: Any, job: Dict[str, Any]) -> None:
        self._others = tf1_side.others_code()
        packages = self._others[0]
        self._training = os.path.join(packages, "tensorflow", "python", "training") + os.sep
        self._core = os.path.join("tensorflow_core", "python", "training") + os.sep
        self._queues = os.path.join("estimator", "inputs", "queues") + os.sep

    def is_tensorflows_own(self) -> bool:
        """Tell whether TensorFlow's savers, hooks, managers or queue runners ask for this run.

        Those of an Estimator's inputs too, which feed arrays to a queue from threads of their own.

        An evaluation is the program's: what each step and the end of `Estimator.evaluate` give.
        """
        frame = sys._getframe(1)
        while frame and _file(frame).startswith(_HERE):
            frame = frame.f_back  # type: ignore[assignment]
        name = _file(frame) if frame else ""
        if type(frame.f_locals.get("self")).__name__ == "FinalOpsHook":
            return False
        if name.startswith(self._others) and self._queues in name:
            return True
        training = name.startswith(self._training) or self._core in name
        return training and os.path.basename(name) != "evaluation.py"

    def here(self) -> List[str]:
        """Return the innermost lines of the program, the last call first."""
        lines: List[str] = []
        frame = sys._getframe(1)
        while frame and len(lines) < 4:
            name = _file(frame)
            if not name.startswith(self._others):
                code = frame.f_code.co_name
                lines.append(f"{os.path.basename(name)}:{frame.f_lineno} {code}")
            frame = frame.f_back  # type: ignore[assignment]
        return lines


def _file(frame: Any) -> str:
    return str(frame.f_code.co_filename)


def _thread_name() -> str:
    """Newer Pythons add the function to a thread's name."""
    return threading.current_thread().name.partition(" (")[0]


def _joined(path: str, key: Any) -> str:
    return f"{path}/{key}" if path else str(key)


def _name(fetch: Any) -> str:
    return fetch if isinstance(fetch, str) else str(getattr(fetch, "name", type(fetch).__name__))


def _array(value: Any) -> Any:
    """Give a value as an array that can be saved, a large one as a sample."""
    array = tf1_side.as_array(value)
    if array.dtype.kind == "V":
        array = array.astype(np.float32)
    if array.size > _LARGEST:
        array = array.ravel()[:: array.size // _LARGEST + 1]
    return array


def _stacked(values: List[Any]) -> Any:
    return np.stack(values)


def _summary_values(summary: Any) -> Dict[str, float]:
    """Return what a summary holds by tag: a number; of a histogram, its extent and sums."""
    found = {}
    for value in summary.value:
        if value.HasField("simple_value"):
            found[value.tag] = value.simple_value
        elif value.HasField("histo"):
            for field in ("min", "max", "num", "sum", "sum_squares"):
                found[f"{value.tag}.{field}"] = getattr(value.histo, field)
    return found


def _of_tag(tag: str, made_by: Dict[str, Any]) -> Any:
    """Return what made a number of a summary: of a histogram, a field stands behind the tag."""
    return made_by.get(tag, made_by.get(tag.rpartition(".")[0]))


def _written_by(op: Any) -> Iterator[Tuple[str, str, Any]]:
    """Yield what an operation writes to files: in which kind, under which name, which tensor."""
    if op.type == "SaveV2" and op.inputs[1].op.type == "Const":
        names = op.inputs[1].op.get_attr("value").string_val
        for name, tensor in zip(names, list(op.inputs)[3:]):
            yield "checkpoint", name.decode("utf-8"), tensor
    elif op.type in ("ScalarSummary", "HistogramSummary"):
        for tag, _ in races.summaries(op):
            yield "summary", tag, op.inputs[1]


def _operations(graph: Any, fetches: Any) -> Iterator[Any]:
    if isinstance(fetches, dict):
        fetches = list(fetches.values())
    if isinstance(fetches, (list, tuple)):
        for fetch in fetches:
            yield from _operations(graph, fetch)
        return
    op = _operation(graph, fetches)
    if op is not None:
        yield op


def _tensor(leaf: _Leaf) -> str:
    """Name the tensor that a leaf is, is a field of, or, in a summary, is made of."""
    if leaf.op is not None and leaf.op.type in ("ScalarSummary", "HistogramSummary"):
        return str(leaf.op.inputs[1].name)
    found = _TENSOR.match(leaf.name)
    return found.group() if found else ""


def _operation(graph: Any, fetch: Any) -> Any:
    """Return what computes a fetch; None for a sparse tensor, which is several."""
    try:
        element = graph.as_graph_element(fetch)
    except (TypeError, ValueError, KeyError):
        return None
    return getattr(element, "op", element)


def _initializer(variable: Any) -> Any:
    """Return the operation that initializes a variable; `init_from_checkpoint` keeps a tensor."""
    return getattr(variable.initializer, "op", variable.initializer)


def _variables(tf: Any, graph: Any) -> List[Any]:
    keys = (tf.GraphKeys.GLOBAL_VARIABLES, tf.GraphKeys.LOCAL_VARIABLES)
    found: Dict[str, Any] = {}
    for key in keys:
        for variable in graph.get_collection(key):
            if hasattr(variable, "initializer"):
                found.setdefault(variable.op.name, variable)
    return list(found.values())


def _keep_loops_in_order() -> None:
    """Let a loop begin an iteration when the one before is done: a random operation in it draws.

    Otherwise several iterations run at once, and which of them gets which numbers is by chance.
    """
    control_flow: Any = importlib.import_module("tensorflow.python.ops.control_flow_ops")
    functional: Any = importlib.import_module("tensorflow.python.ops.while_v2")
    true_init, true_loop = control_flow.WhileContext.__init__, functional.while_loop

    def init(this, *args, **kwargs):  # type: ignore
        true_init(this, *args, **dict(kwargs, parallel_iterations=1))

    def while_loop(*args, **kwargs):  # type: ignore
        return true_loop(*args, **dict(kwargs, parallel_iterations=1))

    control_flow.WhileContext.__init__, functional.while_loop = init, while_loop


def _leave_shuffling_alone() -> None:
    """Keep TF1 from making one operation of `shuffle` and `repeat`: it draws in another order."""
    try:
        module: Any = importlib.import_module(
            "tensorflow.python.data.experimental.ops.optimization_options"
        )
        options = module.OptimizationOptions
        chosen = options._static_optimizations
    except (ImportError, AttributeError):  # TensorFlow 2 has its own way.
        return
    options._static_optimizations = lambda this: [
        name for name in chosen(this) if name != "shuffle_and_repeat_fusion"
    ]


# The program -------------------------------------------------------------------------------------


def run_program(job: Dict[str, Any]) -> None:
    """Run the program as `python` would."""
    random.seed(job.get("seed", 0))
    np.random.seed(job.get("seed", 0))
    program = job["program"]
    sys.argv = [program, *job.get("arguments", [])]
    sys.path[:0] = job.get("path") or []
    if job.get("module"):
        runpy.run_module(program, run_name="__main__", alter_sys=True)
        return
    sys.path.insert(0, os.path.dirname(os.path.abspath(program)))
    if program.endswith(".ipynb"):
        _run_notebook(program)
    else:
        runpy.run_path(program, run_name="__main__")


def _run_notebook(path: str) -> None:
    """Run the cells of Python; IPython's own commands are passed over."""
    with open(path, encoding="utf-8") as file:
        cells = json.load(file)["cells"]
    module = types.ModuleType("__main__")
    sys.modules["__main__"] = module
    for number, cell in enumerate(cells):
        source = "".join(cell["source"])
        if cell["cell_type"] != "code" or source.lstrip().startswith("%%"):
            continue
        lines = ["" if line.lstrip()[:1] in ("%", "!") else line for line in source.split("\n")]
        name = f"{os.path.basename(path)}, cell {number}"
        exec(compile("\n".join(lines), name, "exec"), vars(module))


def _start(job: Dict[str, Any]) -> Any:
    """Import TensorFlow; return its TF1 interface."""
    if job.get("interface") == "v1":
        tf = tf1_side.start_v1()
        if job.get("resource_variables"):
            tf.enable_resource_variables()
        if not tf.VERSION.startswith("1."):
            sys.modules["tensorflow"] = tf
        return tf
    return importlib.import_module("tensorflow.compat.v1")


def _others_end() -> None:
    """Wait, as Python does, for the threads that the program left running."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()


def main() -> None:
    """Run the job of the file given on the command line."""
    tf1_side.end_with_parent()
    with open(sys.argv[1], encoding="utf-8") as file:
        job = json.load(file)
    tf1_side.leave_names_to_programs()
    recorder = Recorder(_start(job), job)
    recorder.install()
    record = recorder.record
    try:
        run_program(job)
    except SystemExit as end:
        record.status = end.code if isinstance(end.code, int) else int(end.code is not None)
        if not isinstance(end.code, (int, type(None))):
            record.said = str(end.code)
            print(end.code, file=sys.stderr)
    except BaseException as error:
        record.status = 1
        record.error = tf1_side.describe_error(error)
        traceback.print_exc()
    _others_end()
    sys.stdout.flush()
    recorder.finish()
    sys.stderr.flush()
    os._exit(0)  # Sessions and queues that were never closed may keep the interpreter.


if __name__ == "__main__":
    main()
