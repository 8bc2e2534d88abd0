"""The codemod as a command of LibCST's own tool.

    python -m libcst.tool codemod -x getter_compat.codemod.libcst_command.GetterCompatCommand src/

`python -m getter_compat.codemod` writes the same and says more.
"""

from __future__ import annotations

from pathlib import Path

import libcst
from libcst.codemod import CodemodCommand, SkipFile

from getter_compat.codemod.findings import RewriteError
from getter_compat.codemod.project import Start, View
from getter_compat.codemod.project.index import seen_from
from getter_compat.codemod.rewrite import rewrite


class GetterCompatCommand(CodemodCommand):
    """Rewrite one module; what is left for a person becomes a warning."""

    DESCRIPTION = "Rewrite TensorFlow 1 variables, scopes, getters and layers for TensorFlow 2."

    def transform_module_impl(self, tree: libcst.Module) -> libcst.Module:
        """Rewrite the module's source."""
        try:
            result = rewrite(tree.code, project=self._project())
        except RewriteError as error:
            raise SkipFile(f"line {error.line}: {error.message}") from None
        for finding in result.findings:
            if finding.status == "left":
                self.warn(f"line {finding.line}: {finding.rule}: {finding.message} ({finding.url})")
        return libcst.parse_module(result.source, tree.config_for_parsing)

    def _project(self) -> View:
        """What is around the file; a text without one is a program of its own."""
        name = self.context.filename
        return View(start=Start()) if name is None else seen_from(Path(name))
