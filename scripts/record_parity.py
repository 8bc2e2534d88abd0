"""Record what TensorFlow 1.15.5 answers to the probes of tests/parity: `make goldens`.

    python scripts/record_parity.py [SECTION ...] [--tf1-python PATH] [--check]

The probes run under TensorFlow 1.15.5, each in a fresh graph, and their answers go to
tests/data/parity, one file for each section. Recording twice changes nothing.
"""

from __future__ import annotations

from make_goldens import ROOT
from recording import record

if __name__ == "__main__":
    record("parity.original", ROOT / "tests" / "data" / "parity")
