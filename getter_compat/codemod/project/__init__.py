"""What the files of a run are to each other, known before any of them is rewritten.

`index.py` reads them all and gives each file its `View`, which is all that the rest of the codemod
sees of the project. Nothing of the project is imported or run, and nothing is kept on disk.
"""

from getter_compat.codemod.project.view import NOTHING, PROGRAM, Start, View

__all__ = ["NOTHING", "PROGRAM", "Start", "View"]
