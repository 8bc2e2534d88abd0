"""A progress bar on the terminal."""

from __future__ import annotations

from collections.abc import Callable


def bar(doing: str) -> Callable[[int, int], None]:
    """Show what is being done; a function that is told how many files of how many are done."""
    from rich.console import Console
    from rich.progress import Progress

    progress = Progress(console=Console(stderr=True), transient=True)
    task = progress.add_task(doing)

    def advance(done: int, total: int) -> None:
        if done == 1:
            progress.start()
        progress.update(task, completed=done, total=total)
        if done == total:
            progress.stop()

    return advance
