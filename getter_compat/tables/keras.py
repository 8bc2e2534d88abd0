"""The modules of standalone Keras 2 and of TensorFlow's copies, and where `tf.keras` has them.

Keras 2 published a name in the module that defined it, too: `keras.layers.core.Dense`.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ROOTS = (
    "keras",
    "tensorflow.python.keras",
    "tensorflow.contrib.keras",
    "tensorflow.contrib.keras.api.keras",
    "tensorflow.contrib.keras.python.keras",
)
"""What stood for Keras beside `tf.keras`."""

MODULES: Mapping[str, str] = MappingProxyType(
    {
        **{
            f"layers.{module}": "layers"
            for module in (
                "advanced_activations",
                "convolutional",
                "convolutional_recurrent",
                "core",
                "cudnn_recurrent",
                "embeddings",
                "local",
                "merge",
                "noise",
                "normalization",
                "pooling",
                "recurrent",
                "wrappers",
            )
        },
        **{f"utils.{module}": "utils" for module in ("data_utils", "np_utils", "vis_utils")},
        "engine.Input": "Input",
        "engine.InputLayer": "layers.InputLayer",
        "engine.InputSpec": "layers.InputSpec",
        "engine.Layer": "layers.Layer",
        "engine.Model": "Model",
        "engine.base_layer.InputSpec": "layers.InputSpec",
        "engine.base_layer.Layer": "layers.Layer",
        "engine.input_layer.Input": "Input",
        "engine.input_layer.InputLayer": "layers.InputLayer",
        "engine.input_spec.InputSpec": "layers.InputSpec",
        "engine.sequential.Sequential": "Sequential",
        "engine.topology.Input": "Input",
        "engine.topology.InputLayer": "layers.InputLayer",
        "engine.topology.InputSpec": "layers.InputSpec",
        "engine.topology.Layer": "layers.Layer",
        "engine.training.Model": "Model",
        "initializers.normal": "initializers.RandomNormal",
        "initializers.uniform": "initializers.RandomUniform",
        "objectives": "losses",
        "utils.generic_utils.CustomObjectScope": "utils.CustomObjectScope",
        "utils.generic_utils.Progbar": "utils.Progbar",
        "utils.generic_utils.custom_object_scope": "utils.custom_object_scope",
        "utils.generic_utils.deserialize_keras_object": "utils.deserialize_keras_object",
        "utils.generic_utils.get_custom_objects": "utils.get_custom_objects",
        "utils.generic_utils.serialize_keras_object": "utils.serialize_keras_object",
        "layers.normalization.batch_normalization.BatchNormalization": "layers.BatchNormalization",
        "layers.normalization.layer_normalization.LayerNormalization": "layers.LayerNormalization",
    }
)
"""Below one of the roots, and below `tensorflow.keras`."""

GONE: Mapping[str, str] = MappingProxyType(
    {
        "engine": "it was private to Keras 2",
        "estimator": "train with fit()",
        "layers.AbstractRNNCell": "write the cell as a tf.keras.layers.Layer",
        "layers.ConvRNN2D": "it was private to Keras 2",
        "layers.CuDNNGRU": "tf.keras.layers.GRU uses cuDNN, with another bias",
        "layers.CuDNNLSTM": "tf.keras.layers.LSTM uses cuDNN, with another bias",
        "layers.DenseFeatures": "Keras 3 has no feature columns: see tf.keras.utils.FeatureSpace",
        "layers.LocallyConnected1D": "Keras 3 has no locally connected layers",
        "layers.LocallyConnected2D": "Keras 3 has no locally connected layers",
        "legacy.interfaces": "it was private to Keras 2",
        "legacy.layers": "it was private to Keras 2",
        "utils.HDF5Matrix": "read the file with h5py",
        "utils.GeneratorEnqueuer": "write a tf.keras.utils.PyDataset",
        "utils.OrderedEnqueuer": "write a tf.keras.utils.PyDataset",
        "utils.SequenceEnqueuer": "write a tf.keras.utils.PyDataset",
        "utils.conv_utils": "it was private to Keras 2",
        "utils.convert_all_kernels_in_model": "it was for Theano's kernels",
        "utils.generic_utils": "it was private to Keras 2",
        "utils.io_utils": "it was private to Keras 2",
        "utils.layer_utils": "it was private to Keras 2",
        "utils.multi_gpu_model": "use tf.distribute.MirroredStrategy",
        "utils.tf_utils": "it was private to Keras 2",
        "wrappers.scikit_learn": "use the scikeras package",
    }
)
"""What Keras 3 does not have, and what there is instead."""

BACKEND_GONE: Mapping[str, str] = MappingProxyType(
    {
        "function": "call tf.keras.Model(inputs, outputs), in a tf.function",
        "get_session": "there is no session",
        "in_test_phase": "take `training` as an argument of call()",
        "in_train_phase": "take `training` as an argument of call()",
        "is_tensor": "write tf.is_tensor()",
        "learning_phase": "take `training` as an argument of call()",
        "learning_phase_scope": "take `training` as an argument of call()",
        "local_conv1d": "Keras 3 has no locally connected layers",
        "local_conv2d": "Keras 3 has no locally connected layers",
        "manual_variable_initialization": "variables are initialized when they are made",
        "moving_average_update": "Keras 2 removed the bias towards zero, Keras 3 does not",
        "normalize_batch_in_training": "write tf.nn.moments() and tf.nn.batch_normalization()",
        "placeholder": "write tf.keras.Input()",
        "print_tensor": "write tf.print()",
        "random_binomial": "write tf.keras.backend.random_bernoulli()",
        "reset_uids": "write tf.keras.backend.clear_session()",
        "set_learning_phase": "take `training` as an argument of call()",
        "set_session": "there is no session",
        "symbolic_learning_phase": "take `training` as an argument of call()",
    }
)
"""What `tf.keras.backend` does not have any more, or not with the same result."""

BACKEND_GONE_IN_SESSIONS: Mapping[str, str] = MappingProxyType(
    {
        "function": "call tf.keras.Model(inputs, outputs) with a placeholder, and run that in the "
        "session, or set TF_USE_LEGACY_KERAS=1",
        "get_session": "take the session that the program has, or set TF_USE_LEGACY_KERAS=1 and "
        "write tf.compat.v1.keras.backend.get_session()",
        "set_session": "Keras 3 runs nothing in a session by itself: set TF_USE_LEGACY_KERAS=1 and "
        "write tf.compat.v1.keras.backend.set_session()",
    }
)
"""The same, for programs with sessions."""

NEEDS_TENSOR = ("dtype", "mean", "stack", "std", "var")
"""What `tf.keras.backend` does with tensors only: it asks for a dtype with members."""
