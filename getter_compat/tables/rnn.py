"""Recurrent cells, the functions that run them over time, and where TF1 code imported them from."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_CELLS = (
    "BasicLSTMCell BasicRNNCell DeviceWrapper DropoutWrapper GRUCell LSTMCell LSTMStateTuple "
    "LayerRNNCell MultiRNNCell RNNCell ResidualWrapper"
)
_FUNCTIONS = (
    "bidirectional_dynamic_rnn dynamic_rnn raw_rnn static_bidirectional_rnn static_rnn "
    "static_state_saving_rnn"
)
_PROJECTIONS = "EmbeddingWrapper InputProjectionWrapper OutputProjectionWrapper"
_BLOCK_LSTM = "LSTMBlockCell LSTMBlockFusedCell"
_BLOCK_GRU = "GRUBlockCell GRUBlockCellV2"
_STACKED = "stack_bidirectional_dynamic_rnn stack_bidirectional_rnn"
_OF_CONTRIB = (
    "AttentionCellWrapper Conv1DLSTMCell Conv2DLSTMCell Conv3DLSTMCell ConvLSTMCell HighwayWrapper "
    "LayerNormBasicLSTMCell"
)
_CRF = (
    "crf_binary_score crf_decode crf_log_likelihood crf_log_norm crf_multitag_sequence_score "
    "crf_sequence_score crf_unary_score viterbi_decode"
)

_CUDNN_CELLS = "CudnnCompatibleGRUCell CudnnCompatibleLSTMCell"
_CUDNN_LAYERS = "CudnnGRU CudnnLSTM CudnnRNNRelu CudnnRNNTanh"
_ATTENTION = (
    "AttentionMechanism AttentionWrapper AttentionWrapperState BahdanauAttention "
    "BahdanauMonotonicAttention LuongAttention LuongMonotonicAttention hardmax "
    "monotonic_attention safe_cumprod"
)
_BASIC_DECODER = "BasicDecoder BasicDecoderOutput"
_BEAMS = (
    "BeamSearchDecoder BeamSearchDecoderOutput BeamSearchDecoderState "
    "FinalBeamSearchDecoderOutput tile_batch"
)
_DECODER = "Decoder dynamic_decode"
_HELPERS = (
    "CustomHelper GreedyEmbeddingHelper Helper InferenceHelper SampleEmbeddingHelper "
    "ScheduledEmbeddingTrainingHelper ScheduledOutputTrainingHelper TrainingHelper"
)
_LISTS = (
    "attention_decoder basic_rnn_seq2seq embedding_attention_decoder embedding_attention_seq2seq "
    "embedding_rnn_decoder embedding_rnn_seq2seq model_with_buckets rnn_decoder sequence_loss "
    "sequence_loss_by_example tied_rnn_seq2seq"
)

_CELL, _NN = "getter_compat.nn.rnn_cell", "getter_compat.nn"
_RNN, _CRFS = "getter_compat.contrib.rnn", "getter_compat.contrib.crf"
_SEQ2SEQ = "getter_compat.contrib.seq2seq"
_LEGACY = "getter_compat.contrib.legacy_seq2seq"
_CUDNN = "getter_compat.contrib.cudnn_rnn"

# By the module that they were imported from: where they are now, and which they are.
_PLACES = {
    "nn.rnn_cell": (_CELL, _CELLS),
    "nn": (_NN, _FUNCTIONS),
    "contrib.legacy_seq2seq": (_LEGACY, _LISTS),
    "contrib.legacy_seq2seq.python.ops.seq2seq": (_LEGACY, _LISTS),
    "contrib.rnn": (
        _RNN,
        f"{_CELLS} {_PROJECTIONS} {_BLOCK_LSTM} {_BLOCK_GRU} {_STACKED} {_OF_CONTRIB} "
        "static_bidirectional_rnn static_rnn static_state_saving_rnn transpose_batch_time",
    ),
    "contrib.rnn.python.ops.core_rnn": (_RNN, "static_bidirectional_rnn static_rnn"),
    "contrib.rnn.python.ops.core_rnn_cell": (_RNN, f"{_CELLS} {_PROJECTIONS}"),
    "contrib.rnn.python.ops.core_rnn_cell_impl": (_RNN, f"{_CELLS} {_PROJECTIONS}"),
    "contrib.rnn.python.ops.gru_ops": (_RNN, _BLOCK_GRU),
    "contrib.rnn.python.ops.lstm_ops": (_RNN, _BLOCK_LSTM),
    "contrib.rnn.python.ops.rnn": (_RNN, _STACKED),
    "contrib.rnn.python.ops.rnn_cell": (_RNN, _OF_CONTRIB),
    "contrib.crf": (_CRFS, _CRF),
    "contrib.crf.python.ops.crf": (_CRFS, _CRF),
    "contrib.cudnn_rnn": (_CUDNN, f"{_CUDNN_CELLS} {_CUDNN_LAYERS}"),
    "contrib.cudnn_rnn.python.layers.cudnn_rnn": (_CUDNN, _CUDNN_LAYERS),
    "contrib.cudnn_rnn.python.ops.cudnn_rnn_ops": (_CUDNN, _CUDNN_CELLS),
    "contrib.seq2seq": (
        _SEQ2SEQ,
        f"{_ATTENTION} {_BASIC_DECODER} {_BEAMS} {_DECODER} {_HELPERS} gather_tree sequence_loss",
    ),
    "contrib.seq2seq.python.ops.attention_wrapper": (_SEQ2SEQ, _ATTENTION),
    "contrib.seq2seq.python.ops.basic_decoder": (_SEQ2SEQ, _BASIC_DECODER),
    "contrib.seq2seq.python.ops.beam_search_decoder": (
        _SEQ2SEQ,
        f"{_BEAMS} gather_tree_from_array",
    ),
    "contrib.seq2seq.python.ops.beam_search_ops": (_SEQ2SEQ, "gather_tree"),
    "contrib.seq2seq.python.ops.decoder": (_SEQ2SEQ, _DECODER),
    "contrib.seq2seq.python.ops.helper": (_SEQ2SEQ, _HELPERS),
    "contrib.seq2seq.python.ops.loss": (_SEQ2SEQ, "sequence_loss"),
    "python.ops.rnn": (_NN, _FUNCTIONS),
    "python.ops.rnn_cell": (_CELL, _CELLS),
    "python.ops.rnn_cell_impl": (_CELL, _CELLS),
    # Before TensorFlow 1.0.
    "models.rnn.rnn_cell": (_CELL, _CELLS),
    "models.rnn.seq2seq": (_LEGACY, _LISTS),
    "nn.seq2seq": (_LEGACY, _LISTS),
}
# Cells that contrib has had since TensorFlow 1.0, with `linear`; and where they stood before.
_MOVED_CELLS = (*_PROJECTIONS.split(), "linear", "_linear")
_OLD_PLACES = (
    "models.rnn.rnn_cell",
    "nn.rnn_cell",
    "python.ops.rnn_cell",
    "python.ops.rnn_cell_impl",
)
_OTHER_NAMES = {
    "nn.rnn_cell": _CELL,  # the whole module: nothing of it is missing
    "contrib.rnn.python.ops.core_rnn_cell._linear": f"{_RNN}.linear",
    "contrib.rnn.python.ops.core_rnn_cell_impl._linear": f"{_RNN}.linear",
    "contrib.seq2seq.python.ops.attention_wrapper._BaseAttentionMechanism": (
        f"{_SEQ2SEQ}.BaseAttentionMechanism"
    ),
    "models.rnn.rnn.rnn": f"{_NN}.static_rnn",
    "models.rnn.rnn.bidirectional_rnn": f"{_NN}.static_bidirectional_rnn",
    "nn.bidirectional_rnn": f"{_NN}.static_bidirectional_rnn",
    "nn.rnn": f"{_NN}.static_rnn",
    "nn.state_saving_rnn": f"{_NN}.static_state_saving_rnn",
    # As they were called before TensorFlow 1.8 or so, and derived from.
    "contrib.rnn.python.ops.core_rnn_cell_impl._RNNCell": f"{_RNN}.RNNCell",
    "contrib.rnn.python.ops.rnn_cell._linear": f"{_RNN}.linear",
    "python.ops.rnn_cell_impl._LayerRNNCell": f"{_CELL}.LayerRNNCell",
    "python.ops.rnn_cell_impl._RNNCell": f"{_CELL}.RNNCell",
}

SUCCESSORS: Mapping[str, str] = MappingProxyType(
    {
        f"tensorflow.{module}.{name}": f"{new}.{name}"
        for module, (new, names) in _PLACES.items()
        for name in names.split()
    }
    | {
        f"tensorflow.{module}.{name}": f"{_RNN}.{name.removeprefix('_')}"
        for module in _OLD_PLACES
        for name in _MOVED_CELLS
    }
    | {f"tensorflow.{name}": new for name, new in _OTHER_NAMES.items()}
)
"""What `getter_compat` has of them, with the same arguments."""

MODULES: Mapping[str, str] = MappingProxyType(
    {
        f"tensorflow.{module}": new
        for module, (new, _) in _PLACES.items()
        if module not in ("nn", "python.ops.rnn")
    }
)
"""The modules that they are in, but for those in which much else is."""
