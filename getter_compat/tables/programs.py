"""What tells of a program that it runs a graph, and what stands in the way of that.

Names stand without their leading `tensorflow.` or `tensorflow.compat.v1.`.
"""

# ruff: noqa: SIM905

from __future__ import annotations

# What opens a session, is fed to one or feeds one, or fails without a graph.
RUN_GRAPHS = frozenset(
    """
    InteractiveSession Session contrib.slim.evaluation.evaluate_once
    contrib.slim.evaluation.evaluation_loop contrib.slim.learning.train
    contrib.summary.initialize contrib.training.evaluate_once
    contrib.training.evaluate_repeatedly contrib.training.train
    data.make_initializable_iterator get_default_session
    global_variables_initializer gradients hessians initialize_all_variables
    initialize_local_variables keras.backend.get_session keras.backend.set_session
    local_variables_initializer placeholder ragged.placeholder saved_model.Builder
    saved_model.builder.SavedModelBuilder saved_model.simple_save sparse.placeholder
    sparse_placeholder summary.FileWriter tables_initializer train.MonitoredSession
    train.MonitoredTrainingSession
    train.Scaffold train.SingularMonitoredSession train.Supervisor train.batch train.batch_join
    train.import_meta_graph train.input_producer train.queue_runner.start_queue_runners
    train.range_input_producer train.shuffle_batch train.shuffle_batch_join
    train.slice_input_producer train.start_queue_runners train.string_input_producer
    variables_initializer tf_slim.evaluation.evaluate_once tf_slim.evaluation.evaluation_loop
    tf_slim.learning.train
    """.split()
)
# What has no use without a graph, beside what `tables/support.py` measured. A program that does
# such a thing, and none of the above, counts or lists what it builds, or writes it down.
BUILD_GRAPHS = frozenset(
    """
    add_to_collection add_to_collections losses.get_losses losses.get_regularization_loss
    losses.get_regularization_losses moving_average_variables train.write_graph
    """.split()
)
# Functions that make layers in it, which are TensorFlow 1's alone.
LAYERS_OF_GRAPHS = ("layers.", "contrib.layers.", "contrib.slim.")

# What runs in a graph of its own, which an estimator makes: of whatever module these are.
OF_ESTIMATORS = frozenset(
    """
    DNNClassifier DNNEstimator DNNLinearCombinedClassifier DNNLinearCombinedRegressor DNNRegressor
    Estimator EstimatorSpec Experiment LinearClassifier LinearEstimator LinearRegressor ModelFnOps
    TPUEstimator TPUEstimatorSpec train_and_evaluate
    """.split()
)
# The same, of objects that a text has no name for.
GRAPH_METHODS = frozenset({"cached_session", "make_initializable_iterator", "test_session"})

# What TensorFlow 2 does otherwise in whatever graph. It meets a variable as TensorFlow 1 made it:
# its name is that of its value, it can be frozen, and a run that updates it reads what it becomes.
# Or it is control flow, of which results, names and variables are TensorFlow 1's only with its own.
NEED_V1 = frozenset(
    """
    assign assign_add assign_sub case cond graph_util.convert_variables_to_constants
    train.create_global_step
    train.export_meta_graph train.get_global_step train.get_or_create_global_step
    train.import_meta_graph while_loop
    """.split()
)

# What turns TensorFlow 1's graph on, and what turned it off.
SWITCHES = frozenset({"disable_eager_execution", "disable_v2_behavior"})
TURN_EAGER = frozenset({"enable_eager_execution", "enable_v2_behavior"})

# What programs without sessions do, and those with sessions hardly ever.
EAGER = frozenset({"GradientTape", "function"})

