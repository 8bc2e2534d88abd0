"""When a recording of TensorFlow 1.15.5 says the same as another one (scripts/recording.py)."""

import importlib
import json
from decimal import Decimal
from pathlib import Path

import pytest

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


@pytest.mark.parametrize(
    ("old", "new", "is_same"),
    [
        ("[0.1235, 2]", "[0.1236, 2]", True),  # rounded up on one processor alone
        ("[0.1235]", "[0.1237]", False),
        ("[0.1]", "[0.09999]", True),
        ("[0.1]", "[0.1001]", True),
        ("[0.1]", "[0.1012]", False),
        ("[0.5]", "[0.6]", False),
        ("[0.5]", "[0.51]", True),
        ("[2.0]", "[2.1]", False),
        ("[1e+30]", "[2e+30]", False),
        ("[NaN, 0.1235]", "[NaN, 0.1236]", True),
        ("[NaN]", "[0.5]", False),
        ('["loss = 1.0"]', '["loss = 1.1"]', False),
        ("[1234567.125]", "[1234567.625]", True),
        ("[0.30000001192092896]", "[0.30000004172325134]", True),
        ("[0.30000001192092896]", "[0.30001]", False),
        ("[99.4461]", "[99.4465]", True),  # summed in another order
        ("[99.4461]", "[99.448]", False),
        ("[1]", "[2]", False),
        ("[1]", "[1.0]", False),
        ("[1]", "[true]", False),
        ("[1]", "[1, 1]", False),
        ('{"a": 1}', '{"b": 1}', False),
        ('["loss = 0.8124, step = 1"]', '["loss = 0.8125, step = 1"]', True),
        ('["loss = 0.8124, step = 1"]', '["loss = 0.8124, step = 2"]', False),
        ('["loss = 0.8124"]', '["loss = 0.8134"]', False),
        ('["a 0.5"]', '["a 0.5, 0.5"]', False),
    ],
)
def test_only_rounding_is_passed_over(
    old: str, new: str, is_same: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(SCRIPTS))
    recording = importlib.import_module("recording")
    left, right = (json.loads(text, parse_float=Decimal) for text in (old, new))
    assert recording.agree(left, right) is is_same
    assert recording.agree(right, left) is is_same
