"""What getter_compat does in the scenarios, in a program as the codemod leaves it.

python -m tests.contrib.here DIRECTORY
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import tensorflow as tf

from getter_compat import contrib
from tests.estimator.scenarios import plain
from tests.estimator.test_scenarios import Spelling

from .scenarios import SCENARIOS


class Slim:
    """`slim` as the codemod spells it."""

    HParams = contrib.training.HParams
    layers = contrib

    def __getattr__(self, name: str) -> Any:
        return getattr(contrib, name)


if __name__ == "__main__":
    tf.compat.v1.disable_v2_behavior()
    for name, scenario in SCENARIOS.items():
        with tf.Graph().as_default():
            facts = plain(scenario(Spelling(), Slim(), tempfile.mkdtemp()))
        Path(sys.argv[1], f"{name}.json").write_text(json.dumps(facts), encoding="utf-8")
