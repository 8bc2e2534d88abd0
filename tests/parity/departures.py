"""Where getter_compat answers otherwise than TensorFlow 1.15.5, on purpose, and why.

docs/departures.md lists these in the same words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KERAS_3, KERAS_2, LAYERS = LINES = ("keras", "tf_keras", "getter_compat.layers")
EAGER, TRACED, GRAPH = MODES = ("eager", "traced", "graph")
REFERENCES = "references"  # in a graph, after `disable_v2_behavior()`
IN_GRAPHS = (GRAPH, REFERENCES)

OF_TF_KERAS = (
    "decoding",
    "recurrent",
    "refused",
    "sequences",
    "unrolled",
)  # sections whose layers are of `tf.keras`, whatever the others are of


@dataclass(frozen=True)
class Departure:
    """One reason to answer otherwise.

    Args:
        why: What is done instead, and why.
        instead: The facts that differ: by probe, and by the path to the fact in its answer.
        lines: Whose layers it holds for.
        modes: Where it holds: eagerly, in a `tf.function`, in a TF1 graph.
    """

    why: str
    instead: Mapping[str, Mapping[str, Any]]
    lines: tuple[str, ...] = LINES
    modes: tuple[str, ...] = (EAGER, TRACED)

    def holds(self, line: str, mode: str) -> bool:
        """Whether it holds for these layers in this mode."""
        return line in self.lines and mode in self.modes


def error(kind: str, message: str) -> dict[str, str]:
    """The fact that an exception was raised whose message begins so."""
    return {"raises": kind, "message": message}


def _returned(what: str) -> dict[str, Any]:
    return {"layer": error("TypeError", f"The custom getter returned {what}")}


def _cannot_be_assigned(name: str) -> dict[str, str]:
    return error(
        "AttributeError",
        f"The weight {name}/moving_mean is derived by a custom getter and cannot be assigned: ",
    )


_DENSE = ["m/dense/kernel:0", "m/dense/bias:0"]
_STATISTICS = [
    "m/batch_normalization/moving_mean:0",
    "m/batch_normalization/moving_variance:0",
]

_IN_MULTI = "multi/multi_rnn_cell"
_WRAPPED = [
    f"{_IN_MULTI}/cell_0/gru_cell/gates/kernel:0",
    f"{_IN_MULTI}/cell_0/gru_cell/gates/bias:0",
    f"{_IN_MULTI}/cell_0/gru_cell/candidate/kernel:0",
    f"{_IN_MULTI}/cell_0/gru_cell/candidate/bias:0",
    f"{_IN_MULTI}/cell_1/basic_lstm_cell/kernel:0",
    f"{_IN_MULTI}/cell_1/basic_lstm_cell/bias:0",
]

DEPARTURES = [
    Departure(
        "The layers of `tf.keras` in a scope ask its getters too; in TF1 only those of `tf.layers` "
        "did. The Keras layers are what the codemod writes for `tf.layers`.",
        {
            "naming.keras_layers_in_a_scope": {
                "asked": [
                    "model/dense/kernel",
                    "model/dense/bias",
                    "model/dense_1/kernel",
                    "model/dense_1/bias",
                ]
            }
        },
        modes=(*MODES, REFERENCES),
    ),
    Departure(
        "A getter's Python runs again whenever a weight that it derives is evaluated, so that it "
        "sees Python state as it is now. In TF1, and here in a `tf.function`, it ran once for a "
        "graph.",
        {"live.python_state": {"1/0/0": 5.0}},
        modes=(EAGER,),
    ),
    Departure(
        "A getter that samples draws once for each outermost layer call. In TF1 it drew once for "
        "each `session.run`: two calls of a layer in one run had the same sample. Make the calls "
        "inside one Keras model, or one `ScopedModel`, to share a sample.",
        {"live.a_sample_for_two_calls_in_a_run": {"": False}},
    ),
    Departure(
        "A recurrent layer computes all its time steps with one sample of its weights. In TF1 a "
        "weight that was made inside the loop of `tf.nn.dynamic_rnn` was sampled at each step, one "
        "that was made before the loop, or under `static_rnn`, once.",
        {
            "live.a_sample_for_the_steps_of_a_recurrent_layer": {"": True},
        },
        modes=(*MODES, REFERENCES),
    ),
    Departure(
        "So does a cell built in the loop; in a TF1 graph it draws at each step, as in TF1.",
        {"recurrent.a_sample_of_a_cell": {"built in the loop": 1}},
    ),
    Departure(
        "A cell with another one in it holds that one's weights too, a `MultiRNNCell` those of the "
        "cells in its wrappers: Keras trains and saves by what a layer holds. In TF1 "
        "`DropoutWrapper` and the other wrappers showed no weights.",
        {"recurrent.weights_of_cells": {"multi/trainable": _WRAPPED}},
        modes=(*MODES, REFERENCES),
    ),
    Departure(
        "`layer.trainable_variables` and `layer.non_trainable_variables` hold the variables behind "
        "derived weights, because Keras trains and saves through them. In TF1 the derived tensors "
        "were in the second list, and training what the layer called trainable trained nothing. "
        "`layer.variables` shows the tensors, as in TF1; `count_params()` counts variables.",
        {
            "lists.of_derived_weights": {"trainable": _DENSE, "not trainable": []},
            "lists.of_constants": {"not trainable": [], "parameters": 0},
            "lists.of_derived_weights_of_a_layer_frozen_later": {
                "not trainable/0": _DENSE[0],
                "not trainable/1": _DENSE[1],
            },
            "lists.of_one_replaced_weight": {"not trainable": []},
            "lists.training_what_the_layer_calls_trainable": {"": [[[2.0], [2.0]], [2.0]]},
            "batch_norm.under_a_getter_that_wraps_what_is_trained": {
                "trainable": ["m/batch_normalization/gamma:0", "m/batch_normalization/beta:0"],
                "not trainable": _STATISTICS,
            },
        },
    ),
    Departure(
        "Batch normalization in training, under a getter that makes tensors of its statistics "
        "too, fails as in TF1, with an error that says what to return instead.",
        {
            "batch_norm.under_a_getter_that_wraps_everything": {
                "times two, True, [2, 3]": _cannot_be_assigned("times/batch_normalization"),
                "times two, True, [1, 4, 4, 2]": _cannot_be_assigned("times/batch_normalization_1"),
                "identity, True, [2, 3]": _cannot_be_assigned("identity/batch_normalization"),
                "identity, True, [1, 4, 4, 2]": _cannot_be_assigned(
                    "identity/batch_normalization_1"
                ),
            }
        },
    ),
    Departure(
        "Batch normalization in training updates its statistics in the call. In TF1 the updates "
        "were in a collection and ran apart: what a run computed besides, such as the same layer "
        "in inference or a scope's regularizer of the statistics, read the old ones, or either in "
        "a run that also ran the updates. Compute that before the training call where it matters.",
        {
            "batch_norm.evaluation_after_a_training_call_in_one_run": {
                "1/0/0": -0.3162,
                "1/1/0": 2.2132,
            },
            "batch_norm.losses_of_statistics_after_a_training_call": {"3": 1.5, "4": 2.5},
        },
    ),
    Departure(
        "`get_weights` and `set_weights` of a layer with derived weights fail as in TF1, with an "
        "error that names the weights and says what to read and assign instead.",
        {
            "returned.get_and_set_weights": {
                "get": error("AttributeError", "get_weights() of layer 'dense"),
                "set": error("AttributeError", "set_weights() of layer 'dense"),
            }
        },
        modes=(*MODES, REFERENCES),
    ),
    Departure(
        "What cannot be a weight (`None`, a number, a list) is refused as in TF1, with an error "
        "that says what the getter returned and for which weight; TF1 said `cannot create weak "
        "reference to 'NoneType' object`.",
        {
            "returned.none": _returned("None for the weight m/dense/kernel"),
            "returned.a_number": _returned("3.0 for the weight m/dense/kernel"),
            "returned.a_list": _returned("[<tf.Variable 'm/dense/kernel:0'"),
        },
        modes=(*MODES, REFERENCES),
    ),
    Departure(
        "Keras 3 casts a weight of another floating dtype, as it does in all operations. TF1 "
        "refused to multiply the two.",
        {"returned.a_tensor_of_another_dtype": {"layer": [2, 2]}},
        lines=(KERAS_3,),
    ),
    Departure(
        "A weight whose shape or dtype does not fit fails in the layer's computation, eagerly with "
        "TensorFlow 2's `InvalidArgumentError`. In a `tf.function` the type is TF1's.",
        {
            "returned.a_tensor_of_another_shape": {
                "layer": error("InvalidArgumentError", "{{function_node")
            },
            "returned.a_variable_of_another_shape": {
                "layer": error("InvalidArgumentError", "{{function_node")
            },
        },
        modes=(EAGER,),
    ),
    Departure(
        "Keras 2 and `getter_compat.layers` fail so for a dtype that does not fit; TF1's error was "
        "a `TypeError`.",
        {
            "returned.a_tensor_of_another_dtype": {
                "layer": error("InvalidArgumentError", "cannot compute ")
            }
        },
        lines=(KERAS_2, LAYERS),
        modes=(EAGER,),
    ),
    Departure(
        "In a `tf.function` and in a TF1 graph the error of a shape that does not fit names the "
        "node in another way.",
        {
            "returned.a_tensor_of_another_shape": {
                "layer": error(
                    "ValueError", "Dimensions must be equal, but are 3 and 5 for '{{node"
                )
            },
            "returned.a_variable_of_another_shape": {
                "layer": error(
                    "ValueError", "Dimensions must be equal, but are 3 and 1 for '{{node"
                )
            },
        },
        modes=(TRACED, *IN_GRAPHS),
    ),
    Departure(
        "A partitioner reaches the getters, and the true getter refuses it: TensorFlow 2 has no "
        "partitioned variables, but for those of its parameter servers, which are no "
        "`tf.Variable`.",
        {
            "defaults.partitioner": {
                "variable": error(
                    "NotImplementedError", "Variable m/v was asked for with a partitioner, "
                )
            }
        },
    ),
    Departure(
        "A Keras layer has the dtype of its policy, `float32` by default. A layer of `tf.layers` "
        "took that of its input, as those of `getter_compat.layers` do: give the Keras layer a "
        "`dtype` where the input is no `float32`.",
        {"defaults.dtype_of_a_layer_from_its_input": {"": "float32"}},
        lines=(KERAS_3, KERAS_2),
    ),
    Departure(
        "What a Keras layer gives to `add_loss`, and the loss of its `activity_regularizer`, is in "
        "its `losses` and its model's, as in TF1, and in no collection. That of a layer of "
        "`tf.layers` was in both, as that of those of `getter_compat.layers` is.",
        {
            "once.losses_that_layers_add_by_name_scopes": {
                str(asked): 0.0 for asked in (0, 1, 2, 4, 5, 6)
            }
        },
        lines=(KERAS_3, KERAS_2),
        modes=MODES,
    ),
    Departure(
        "The getter sees the shape of a Keras 3 layer's weight as a tuple. In TF1 it was a list "
        "for `Dense`, and a tuple for the other layers.",
        {
            "calling.of_a_dense_layer": {
                "0/values/shape": "tuple (3, 2)",
                "1/values/shape": "tuple (2,)",
            },
            "calling.of_a_dense_layer_without_bias": {"0/1": "tuple (3, 2)"},
        },
        lines=(KERAS_3,),
    ),
    Departure(
        "Keras 3 asks for the statistics of batch normalization as for any variable: the getter "
        "sees no `synchronization` and `aggregation` of their own.",
        {
            "calling.of_batch_normalization": {
                f"{weight}/values/{key}": value
                for weight in (2, 3)
                for key, value in (
                    ("synchronization", "VariableSynchronization.AUTO"),
                    ("aggregation", "VariableAggregation.NONE"),
                )
            },
            "calling.of_batch_normalization_of_images": {
                f"{weight}/{place}": value
                for weight in (2, 3)
                for place, value in (
                    (4, "VariableSynchronization.AUTO"),
                    (5, "VariableAggregation.NONE"),
                )
            },
        },
        lines=(KERAS_3,),
    ),
    Departure(
        "Keras 3 keeps the statistics of a `float16` batch normalization in `float16`; `tf.layers` "
        "kept them in `float32`, as Keras 3 does under the policy `mixed_float16`.",
        {
            "returned.variables_stored_in_another_precision": {
                "variables/5/1": "float16",
                "variables/6/1": "float16",
            }
        },
        lines=(KERAS_3,),
    ),
    Departure(
        "A Keras 2 layer lists the statistics of batch normalization as trainable where a getter "
        "makes them so. TF1's layer, and Keras 3's here, goes by what it asked for.",
        {
            "lists.of_statistics_that_a_getter_trains": {
                "trainable": [
                    "m/batch_normalization/gamma:0",
                    "m/batch_normalization/beta:0",
                    *_STATISTICS,
                ],
                "not trainable": [],
            }
        },
        lines=(KERAS_2,),
    ),
    Departure(
        "In a TF1 graph TensorFlow 2 takes a number as the loss of a variable's regularizer. "
        "Elsewhere it is TF1's error, which asked a loss for its name.",
        {
            "regularizers.that_return_no_tensor": {
                "0/0": "v0:0",
                "0/1": "v1:0",
                "0/2": "v2:0",
                "0/3": "v3:0",
                "0/5": "m/v:0",
            }
        },
        modes=IN_GRAPHS,
    ),
    Departure(
        "In a TF1 graph TensorFlow 2 names the state of a `tf.random.Generator` itself. In a "
        "`ScopedModel` it has TF1's name.",
        {
            "once.random_generators": {
                "variables/0": "net/random_generator/StateVar:0",
                "variables/1": "net/random_generator_1/StateVar:0",
            }
        },
        modes=IN_GRAPHS,
    ),
    Departure(
        "An eager run has no operations: a metric that is called like one beside it has its name. "
        "In a trace it is numbered, as in TF1.",
        {
            "once.metrics_that_are_called_like_operations": {
                "0/0": "total_1/w:0",
                "1/0": "total/total:0",
                "1/1": "total/count:0",
            }
        },
        modes=(EAGER,),
    ),
    Departure(
        "Eagerly, and outside of a `ScopedModel`, TensorFlow 2 does not number operation name "
        "scopes: `original_name_scope` of a scope entered twice is the same.",
        {"naming.the_name_scope_of_a_scope_entered_twice": {"1": "m/"}},
        modes=(EAGER,),
    ),
    Departure(
        "The scope's class has another name, which shows where it is misused.",
        {
            "threads.a_scope_as_a_decorator": {
                "": error("TypeError", "'getter_scope' object is not callable")
            }
        },
        modes=(*MODES, REFERENCES),
    ),
    Departure(
        "In a TF1 graph scopes and variables are TensorFlow 2's own, and so are its errors for "
        "names and for variables without a shape, whose types are TF1's.",
        {
            "reuse.variables_without_a_shape": {
                "none": error("ValueError", "Variable none did not get an initializer, so its ")
            },
            "reuse.arguments_of_a_scope": {
                "blank": error("ValueError", "'a b' is not a valid root scope name. "),
                "underscore": error("ValueError", "'_a' is not a valid root scope name. "),
            },
            "reuse.names_of_a_variable": {
                "a:0": error("ValueError", "'m/a:0' is not a valid root scope name. "),
                "a b": error("ValueError", "'m/a b' is not a valid root scope name. "),
                "root _a": error("ValueError", "'_a' is not a valid root scope name. "),
                "root a b": error("ValueError", "'a b' is not a valid root scope name. "),
            },
        },
        modes=IN_GRAPHS,
    ),
    Departure(
        "In a TF1 graph a variable that is named `''` is not refused.",
        {"reuse.names_of_a_variable": {"root ": ":0"}},
        modes=(GRAPH,),
    ),
    Departure(
        "After `disable_v2_behavior()` it is named after its kind.",
        {"reuse.names_of_a_variable": {"root ": "VariableV2:0"}},
        modes=(REFERENCES,),
    ),
]

# What is not written yet: probe -> the part that it waits for.
NOT_YET: dict[str, str] = {}

# In a TF1 graph a layer of Keras is Keras's own outside of every scope, as where no scope is open
# anywhere; it lists and calls its weights as it does elsewhere. The layers of
# `getter_compat.layers` are TF1's there in everything, and are asked all probes.
NOT_OF_KERAS_IN_GRAPHS = {
    "at the root": (
        "defaults.bias_initializer_that_is_none",
        "idioms.a_layer_after_variables_of_its_names",
        "idioms.towers_at_the_root",
        "naming.a_layer_made_in_a_scope_and_called_outside",
        "naming.a_scope_without_a_name",
        "naming.name_scopes_change_nothing",
        "naming.of_every_kind_of_layer",
        "naming.unnamed_layers_at_the_root",
        "once.layers_and_variables_of_one_name",
        "once.variables_of_layers_called_again",
        "once.variables_of_layers_called_in_another_order",
        "once.variables_of_layers_of_private_classes",
        "once.variables_of_layers_that_are_built_from_the_start",
        "once.variables_of_layers_that_are_kept",
        "once.variables_that_activations_and_cells_make",
        "threads.a_thread_starts_at_the_root",
    ),
    "as where it departs eagerly": (
        "batch_norm.under_a_getter_that_wraps_everything",
        "batch_norm.under_a_getter_that_wraps_what_is_trained",
        "calling.of_a_dense_layer",
        "calling.of_a_dense_layer_without_bias",
        "calling.of_batch_normalization",
        "calling.of_batch_normalization_of_images",
        "calling.of_batch_renormalization",
        "defaults.dtype_of_a_layer_from_its_input",
        "lists.of_constants",
        "lists.of_derived_weights",
        "lists.of_derived_weights_of_a_layer_frozen_later",
        "lists.of_one_replaced_weight",
        "lists.of_statistics_that_a_getter_trains",
        "lists.training_what_the_layer_calls_trainable",
        "returned.a_tensor_of_another_dtype",
        "returned.variables_stored_in_another_precision",
    ),
}

# Asked in graphs only where TensorFlow 2's control flow is off: with it the bodies of loops and
# branches are functions, in which TensorFlow opens no name scopes for what `tf.Variable` makes, and
# out of which it has no losses.
OF_TF1S_CONTROL_FLOW = (
    "functions.a_step_every_other_run",
    "once.averages_of_tensors_in_a_loop_and_after_a_step",
    "once.averages_without_bias_in_a_loop_and_a_branch",
    "once.training_steps_in_branches_and_loops",
    "once.training_steps_in_name_scopes_of_branches_and_loops",
    "once.variables_at_the_root_in_bodies",
    "once.variables_in_bodies",
    "once.variables_in_cases",
    "once.variables_of_layers_that_turns_of_a_loop_make",
    "once.variables_that_cells_make_in_loops",
    "regularizers.of_activities_in_branches_that_are_taken",
)
