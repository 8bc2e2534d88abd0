"""Record what TensorFlow 1.15.5's estimators do in the scenarios of tests/estimator.

    python scripts/record_estimators.py [SCENARIO ...] [--tf1-python PATH] [--check]

What each scenario returns goes to tests/data/estimator. Recording twice changes nothing.
"""

from __future__ import annotations

from make_goldens import ROOT
from recording import record

if __name__ == "__main__":
    record("estimator.original", ROOT / "tests" / "data" / "estimator")
