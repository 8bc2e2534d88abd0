"""What holds for any program: generated ones here, those of the TF1 years in check_corpus.py."""

from __future__ import annotations

import ast
import re

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from getter_compat.codemod.analysis.names import Names
from getter_compat.codemod.findings import RewriteError
from getter_compat.codemod.rewrite import rewrite

IMPORTS = st.sampled_from(
    [
        ("import tensorflow as tf", "tf"),
        ("import tensorflow.compat.v1 as tf", "tf"),
        ("import tensorflow", "tensorflow"),
        ("import numpy as np\nimport tensorflow as flow", "flow"),
        ('"""Doc."""\nfrom __future__ import division\nimport os, tensorflow as tf', "tf"),
        ("try:\n    import tensorflow.compat.v1 as tf\nexcept ImportError:\n    tf = None", "tf"),
        ("import tensorflow as real\ntf = real.compat.v1", "tf"),
    ]
)

# `{tf}` is TensorFlow's name; what stands in parentheses after a name is TF1's way to call it.
CALLS = (
    "{tf}.variable_scope('a', reuse={tf}.AUTO_REUSE)",
    "{tf}.get_variable('w', [2], initializer={x})",
    "{tf}.layers.dense({x}, 3, name='a/b')",
    "{tf}.layers.Dense(3, activation={tf}.nn.relu)({x})",
    "{tf}.layers.BatchNormalization()({x}, training=True)",
    "{tf}.get_collection({tf}.GraphKeys.TRAINABLE_VARIABLES, scope={x})",
    "{tf}.get_collection({x})",
    "{tf}.losses.get_regularization_loss()",
    "{tf}.placeholder({tf}.float32, [None, 3])",
    "{tf}.reduce_sum({x}, 1, keep_dims=True)",
    "{tf}.argmax({x}, dimension=(1), name='n')",
    "{tf}.nn.dropout({x}, keep_prob=p + 1)",
    "{tf}.to_float(({x}))",
    "{tf}.contrib.layers.l2_regularizer(scale={x})",
    "{tf}.contrib.layers.xavier_initializer()",
    "{tf}.truncated_normal_initializer(stddev=0.1)",
    "{tf}.name_scope(None, 'd', [{x}])",
    "{tf}.nn.softmax_cross_entropy_with_logits(labels={x}, logits=z)",
    "{tf}.while_loop(lambda a, b: {x}, f, [1, 2])",
    "{tf}.log({x}, **options)",
    "{x}.get_shape()[-1].value",
    "f(*[{x}], key={x})",
    "[{x} for v, w in y if {x}]",
    "(lambda tf, q={x}: tf.layers.dense(q, 3))",
    'f"{{{x}}} {{y!r}}"',
    "({x} if {x} else None)",
    "value",
    "'a # string: tf.get_variable'",
)


@st.composite
def expressions(draw: st.DrawFn, tf: str, depth: int = 2) -> str:
    """An expression, TensorFlow calls nested in it."""
    call = draw(st.sampled_from(CALLS if depth else CALLS[-2:-1]))
    while "{x}" in call:
        inner = draw(expressions(tf, depth - 1)) if depth else "value"
        if 'f"' in call:
            inner = inner.replace('"', "'") if "'" not in inner and '"' not in inner else "value"
        call = call.replace("{x}", inner.replace("{", "{{").replace("}", "}}"), 1)
    return call.replace("{tf}", tf).replace("{{", "{").replace("}}", "}")


@st.composite
def programs(draw: st.DrawFn) -> str:
    """A program of some statements, oddly but validly laid out."""
    statement, tf = draw(IMPORTS)
    lines = [statement, *draw(st.sampled_from([[], ["", "# a comment"], ["x = 1"]]))]
    for number in range(draw(st.integers(1, 5))):
        expression = draw(expressions(tf))
        form = draw(
            st.sampled_from(
                [
                    "y{n} = {e}",
                    "with {e} as s:  # why\n    pass",
                    "def f{n}(x, y={e}):\n\treturn {e}",
                    "class A{n}(B):\n  c = ({e},\n       3,)  # why",
                    "{e} ; z = {e}",
                    "if {e}: pass",
                    "for v in [ {e} ] :\n        print( {e} )",
                ]
            )
        )
        lines.append(form.replace("{n}", str(number)).replace("{e}", expression))
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    end = draw(st.sampled_from(["", newline]))
    return newline.join("\n".join(lines).split("\n")) + end


def parses(program: str) -> bool:
    try:
        ast.parse(program)
    except SyntaxError:
        return False
    return True


PROGRAMS = programs().filter(parses)
RUNS = settings(deadline=None, max_examples=150, suppress_health_check=list(HealthCheck))


@given(PROGRAMS)
@RUNS
def test_result_parses_and_is_a_fixed_point(program: str) -> None:
    result = rewrite(program)
    ast.parse(result.source)
    again = rewrite(result.source)
    assert again.source == result.source
    assert not [finding for finding in again.findings if finding.status == "rewritten"]


@given(PROGRAMS)
@RUNS
def test_untouched_lines_and_line_ends_stay(program: str) -> None:
    result = rewrite(program).source
    assert set(re.findall("\r\n|\n", result)) <= set(re.findall("\r\n|\n", program))
    plain = re.compile(r"\s*(# a comment|# why|x = 1|pass)", re.MULTILINE)
    assert plain.findall(program) == plain.findall(result)


@given(PROGRAMS)
@RUNS
def test_every_site_is_accounted_for(program: str) -> None:
    """Each use of a TF1 name is rewritten or reported, by a count that knows no rule."""
    wanted = re.compile(
        r"(variable_scope|get_variable|AUTO_REUSE|layers\.\w+|get_collection|placeholder"
        r"|contrib\..*|losses\.get_regularization_loss)"
    )
    told = {(finding.line, finding.column) for finding in rewrite(program).findings}
    tree = ast.parse(program)
    names = Names(tree)
    inner = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    in_strings = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
    }
    for chains in names.chains.values():
        for chain in chains:
            resolved = names.resolve(chain.node, chain.scope)
            if resolved is None or id(chain.node) in inner | in_strings:
                continue
            if wanted.fullmatch(resolved.name.removeprefix("tensorflow.")):
                place = (chain.node.lineno, chain.node.col_offset + 1)
                assert place in told, ast.unparse(chain.node)


@given(st.text(), st.sampled_from(["import tensorflow as tf\n", ""]))
@RUNS
def test_any_text_is_rewritten_or_refused(text: str, start: str) -> None:
    try:
        result = rewrite(start + text)
    except RewriteError:
        return
    assert result.source == start + text or result.findings
