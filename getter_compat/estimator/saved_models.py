"""Writing a SavedModel: under a name of its own first, so that a server sees a whole one."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping

import tensorflow as tf
from tensorflow.python.saved_model.model_utils import export_utils

from getter_compat.estimator.export import Receiver
from getter_compat.estimator.spec import EstimatorSpec

v1 = tf.compat.v1


class Writer:
    """A SavedModel that is being written.

    Args:
        base: The folder that it will be in, named by the time in seconds.
        strip_default_attrs: Whether to leave out attributes that have their default values.
    """

    def __init__(self, base: str | os.PathLike[str], strip_default_attrs: bool) -> None:
        self._path = _named_by_time(os.fspath(base))
        folder, name = os.path.split(self._path)
        self._temporary = os.path.join(folder, f"temp-{name}")
        self._strip_default_attrs = strip_default_attrs
        self._builder = v1.saved_model.Builder(self._temporary)

    def add(
        self,
        spec: EstimatorSpec,
        receiver: Receiver,
        checkpoint: str,
        config: tf.compat.v1.ConfigProto | None,
    ) -> None:
        """Add the graph that is the default one, to be served on a checkpoint's variables."""
        outputs = export_utils.get_export_outputs(spec.export_outputs, spec.predictions)
        signatures = export_utils.build_all_signature_defs(
            receiver.receiver_tensors, outputs, receiver.receiver_tensors_alternatives
        )
        local_init_op = spec.scaffold.local_init_op or v1.train.Scaffold.default_local_init_op()
        saver = spec.scaffold.saver or v1.train.Saver(sharded=True)
        with v1.Session(config=config) as session:
            _restore(saver, session, checkpoint)
            self._builder.add_meta_graph_and_variables(
                session,
                tags=[tf.saved_model.SERVING],
                signature_def_map=signatures,
                assets_collection=v1.get_collection(v1.GraphKeys.ASSET_FILEPATHS),
                main_op=local_init_op,
                saver=saver,
                strip_default_attrs=self._strip_default_attrs,
            )

    def write(self, as_text: bool, assets_extra: Mapping[str, str]) -> bytes:
        """Write it, and return its path."""
        self._builder.save(as_text)
        for target, source in assets_extra.items():
            path = os.path.join(self._temporary, "assets.extra", target)
            tf.io.gfile.makedirs(os.path.dirname(path))
            tf.io.gfile.copy(source, path)
        tf.io.gfile.rename(self._temporary, self._path)
        return self._path.encode()


def _restore(
    saver: tf.compat.v1.train.Saver, session: tf.compat.v1.Session, checkpoint: str
) -> None:
    try:
        saver.restore(session, checkpoint)
    except tf.errors.NotFoundError as error:
        raise ValueError(
            "Could not load all requested variables from checkpoint. Please make sure your "
            "model_fn does not expect variables that were not saved in the checkpoint.\n\n"
            f"Encountered error while restoring checkpoint from: `{checkpoint}`: {error}"
        ) from error


def _named_by_time(base: str) -> str:
    """A folder that is not there yet, later than those that are."""
    for _ in range(10):
        path = os.path.join(base, str(int(time.time())))
        if not tf.io.gfile.exists(path):
            return path
        time.sleep(1)
    raise RuntimeError(f"Failed to obtain a unique export directory name below {base}.")
