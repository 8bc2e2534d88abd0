"""What a difference usually comes from, and what to do about it."""

from __future__ import annotations

from getter_compat.verify.compare import Check

_ADVICE = {
    "how it ends": "One side fails: see its traceback. What the other did until then is compared.",
    "session runs": "off by a step: a loop's bound, a stopping rule or a run that was taken out.",
    "variable names": "names differ: a scope, a layer's name=, the order of layers, or a layer "
    "that is shared on one side only (reuse). Old checkpoints will not load until they agree.",
    "names in checkpoints": "names differ: the saver got another list of variables.",
    "names in summaries": "names differ: a summary's name or scope, or its writer's folder.",
    "shapes": "another number of units, another input, or another type (dtype=).",
    "computed in 16 bits": "wrong default: a type (dtype= of a scope or a layer), a cast that is "
    "lost, or a getter that is not asked.",
    "trainable set": "trainable= differs, on a layer or in a getter.",
    "initial values": "wrong default: another initializer, seed or argument of an optimizer. With "
    "Keras's default, which is Glorot's, where TF1 had another, pass the initializer. One that "
    "decomposes a matrix with NumPy gives other signs with another NumPy: no fault of the rewrite.",
    "outputs in training": "training flag: training= is not passed on, or dropout and batch "
    "normalization take another branch.",
    "outputs": "wrong default: an epsilon, an axis, an activation, a padding, a type, swapped "
    "arguments, or a getter that is not asked. Or training flag: dropout or batch normalization "
    "takes the branch of training here.",
    "gradients": "a stop_gradient, a weight that is frozen as a constant, or another loss.",
    "regularization losses": "a regularizer is lost, or l2 is not halved (TF1's l2_loss is).",
    "variables after": "statistics of batch normalization (momentum, UPDATE_OPS) or the update "
    "itself: if gradients are equal, look for what runs beside them.",
    "variables at the end": "an update is missing, made twice or read before it was made: compare "
    "the last run that is equal with the next.",
    "checkpoint": "a variable is not in it, or is read under another name.",
    "values in": "they were written at another time, or variables differ: see above.",
    "steps of summaries": "off by a step: save_steps= of a hook, the step that a writer is given, "
    "or where the global step is incremented.",
    "fetched values": "begin at the first run that differs. In the first runs: wrong default, "
    "other random draws (a seed=), or training flag. After a few equal ones: the optimizer "
    "(epsilon, schedule), statistics moved too early or not at all, a read before the update.",
}

_NOISE = (
    "noise: the original itself moves by this much when its inputs move by a unit in the last "
    "place, or that could not be measured, so nothing can be said. Compare fewer runs (--runs), or "
    "smaller steps; if it moves without bound, its threads race or it draws random numbers that "
    "cannot be repeated."
)

_RACES = (
    "a race: it was read in the same run that changes it, and nothing orders the two, or follows "
    "from such a read, so that one side alone may give now this, now that. Fetch it in a run of "
    "its own, or order the two by tf.control_dependencies."
)

LOST_ORDER = "nothing orders the two, as something did before"
"""What a problem says of a value that the migrated side alone reads in no order with its update."""

_READS = (
    "reads before the update: a variable of TF1 is a reference, and shows what the same run makes "
    "of it; a resource variable is read once, before or after. Call "
    "tf.compat.v1.disable_v2_behavior() before the graph is made, fetch it in a run of its own, or "
    "order the two by tf.control_dependencies."
)


_NO_SESSION = (
    "the migrated program runs no session. Keras trained in sessions in TF1, and does not now: "
    "compare the functions that build its models, one by one, or what it prints."
)


def advice(check: Check) -> str:
    """Say in a sentence what a check that is not equal usually comes from; empty if equal."""
    if check.ok:
        return ""
    if not check.told:
        return _RACES if check.races else _NOISE
    if any(LOST_ORDER in problem for problem in check.problems[:1]):
        return _READS
    if check.what == "session runs" and check.right == "0 runs":
        return _NO_SESSION
    # The longest beginning: "outputs in training" before "outputs".
    known = [what for what in _ADVICE if check.what.startswith(what)]
    return _ADVICE[max(known, key=len)] if known else ""
