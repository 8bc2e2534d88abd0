"""Runs through code that ran before: how they find its variables, and what else they keep of it.

TF1 ran model code once for each graph. Here a `ScopedModel` runs it at every call, and a getter
runs again whenever its derived weight is evaluated. Pure Python.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from getter_compat.runtime import scopes

Outputs = dict[str, dict[str, Any]]  # of layers: by collection, and by name


class Rerun:
    """The rule of a run through model code: what an earlier run made is found, once."""

    def __init__(self, may_create: bool, kept: dict[tuple[Any, int], Any]) -> None:
        self.may_create = may_create
        self.added_losses: list[Any] = []  # what Keras layers gave to `add_loss`
        self.outputs: Outputs = {}  # what layers of contrib were told to collect
        self._kept = kept
        self._places: Counter[Any] = Counter()
        self.losses: Counter[str] = Counter()  # how many of a name this run added
        self._asked: set[str] = set()

    def is_repeat(self, name: str) -> bool:
        """Whether this run asked for it before: that is the duplicate that TF1 refuses."""
        if name in self._asked:
            return True
        self._asked.add(name)
        return False

    def keep(self, kind: Any, make: Callable[[], Any]) -> Any:
        """What an earlier run made in this place, counted among its kind; else it is made now.

        For state without a name, such as the seed of a dropout layer that is made in every run.
        """
        place = kind, self._places[kind]
        self._places[kind] += 1
        if place not in self._kept:
            self._kept[place] = make()
        return self._kept[place]


def under_way(store: scopes.ScopeStore | None = None) -> Iterator[Rerun]:
    """The runs through model code that are under way here, or on a store, the innermost first."""
    frame = scopes.innermost_or_none()
    innermost = None
    while frame is not None:
        finding, is_meant = frame.finding, store is None or frame.store is store
        if is_meant and isinstance(finding, Rerun) and finding is not innermost:
            innermost = finding
            yield innermost
        frame = frame.outer


class Recall:
    """The rule while a derived weight is evaluated: what exists is found, always."""

    may_create = False

    def is_repeat(self, name: str) -> bool:
        """No."""
        return False


RECALL = Recall()
