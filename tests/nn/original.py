"""What TensorFlow 1.15.5 computes with every cell, and the checkpoint that it writes.

python -m nn.original DIRECTORY [CHECKPOINT]

Given a checkpoint, it is read, and no other is written.
"""

import json
import os
import sys
import warnings

os.environ["CUDA_VISIBLE_DEVICES"] = "-1"
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
warnings.filterwarnings("ignore")

import tensorflow as tf  # noqa: E402
from tensorflow.contrib import cudnn_rnn, rnn, seq2seq  # noqa: E402

from .networks import networks, value  # noqa: E402


def record(directory, checkpoint=None):
    """Compute the outputs of all networks, with values of their own or those of a checkpoint."""
    runs = networks(
        tf, tf.nn.rnn_cell, rnn, cudnn_rnn, seq2seq, tf.variable_scope, tf.nn.dynamic_rnn
    )
    outputs = {name: run() for name, run in runs.items()}
    saver = tf.train.Saver()
    with tf.Session() as session:
        if checkpoint:
            saver.restore(session, checkpoint)
        else:
            for place, variable in enumerate(tf.global_variables()):
                variable.load(value(place, variable.shape.as_list()), session)
            saver.save(session, os.path.join(directory, "cells"), write_meta_graph=False)
            os.remove(os.path.join(directory, "checkpoint"))
        values = {name: v.tolist() for name, v in session.run(outputs).items()}
    with open(os.path.join(directory, "outputs.json"), "w") as file:
        json.dump(values, file, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    tf.logging.set_verbosity(tf.logging.ERROR)
    record(*sys.argv[1:])
