"""The probes, one file for each part of TF1's behaviour."""

from ..probing import PROBES
from . import (  # noqa: F401 - importing them registers their probes
    batch_norm,
    calling,
    composition,
    contrib,
    decoding,
    defaults,
    functions,
    getters,
    graphs,
    idioms,
    lists,
    live,
    models,
    naming,
    once,
    recurrent,
    refused,
    regularizers,
    returned,
    reuse,
    sequences,
    template,
    tensorflows_scopes,
    threads,
    unrolled,
    weights,
)

__all__ = ["PROBES"]
