"""Record a checkpoint that TensorFlow 1.15.5 writes of trained networks: `make goldens`.

    python scripts/record_checkpoints.py [--tf1-python PATH] [--check]

It holds two networks, the slots of every optimizer of TF1, made in scopes and in none, and moving
averages; `tests/runtime/checkpoints_of_tf1.py` builds them. It goes to tests/data/checkpoints.
"""

from __future__ import annotations

from make_goldens import ROOT
from recording import record

if __name__ == "__main__":
    record("runtime.checkpoints_of_tf1", ROOT / "tests" / "data" / "checkpoints")
