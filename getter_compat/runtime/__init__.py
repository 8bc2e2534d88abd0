"""The machinery behind the public names: scopes, stores, derived weights, and the two Keras lines.

Data flows one way: adapter -> store (or graph) -> getters -> scopes.
"""
