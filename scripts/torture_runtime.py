"""The parts of torture.py that need TensorFlow: `python torture_runtime.py PART SCALE SEED`.

Each prints lines of what breaks a promise, what was tried, and how often it broke, between tabs.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any


def row(what: str, tried: str, broken: int) -> None:
    """Tell one line of the table."""
    print(f"{what}\t{tried}\t{broken}", flush=True)


def names_made(number: int = 0) -> list[str]:
    """The names of a small network in a store of its own, with a getter in the middle."""
    import tensorflow as tf

    from getter_compat import VariableStore, get_variable, getter_scope, layers

    def halved(getter: Callable[..., Any], name: str, **kwargs: Any) -> Any:
        return 0.5 * getter(name, **kwargs)

    store = VariableStore()
    with store.as_default(), getter_scope("net"), getter_scope(f"part{number % 3}"):
        h = layers.dense(tf.ones([1, 3]), 4)
        with getter_scope("inner", custom_getter=halved):
            h = layers.dense(h, 2)
        layers.dense(h, 1)
        get_variable("w", [2])
    return list(store.variables)


def threads(scale: float) -> None:
    """Many threads, each with a store and scopes of its own, and all with one."""
    import tensorflow as tf

    from getter_compat import AUTO_REUSE, VariableStore, get_variable, getter_scope

    expected = [names_made(number) for number in range(3)]
    count, rounds, wrong = 64, max(1, round(5 * scale)), []

    def work(number: int) -> None:
        try:
            for _ in range(rounds):
                if names_made(number) != expected[number % 3]:
                    wrong.append(number)
        except Exception as error:
            wrong.append(error)

    _all(threading.Thread(target=work, args=(number,)) for number in range(count))
    row("threads: names other than one thread makes", f"{count} threads, {rounds} each", len(wrong))

    shared, made = VariableStore(), []

    def same(number: int) -> None:
        with shared.as_default(), getter_scope("net", reuse=AUTO_REUSE):
            made.append(get_variable(f"w{number % 4}", [2], initializer=tf.zeros_initializer()))

    _all(threading.Thread(target=same, args=(number,)) for number in range(count))
    broken = (len({id(variable) for variable in made}) != 4) + (len(shared.variables) != 4)
    row("threads: variables made twice in a shared store", f"{count} threads", broken)


def _all(started: Any) -> None:
    running = list(started)
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()


def tasks(scale: float) -> None:
    """Many tasks of one thread, which give way to each other inside of their scopes."""
    from getter_compat import VariableStore, get_variable, getter_scope

    count, wrong = round(700 * scale), 0

    async def task(number: int) -> list[str]:
        store = VariableStore()
        with store.as_default(), getter_scope(f"task{number}"):
            for name in "ab":
                await asyncio.sleep(0)
                with getter_scope(name):
                    await asyncio.sleep(0)
                    get_variable("w", [])
        return list(store.variables)

    async def all_of_them() -> list[list[str]]:
        return await asyncio.gather(*map(task, range(count)))

    for number, names in enumerate(asyncio.run(all_of_them())):
        wrong += names != [f"task{number}/a/w", f"task{number}/b/w"]
    row("tasks: names of another task's scopes", f"{count} tasks", wrong)


def failures(scale: float) -> None:
    """Exceptions inside of scopes leave no scope open."""
    from getter_compat import get_variable, get_variable_scope, getter_scope

    count, wrong = round(10_000 * scale), 0
    for number in range(count):
        try:
            with getter_scope("outer"), getter_scope("inner"):
                if number % 100 == 0:
                    get_variable("w", [-1])
                raise ZeroDivisionError
        except (ZeroDivisionError, ValueError):
            wrong += get_variable_scope().name != ""
    row("failures: scopes that stay open", f"{count:,} exceptions", wrong)


def dropped(scale: float) -> None:
    """Models that nobody holds any more are gone, and their memory is."""
    import tensorflow as tf

    from getter_compat import ScopedModel, layers

    count, x = round(1_000 * scale), tf.ones([1, 3])
    alive = []

    def make() -> None:
        model = ScopedModel(lambda x: layers.dense(x, 2), name="model")
        model(x)
        alive.append(weakref.ref(model))

    for _ in range(count // 10):
        make()
    gc.collect()
    tf.keras.backend.clear_session()
    before = _memory()
    for _ in range(count - count // 10):
        make()
    tf.keras.backend.clear_session()
    gc.collect()
    row("dropped: models still alive", f"{count:,} models", sum(ref() is not None for ref in alive))
    grown = max(0.0, _memory() - before) / count * 1000
    tried = f"{count:,} models, {grown:.1f} kB each"
    row("dropped: more than 20 kB a model stays", tried, int(grown > 20))


def steps(scale: float) -> None:
    """Training steps take no more memory and time at the end than at the beginning."""
    import tensorflow as tf

    from getter_compat import ScopedModel, getter_scope, layers

    count = round(20_000 * scale)
    mask = tf.constant([[1.0, 0.0]])

    def masked(getter: Callable[..., Any], name: str, **kwargs: Any) -> Any:
        weight = getter(name, **kwargs)
        return weight * mask if name.endswith("kernel") else weight

    def network(x: Any) -> Any:
        with getter_scope("net", custom_getter=masked):
            return layers.dense(x, 2)

    model, x = ScopedModel(network), tf.ones([4, 3])
    optimizer = tf.keras.optimizers.SGD(0.01)
    model(x)

    def step() -> None:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(model(x) ** 2)
        weights = model.trainable_variables
        optimizer.apply(tape.gradient(loss, [weight.value for weight in weights]), weights)

    tenth = count // 10
    times, sizes = [], []
    for _ in range(10):
        begun = time.process_time()
        for _ in range(tenth):
            step()
        times.append(time.process_time() - begun)
        gc.collect()
        sizes.append(_memory())
    grown = (sizes[-1] - sizes[1]) * 1000 / (tenth * 8)
    tried = f"{count:,} steps, {grown * 1000:.0f} bytes each"
    row("steps: more than 100 bytes a step stay", tried, int(grown > 0.1))
    slower = sorted(times[-3:])[1] / sorted(times[1:4])[1]
    row("steps: more than 1.3 times as slow at the end", f"{slower:.2f} times", int(slower > 1.3))


def _memory() -> float:
    """Megabytes of this process."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1000


