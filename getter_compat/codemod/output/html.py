"""A report for a browser: what was rewritten, what is left, file by file, in one HTML file."""

from __future__ import annotations

from collections import Counter

from getter_compat.codemod.findings import RULES_URL
from getter_compat.codemod.output import visible
from getter_compat.codemod.run import Run

_TEMPLATE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>getter_compat: {{ left | sum }} left for a person</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: 0 0 2rem; }
th, td { text-align: left; padding: .25rem .75rem .25rem 0; vertical-align: top; }
th { border-bottom: 2px solid currentColor; }
td { border-bottom: 1px solid #8884; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.fixed { opacity: .65; }
code { font-size: .9em; }
</style>
</head>
<body>
<h1>From TensorFlow 1 to TensorFlow 2</h1>
<p>{{ run.reports | length }} files looked at.
{{ fixed | sum }} sites {{ "would be rewritten" if run.dry else "rewritten" }},
{{ left | sum }} left for a person, {{ errors | length }} errors.</p>
<table>
<tr><th>Rule</th><th>Rewritten</th><th>Left</th></tr>
{%- for rule in rules %}
<tr><td><a href="{{ url }}/{{ rule }}.md">{{ rule }}</a></td>
<td class="number">{{ fixed_by_rule[rule] }}</td>
<td class="number">{{ left_by_rule[rule] }}</td></tr>
{%- endfor %}
</table>
{%- if errors %}
<h2>Left alone</h2>
<table>
<tr><th>File</th><th>Why</th></tr>
{%- for path, error in errors %}
<tr><td><code>{{ visible(path) }}:{{ error.line }}</code></td>
<td>{{ error.message }}</td></tr>
{%- endfor %}
</table>
{%- endif %}
{%- for report in run.reports if report.findings %}
<h2><code>{{ visible(report.path) }}</code></h2>
<table>
<tr><th>Line</th><th>Rule</th><th>What</th></tr>
{%- for finding in report.findings %}
<tr{% if finding.status != "left" %} class="fixed"{% endif %}>
<td class="number">{{ finding.line }}:{{ finding.column }}</td>
<td><a href="{{ finding.url }}">{{ finding.rule }}</a></td>
<td>{{ finding.message }} ({{ finding.status }})</td></tr>
{%- endfor %}
</table>
{%- endfor %}
</body>
</html>
"""


def render(run: Run, verbose: bool = True) -> str:
    """The report; it loads nothing from elsewhere."""
    from jinja2 import Environment

    fixed = Counter(finding.rule for _, finding in run.findings if finding.status == "rewritten")
    left = Counter(finding.rule for _, finding in run.findings if finding.status == "left")
    return (
        Environment(autoescape=True)
        .from_string(_TEMPLATE)
        .render(
            run=run,
            visible=visible,
            url=RULES_URL,
            rules=sorted(fixed | left),
            fixed=list(fixed.values()),
            left=list(left.values()),
            fixed_by_rule=fixed,
            left_by_rule=left,
            errors=list(run.errors),
        )
    )
