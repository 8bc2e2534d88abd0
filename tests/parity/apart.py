"""Put a section's probes to getter_compat in a process of its own: its behaviour is set for good.

    python -m tests.parity.apart SECTION [--references]

With `TF_USE_LEGACY_KERAS=1` in the environment its layers are those of Keras 2. With `--references`
all of TensorFlow 2's behaviour is switched off, so that variables are reference variables, as those
of TF1 were; else only eager execution is. It prints the answers as JSON, by probe.
"""

import json
import sys
from typing import Any

import tensorflow as tf


def answers(section: str) -> dict[str, Any]:
    """What getter_compat answers to each probe of a section in a graph; exceptions as facts."""
    from .departures import LAYERS
    from .probes import PROBES
    from .probing import outcome
    from .spelling import InGraph

    found = {}
    for name, probe in PROBES.items():
        if probe.section != section:
            continue
        with tf.Graph().as_default():
            # In the process of the tests, the same graphs are optimized.
            here = InGraph(LAYERS, optimizes=False)
            found[name] = outcome(lambda: probe.facts(here))  # noqa: B023
    return found


if __name__ == "__main__":
    tf.get_logger().setLevel("ERROR")
    if "--references" in sys.argv:
        tf.compat.v1.disable_v2_behavior()
    else:
        tf.compat.v1.disable_eager_execution()
    print(json.dumps(answers(sys.argv[1])))