def processes(scale: float) -> None:
    """Processes that are forked or spawned make what this one makes."""
    expected = names_made()
    count = max(2, round(8 * scale))
    for method in ("fork", "spawn"):
        context = multiprocessing.get_context(method)
        wrong = 0
        for _ in range(count if method == "fork" else max(1, count // 4)):
            queue: Any = context.SimpleQueue()
            process = context.Process(target=_tell_names, args=(queue,))
            process.start()
            process.join(120)
            wrong += process.exitcode != 0 or queue.get() != expected
            process.kill()
        row(f"processes: names other than here ({method})", f"{count} processes", wrong)


def _tell_names(queue: Any) -> None:
    queue.put(names_made())


_ENDS = {
    "scopes open": "scope = getter_scope('net'); scope.__enter__(); get_variable('w', [2])",
    "a store open": "store = VariableStore().as_default(); store.__enter__()",
    "a model in a circle": (
        "model = ScopedModel(lambda x: layers.dense(x, 2)); model(tf.ones([1, 2]));"
        " model.me = [model]"
    ),
    "a thread in a scope": (
        "import threading; go = threading.Event()\n"
        "def work():\n"
        "    with getter_scope('thread'):\n"
        "        go.wait()\n"
        "threading.Thread(target=work, daemon=True).start()"
    ),
    "an exception in a scope": (
        "import atexit; atexit.register(get_variable, 'late', [2])\nscope = getter_scope('net')"
    ),
}


def shutdown(scale: float) -> None:
    """An interpreter that ends in the middle of something says nothing, and ends well."""
    begin = (
        "import tensorflow as tf\n"
        "from getter_compat import *\n"
        "from getter_compat import ScopedModel, VariableStore, get_variable, getter_scope, layers\n"
    )
    wrong = 0
    for end in _ENDS.values():
        done = subprocess.run(
            [sys.executable, "-W", "error", "-c", begin + end], capture_output=True, text=True
        )
        said = [line for line in done.stderr.splitlines() if "Traceback" in line or "Error" in line]
        wrong += done.returncode != 0 or bool(said)
    row("shutdown: exceptions, or another status than 0", f"{len(_ENDS)} ways to end", wrong)


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    {
        "threads": threads,
        "tasks": tasks,
        "failures": failures,
        "dropped": dropped,
        "steps": steps,
        "processes": processes,
        "shutdown": shutdown,
    }[sys.argv[1]](float(sys.argv[2]))
