"""A call of a layer of Keras 2 with some of its weights replaced: stand-ins are put into it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from getter_compat.runtime import store, weights
from getter_compat.runtime.derived import Call
from getter_compat.runtime.keras2 import calls, holding
from getter_compat.runtime.keras2.variables import StandIn, forms_of, replacements
from getter_compat.runtime.locks import Lock

_TRACKED = ("_trainable_weights", "_non_trainable_weights")


@dataclass
class _Place:
    """An attribute of a layer that holds stand-ins, as long as calls need them there."""

    layer: Any
    attribute: str
    original: Any
    weights: set[int] = field(default_factory=set)  # which of the weights in it, by identity
    calls: int = 0


_places: dict[tuple[int, str], _Place] = {}
_placing = Lock()


def call_with(layer: Any, replaced: list[tuple[Any, Any]], args: Any, kwargs: Any) -> Any:
    """Call a layer with some of its weights replaced: stand-ins are put into its attributes."""
    values = {id(form): value for weight, value in replaced for form in forms_of(weight)}
    tokens: tuple[tuple[Any, Any], ...] = (
        (replacements, replacements.set({**replacements.get(), **values})),
        # A call of its own: what derived weights are made from changes.
        (calls.call, calls.call.set(Call())),
    )
    places = _put_stand_ins(_parts(layer, replaced), values.keys())
    try:
        with store.standing_in([(getattr(w, "_variable", w), value) for w, value in replaced]):
            return layer(*args, **kwargs)
    finally:
        _take_back(places)
        for variable, token in tokens:
            variable.reset(token)


def _parts(layer: Any, replaced: list[tuple[Any, Any]]) -> list[Any]:
    """A layer and those in it: in a model function those too that it keeps, which Keras knows not.

    Such a layer asks for no weight again, and computes with what it holds.
    """
    parts = {id(part): part for part in layer._flatten_layers()}
    if weights.stores_of_models(layer):
        kept = [holder for weight, _ in replaced for holder in holding.holders_of(weight)]
        parts.update((id(part), part) for part in kept)
    return list(parts.values())


def _put_stand_ins(parts: list[Any], replaced: Iterable[int]) -> list[_Place]:
    """Put stand-ins for weights wherever layers hold them."""
    places = []
    with _placing:
        for part in parts:
            attributes = [item for item in vars(part).items() if item[0] not in _TRACKED]
            for attribute, value in attributes:
                place = _places.get((id(part), attribute)) or _Place(part, attribute, value)
                held = place.weights.union(replaced)
                standing = _with_stand_ins(place.original, held)
                if standing is place.original:
                    continue
                place.weights, place.calls = held, place.calls + 1
                vars(part)[attribute] = standing  # past the tracking of attributes
                _places[id(part), attribute] = place
                places.append(place)
    return places


def _take_back(places: list[_Place]) -> None:
    """Put back what was there, once no other call needs the stand-ins."""
    with _placing:
        for place in places:
            place.calls -= 1
            if not place.calls:
                vars(place.layer)[place.attribute] = place.original
                del _places[id(place.layer), place.attribute]


def _with_stand_ins(value: Any, weights: set[int]) -> Any:
    """An attribute with stand-ins for the weights in it; itself, where there is none."""
    if id(value) in weights:
        return StandIn(value)
    if isinstance(value, dict):
        items = {key: _with_stand_ins(item, weights) for key, item in value.items()}
        return items if any(items[key] is not value[key] for key in items) else value
    if isinstance(value, list | tuple):
        parts = [_with_stand_ins(item, weights) for item in value]
        return parts if any(a is not b for a, b in zip(parts, value, strict=True)) else value
    return value
