"""Recurrent cells and the functions that run them over time are in `getter_compat.nn`.

TensorFlow 2 has the functions and, for Keras 2 only, cells whose variables are in no scope, which
no getter is asked for. In `getter_compat.nn.rnn_cell` they keep arguments, names and numbers, also
as base classes. The cells of `tf.contrib.rnn` and the functions of `tf.contrib.crf` are in
`getter_compat.contrib`.
"""

from __future__ import annotations

from getter_compat.codemod.analysis.sites import Site
from getter_compat.codemod.answers import Answer, left
from getter_compat.codemod.rules import Rule
from getter_compat.codemod.rules.contrib import moved_as_value
from getter_compat.tables.rnn import MODULES, SUCCESSORS

rule = Rule(__name__)

rule.example(
    before="""
        import tensorflow as tf


        class Leaky(tf.contrib.rnn.RNNCell):
            state_size = output_size = 2

            def call(self, inputs, state):
                state = state * tf.get_variable("leak", [2]) + inputs
                return state, state


        cells = [Leaky(), tf.nn.rnn_cell.BasicLSTMCell(4)]
        cell = tf.nn.rnn_cell.MultiRNNCell(cells)
        outputs, state = tf.nn.dynamic_rnn(cell, tf.ones([1, 3, 2]), dtype=tf.float32)
        print(outputs.shape, [v.name for v in tf.global_variables()])
        """,
    after="""
        import getter_compat
        import tensorflow as tf


        class Leaky(getter_compat.contrib.rnn.RNNCell):
            state_size = output_size = 2

            def call(self, inputs, state):
                state = state * getter_compat.get_variable("leak", [2]) + inputs
                return state, state


        cells = [Leaky(), getter_compat.nn.rnn_cell.BasicLSTMCell(4)]
        cell = getter_compat.nn.rnn_cell.MultiRNNCell(cells)
        outputs, state = getter_compat.nn.dynamic_rnn(cell, tf.ones([1, 3, 2]), dtype=tf.float32)
        print(outputs.shape, [v.name for v in getter_compat.global_variables()])
        """,
)

rule.renames(SUCCESSORS)
rule.modules(MODULES)


@rule.uses(*(set(MODULES) - set(SUCCESSORS)))
def move_module(site: Site) -> Answer:
    """Move `rnn = tf.contrib.rnn` with all that the text uses of it, or leave it."""
    new = MODULES[site.name]
    moved = moved_as_value(site, new)
    if moved is not None:
        return moved
    assert site.chain is not None
    whole = site.resolve_whole().replace("tensorflow", "tf", 1)
    if site.chain.node is site.node:
        return left(f"{whole}: not all that is taken from it is in {new}", site.node)
    return left(f"{whole} is not in {new}", site.chain.node)
