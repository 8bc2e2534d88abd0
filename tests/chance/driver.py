"""Run programs in one process, each in a thread, a graph and a folder of its own.

    python driver.py FOLDER         every .py file of the folder, by name

The threads have the programs' names, by which a recorder tells their runs apart. What a program
raises is printed, and the next one begins. A monitored training ends after 50 steps: TensorFlow
1.15.5 runs no update where gradients of a `while_loop` are computed under control dependencies, and
so never comes to the last step.
"""

import glob
import os
import runpy
import sys
import threading

import tensorflow as tf


def run(path, name):  # type: ignore[no-untyped-def]
    """Run a program; it needs none of the switches that it would begin with."""
    with tf.Graph().as_default():
        try:
            runpy.run_path(path, run_name="__main__")
        except Exception as error:
            print(f"{name} ended by {type(error).__name__}")
            print(str(error)[:2000], file=sys.stderr)


def end_in_time():  # type: ignore[no-untyped-def]
    """Have monitored sessions stop after 50 steps."""
    monitored = tf.compat.v1.train.MonitoredSession
    true_should_stop = monitored.should_stop
    asked = {}

    def should_stop(session):  # type: ignore[no-untyped-def]
        asked[session] = asked.get(session, 0) + 1
        return asked[session] > 50 or true_should_stop(session)

    monitored.should_stop = should_stop


def main():  # type: ignore[no-untyped-def]
    """Run the programs of the folder given on the command line."""
    if not tf.compat.v1.VERSION.startswith("1."):
        tf.compat.v1.disable_v2_behavior()
    end_in_time()
    top = os.getcwd()
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.py"))):
        name = os.path.basename(path)[: -len(".py")]
        os.makedirs(name)
        os.chdir(name)
        thread = threading.Thread(target=run, args=(path, name), name=name)
        thread.start()
        thread.join()
        os.chdir(top)


if __name__ == "__main__":
    main()