# Keras 3 layers that do not run after `disable_v2_behavior()`, and do after
# `disable_eager_execution()`: the recurrent ones need TensorFlow 2's control flow, the transposed
# ones shapes that hold no `Dimension`. Every other layer runs after either; so do all of Keras 2.
NEED_V2 = frozenset(
    """
    Bidirectional Conv1DTranspose Conv2DTranspose Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D
    Convolution1DTranspose Convolution2DTranspose Convolution3DTranspose GRU LSTM RNN SimpleRNN
    """.split()
)

# Decorators that call nothing by themselves; any other may keep what it is given, and call it.
CALL_NOTHING = frozenset(
    """
    RegisterGradient abstractmethod add_arg_scope cached_property classmethod configurable
    contextmanager custom_gradient defun deprecated fixture function jit lru_cache njit overload
    parametrize property register staticmethod tf_contextlib tf_export wraps
    """.split()
)
# What finds something to call that the text does not name.
CALL_UNSEEN = frozenset({"eval", "exec", "globals", "locals", "vars"})

# What makes no operation and no variable, although it is a function, or lies in such a module.
MAKE_NOTHING = frozenset(
    """
    Dimension TensorShape app as_dtype compat.as_bytes compat.as_str compat.as_str_any
    compat.as_text contrib.training.HParams disable_eager_execution disable_v2_behavior
    enable_eager_execution enable_v2_behavior errors estimator flags get_static_value gfile
    initializers io.gfile keras.initializers python
    keras.backend.image_data_format keras.backend.set_floatx keras.backend.set_image_data_format
    keras.utils load_op_library logging no_gradient python_io register_tensor_conversion_function
    sysconfig test tools
    """.split()
)
# Classes that make some as soon as there is an object of them.
MAKE_SOMETHING = frozenset({"InteractiveSession", "Model", "Sequential", "Session", "Variable"})

# What makes an operation of another name below TensorFlow 2's name than below TensorFlow 1's, and
# which of TensorFlow 1's operations are called otherwise then: casts are counted.
NAMED_OTHERWISE = {
    "multinomial": frozenset({"multinomial"}),
    "nn.avg_pool": frozenset({"AvgPool"}),
    "nn.max_pool": frozenset({"MaxPool"}),
    "to_bfloat16": frozenset({"Cast", "ToBFloat16"}),
    "to_complex128": frozenset({"Cast", "ToComplex128"}),
    "to_complex64": frozenset({"Cast", "ToComplex64"}),
    "to_double": frozenset({"Cast", "ToDouble"}),
    "to_float": frozenset({"Cast", "ToFloat"}),
    "to_int32": frozenset({"Cast", "ToInt32"}),
    "to_int64": frozenset({"Cast", "ToInt64"}),
}
# The same of TensorFlow 1's `softmax_cross_entropy_with_logits`, whose name is that of another
# function in TensorFlow 2: which of them a call is of is for its rule to say.
CROSS_ENTROPY = frozenset(
    {"softmax_cross_entropy_with_logits", "softmax_cross_entropy_with_logits_sg"}
)

GRAPH_KEYS = frozenset(
    """
    ACTIVATIONS ASSET_FILEPATHS BIASES CONCATENATED_VARIABLES COND_CONTEXT EVAL_STEP GLOBAL_STEP
    GLOBAL_VARIABLES INIT_OP LOCAL_INIT_OP LOCAL_RESOURCES LOCAL_VARIABLES LOSSES METRIC_VARIABLES
    MODEL_VARIABLES MOVING_AVERAGE_VARIABLES QUEUE_RUNNERS READY_FOR_LOCAL_INIT_OP READY_OP
    REGULARIZATION_LOSSES RESOURCES SAVEABLE_OBJECTS SAVERS SUMMARIES SUMMARY_OP TABLE_INITIALIZERS
    TRAINABLE_RESOURCE_VARIABLES TRAINABLE_VARIABLES TRAIN_OP UPDATE_OPS VARIABLES WEIGHTS
    WHILE_CONTEXT
    """.split()
)
"""What TensorFlow 1.15.5 has in `tf.GraphKeys`."""
