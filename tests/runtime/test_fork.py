"""A process that is forked while another thread makes a variable."""

import os

import pytest

from tests.forking import python

PROGRAM = """
import os, signal, threading
import tensorflow as tf
from getter_compat import ScopedModel, VariableStore, get_variable, getter_scope

begun, go_on = threading.Event(), threading.Event()


def slow(shape, dtype=None, **options):
    begun.set()
    go_on.wait()
    return tf.zeros(shape, dtype)


def fork():
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    signal.alarm(15)
    {inside}
    os._exit(0)


{outside}
"""
HELD = """
store = VariableStore()
with store.as_default():
    get_variable("a", [2])
    import contextvars
    thread = threading.Thread(
        target=contextvars.copy_context().run, args=(get_variable, "slow", [2], None, slow)
    )
    thread.start()
    begun.wait()
    print("child", fork())
    go_on.set()
    thread.join()
    print(sorted(store.variables))
"""
FORKING = """
def forking(getter, name, *args, **kwargs):
    if name == "net/w":
        print("child", fork())
    return getter(name, *args, **kwargs)

with getter_scope("net", custom_getter=forking):
    get_variable("w", [2])
get_variable("v", [2])
print("done")
"""


def run(inside: str, outside: str) -> list[str]:
    program = PROGRAM.format(inside=inside, outside=outside)
    done = python("-c", program)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_the_child_makes_variables_of_its_own() -> None:
    inside = "assert get_variable('b', initializer=[1.0, 2.0]).shape == [2]"
    assert run(inside, HELD) == ["child 0", "['a', 'slow']"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_getter_that_forks() -> None:
    assert run("get_variable('b', initializer=[1.0, 2.0])", FORKING) == ["child 0", "done"]
