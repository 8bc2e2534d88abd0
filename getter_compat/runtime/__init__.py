"""The machinery behind the public names: scopes, stores, derived weights, and the two Keras lines.

Data flows one way: adapter -> store (or graph) -> getters -> scopes.

Importing any of it makes Keras ask the stores. Nothing is intercepted before that.
"""

from getter_compat import versions

versions.refuse_unsupported()
try:
    from getter_compat.runtime import adapters
    from getter_compat.runtime import graph as graph  # which scopes ask from then on
except AttributeError as error:  # Python would say only that the name cannot be imported
    raise ImportError(f"getter_compat does not work with this TensorFlow: {error}") from error
adapters.install()
