"""Record what TensorFlow 1.15.5 does in the scenarios of tests/contrib.

    python scripts/record_contrib.py [SCENARIO ...] [--tf1-python PATH] [--check]

What each scenario returns goes to tests/data/contrib. Recording twice changes nothing.
"""

from __future__ import annotations

from make_goldens import ROOT
from recording import record

if __name__ == "__main__":
    record("contrib.original", ROOT / "tests" / "data" / "contrib")
