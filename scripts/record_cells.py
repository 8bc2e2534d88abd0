"""Record what TensorFlow 1.15.5 computes with every recurrent cell, and the checkpoint it writes.

    python scripts/record_cells.py [--tf1-python PATH] [--check]

Outputs and checkpoint go to tests/data/cells. Recording twice changes nothing.
"""

from __future__ import annotations

from make_goldens import ROOT
from recording import record

if __name__ == "__main__":
    record("nn.original", ROOT / "tests" / "data" / "cells")
