"""The codemod as a command of LibCST's own tool.

    python -m libcst.tool codemod -x getter_compat.codemod.libcst_command.GetterCompatCommand src/

`python -m getter_compat.codemod` writes the same and says more. The options of `pyproject.toml`
count here, too.
"""

from __future__ import annotations

import os
from pathlib import Path

import libcst
from libcst.codemod import CodemodCommand, SkipFile

from getter_compat.codemod import config
from getter_compat.codemod.cli import excluded_by, options_of
from getter_compat.codemod.findings import RewriteError
from getter_compat.codemod.ignoring import is_ignored
from getter_compat.codemod.project import PROGRAM, View
from getter_compat.codemod.project.index import seen_from
from getter_compat.codemod.rewrite import Options, rewrite


class GetterCompatCommand(CodemodCommand):
    """Rewrite one module; what is left for a person becomes a warning."""

    DESCRIPTION = "Rewrite TensorFlow 1 variables, scopes, getters and layers for TensorFlow 2."

    def transform_module_impl(self, tree: libcst.Module) -> libcst.Module:
        """Rewrite the module's source."""
        name = self.context.filename
        options, project = _asked(Path(name)) if name is not None else (Options(), PROGRAM)
        try:
            result = rewrite(tree.code, options, project)
        except RewriteError as error:
            raise SkipFile(f"line {error.line}: {error.message}") from None
        for finding in result.findings:
            if finding.status == "left":
                self.warn(f"line {finding.line}: {finding.rule}: {finding.message} ({finding.url})")
        return libcst.parse_module(result.source, tree.config_for_parsing)


def _asked(path: Path) -> tuple[Options, View]:
    """What the project of a file asks for, and what is around the file."""
    project = config.load(path)
    if is_ignored(Path(os.path.realpath(path)), False, excluded_by(project)):
        raise SkipFile(f"{project.file} leaves it out")
    options = options_of(project)
    return options, seen_from(path, options.tf_aliases, options.target)
