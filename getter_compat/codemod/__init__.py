"""The codemod: TensorFlow 1 source in, TensorFlow 2 source and findings out.

Data flows one way: files -> names -> rules -> output. The centre is
`getter_compat.codemod.rewrite.rewrite`, a pure function of a source text. Nothing here imports
TensorFlow or NumPy, and no code of the target is ever imported or run.
"""
