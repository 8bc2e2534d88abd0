"""Arguments that `getter_compat` refuses when it is called, where a program writes them out.

They stay, and are left for a person: here, and not when the program has begun to run. What an
argument is given by a name cannot be seen.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from itertools import takewhile

from getter_compat.codemod.analysis.names import leaf
from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import Rule

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf


        def cell(size):
            return tf.nn.rnn_cell.LSTMCell(size, num_unit_shards=2)
        """,
    after="""
        import getter_compat


        def cell(size):
            return getter_compat.nn.rnn_cell.LSTMCell(size, num_unit_shards=2)
        """,
    why="num_unit_shards is refused: leave it out",
)


def _is_given(value: object) -> bool:
    return value is not None


def _is_of_cudnn(value: object) -> bool:
    return value in ("auto_select", "skip_input")


_OUT = "leave it out"
_ONE_MACHINE = "leave it out; for TPUs see tf.distribute.TPUStrategy"
_Refused = dict[str, tuple[Callable[[object], bool], str]]
_BATCH_NORM: _Refused = {
    "batch_weights": (_is_given, f"{_OUT}, or compute the statistics with tf.nn.moments"),
    "zero_debias_moving_mean": (bool, _OUT),
}
_SHARDS: _Refused = {
    "num_proj_shards": (_is_given, f"{_OUT}, unless a checkpoint has its variables in parts"),
    "num_unit_shards": (_is_given, f"{_OUT}, unless a checkpoint has its variables in parts"),
}
_CUDNN: _Refused = {"input_mode": (_is_of_cudnn, "use linear_input, and train again")}

_REFUSED: dict[str, _Refused] = {
    "getter_compat.contrib.batch_norm": _BATCH_NORM,
    "getter_compat.contrib.rnn.LSTMCell": _SHARDS,
    "getter_compat.contrib.training.HParams": {
        "hparam_def": (_is_given, "give it the parameters by keywords, or by parse_json")
    },
    "getter_compat.nn.rnn_cell.LSTMCell": _SHARDS,
    "getter_compat.estimator.RunConfig": {
        "experimental_distribute": (
            _is_given,
            "give its strategies as train_distribute and eval_distribute",
        )
    },
    "getter_compat.estimator.tpu.RunConfig": dict.fromkeys(
        ("cluster", "evaluation_master", "master"), (bool, _ONE_MACHINE)
    ),
    "getter_compat.estimator.tpu.TPUEstimator": {
        "use_tpu": (bool, "say use_tpu=False; for TPUs see tf.distribute.TPUStrategy")
    },
    **{
        f"getter_compat.contrib.cudnn_rnn.{name}": _CUDNN
        for name in ("CudnnGRU", "CudnnLSTM", "CudnnRNNRelu", "CudnnRNNTanh")
    },
}
_LSTM_PLACES = {"num_unit_shards": 6, "num_proj_shards": 7}
PLACES: dict[str, dict[str, int]] = {
    "getter_compat.contrib.batch_norm": {"batch_weights": 14, "zero_debias_moving_mean": 17},
    "getter_compat.contrib.rnn.LSTMCell": _LSTM_PLACES,
    "getter_compat.contrib.training.HParams": {"hparam_def": 0},
    "getter_compat.nn.rnn_cell.LSTMCell": _LSTM_PLACES,
    "getter_compat.estimator.RunConfig": {"experimental_distribute": 13},
    "getter_compat.estimator.tpu.RunConfig": {"evaluation_master": 1, "master": 2, "cluster": 3},
    "getter_compat.estimator.tpu.TPUEstimator": {"use_tpu": 4},
    **{
        f"getter_compat.contrib.cudnn_rnn.{name}": {"input_mode": 2}
        for name in ("CudnnGRU", "CudnnLSTM", "CudnnRNNRelu", "CudnnRNNTanh")
    },
}
# What is true where it is not given.
_TRUE_UNSAID = {"getter_compat.estimator.tpu.TPUEstimator": "use_tpu"}

_KEYWORDS = sorted({keyword for refused in _REFUSED.values() for keyword in refused})
_FUNCTIONS = sorted({name.rpartition(".")[2] for name in _REFUSED})


@rule.nodes(ast.Call, where=(*_KEYWORDS, *_FUNCTIONS))
def look_at_call(site: Site) -> Iterator[Answer]:
    """Leave a call with an argument that is refused; one in an `arg_scope` or a partial, too."""
    node = site.node
    assert isinstance(node, ast.Call)
    functions: list[ast.expr] = [node.func]
    positional = node.args
    if leaf(node.func) in ("arg_scope", "partial") and node.args:
        first = node.args[0]
        functions = first.elts if isinstance(first, (ast.List, ast.Tuple)) else [first]
        positional = node.args[1:]
    for name, called in (_called(site, function) for function in functions):
        refused = _REFUSED.get(name, {})
        given = [(word.arg or "", word.value) for word in node.keywords]
        given += _by_place(positional, PLACES.get(name, {}))
        for keyword, value in given:
            is_refused, advice = refused.get(keyword, (None, ""))
            if is_refused is not None and is_refused(_value(site, value)):
                yield left(f"{called}: {keyword} is refused: {advice}", value)
        if functions == [node.func] and name in _TRUE_UNSAID:
            keyword = _TRUE_UNSAID[name]
            if len(node.args) <= PLACES[name][keyword] and _says_nothing_of(node, keyword):
                yield left(f"{called}: {keyword} is refused: {refused[keyword][1]}", node.func)


def _by_place(
    positional: list[ast.expr], places: Mapping[str, int]
) -> Iterator[tuple[str, ast.expr]]:
    """The arguments that are given by their places, as far as these can be counted."""
    seen = list(takewhile(lambda value: not isinstance(value, ast.Starred), positional))
    yield from ((keyword, seen[place]) for keyword, place in places.items() if place < len(seen))


@rule.nodes(ast.Dict, where=("zero_debias_moving_mean",))
def look_at_parameters(site: Site) -> Iterator[Answer]:
    """Leave the same in a dict of parameters, as `normalizer_params` is."""
    node: ast.AST = site.node
    assert isinstance(node, ast.Dict)
    for key, value in zip(node.keys, node.values, strict=True):
        keyword = key.value if isinstance(key, ast.Constant) else None
        if keyword == "zero_debias_moving_mean" and _value(site, value):
            yield left(f"batch_norm: {keyword} is refused: {_OUT}", value)


def _called(site: Site, function: ast.expr) -> tuple[str, str]:
    """The name that a function has after the rewrite, and how people say it."""
    resolved = site.resolve(function)
    if resolved is None:
        return "", ""
    return site.spelling.rules.successor(resolved.name) or resolved.name, leaf(function)


def _value(site: Site, node: ast.expr) -> object:
    """The value that is written out; None where it cannot be seen."""
    if isinstance(node, ast.Constant):
        return node.value
    is_made = isinstance(node, ast.Call) and site.resolve(node.func) is not None
    return node if is_made else None


def _says_nothing_of(call: ast.Call, keyword: str) -> bool:
    if any(isinstance(value, ast.Starred) for value in call.args):
        return False
    return not {None, keyword} & {word.arg for word in call.keywords}
