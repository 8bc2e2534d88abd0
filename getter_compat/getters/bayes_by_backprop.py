"""`bayes_by_backprop`: each weight is a sample of a Gaussian whose parameters are learnt."""

from __future__ import annotations

import math
import re
from typing import Any

import tensorflow as tf

from getter_compat.getters.kinds import makes_a_getter
from getter_compat.typing import NextGetter, TensorLike


class BayesByBackprop:
    """A getter that samples weights, and knows the distributions that it samples from.

    Attributes:
        posteriors: Of each weight asked for, by full name, the two variables of its distribution:
            the mean, and what the standard deviation is the softplus of.
    """

    def __init__(self, only: str, stddev: float, is_sampling: bool) -> None:
        if stddev <= 0:
            raise ValueError(f"stddev must be greater than 0, not {stddev}.")
        self.posteriors: dict[str, tuple[TensorLike, TensorLike]] = {}
        self._only = only
        self._initial_scale = math.log(math.expm1(stddev))  # whose softplus is `stddev`
        self._is_sampling = is_sampling

    def __call__(self, getter: NextGetter, name: str, *args: Any, **kwargs: Any) -> TensorLike:
        """Give a sample of the weight, or its mean."""
        if not re.search(self._only, name):
            return getter(name, *args, **kwargs)
        loc = getter(f"{name}/posterior_loc", *args, **kwargs)
        scale = getter(
            f"{name}/posterior_scale",
            shape=loc.shape,
            dtype=loc.dtype.base_dtype,
            initializer=tf.constant_initializer(self._initial_scale),
        )
        self.posteriors[name] = loc, scale
        if not self._is_sampling:
            return loc
        return loc + tf.nn.softplus(scale) * tf.random.normal(
            tf.shape(loc), dtype=loc.dtype.base_dtype
        )

    def divergence(self, stddev: float = 1.0) -> tf.Tensor:
        """The Kullback-Leibler divergence of the weights' distributions from a prior.

        Args:
            stddev: The standard deviation of the prior, a Gaussian around zero.

        Returns:
            A scalar in nats, the sum over all weights: add it to the loss, over the number of
            examples in the training set.

        Raises:
            ValueError: If no weight was asked for yet.
        """
        if not self.posteriors:
            raise ValueError(
                "divergence: no weight was asked of this getter yet. Call the model first."
            )
        return tf.add_n([_divergence(*q, stddev) for q in self.posteriors.values()])


@makes_a_getter
def bayes_by_backprop(
    only: str = "", stddev: float = 0.05, is_sampling: bool = True
) -> BayesByBackprop:
    """Draw each weight from a Gaussian of its own, whose mean and deviation are variables.

    Blundell et al., "Weight Uncertainty in Neural Networks", arXiv:1505.05424; the names of the
    variables, `NAME/posterior_loc` and `NAME/posterior_scale`, are those that Sonnet 1 gave them.

    Args:
        only: A regular expression; the weights whose full names it is found in, by default all.
        stddev: The standard deviation that the weights begin with.
        is_sampling: Whether to draw; otherwise the weights are their means.

    Returns:
        The getter; its `divergence()` is the other half of the loss. A layer that is called twice
        draws twice; within one call all uses share a sample.

    Examples:
        >>> import tensorflow as tf
        >>> from getter_compat import VariableStore, getter_scope, getters, layers
        >>> bayes = getters.bayes_by_backprop(stddev=0.1)
        >>> with VariableStore().as_default() as store:
        ...     with getter_scope("net", custom_getter=bayes):
        ...         y = layers.dense(tf.ones([1, 3]), 2, use_bias=False, name="out")
        >>> print(*store.variables)
        net/out/kernel/posterior_loc net/out/kernel/posterior_scale
        >>> bool(bayes.divergence() > 0)
        True
    """
    return BayesByBackprop(only, stddev, is_sampling)


def _divergence(loc: TensorLike, scale: TensorLike, stddev: float) -> tf.Tensor:
    ratio = tf.square(tf.nn.softplus(scale) / stddev)
    return 0.5 * tf.reduce_sum(ratio + tf.square(loc / stddev) - 1.0 - tf.math.log(ratio))
