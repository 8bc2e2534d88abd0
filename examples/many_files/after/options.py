"""Settings."""

BATCH_NORM = dict(momentum=0.9, epsilon=1e-3)
