"""`tf.contrib.training.HParams`: hyperparameters with names, types and a syntax to change them.

The rules are those of `tensorflow/contrib/training/python/training/hparam.py` in TensorFlow 1.15
(Apache License 2.0).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from getter_compat.typing import TensorLike

# `name=value`, `name[index]=value` or `name=[value,value]`, each up to a comma or the end.
_ASSIGNMENT = re.compile(
    r"(?P<name>[a-zA-Z][\w.]*)(\[\s*(?P<index>\d+)\s*\])?\s*=\s*"
    r"((?P<value>[^,\[]*)|\[(?P<values>[^\]]*)\])($|,\s*)"
)


class HParams:
    """Hyperparameters: attributes whose types stay what they were when they were added.

    Args:
        hparam_def: Refused: TensorFlow 2 has no such protocol buffer.
        model_structure: Kept for `get_model_structure`.
        **kwargs: The parameters: numbers, strings, booleans, functions, or lists of one kind.

    Raises:
        ValueError: If a name is reserved or a list is empty.

    Examples:
        >>> from getter_compat import contrib
        >>> hparams = contrib.training.HParams(rate=0.1, hidden=[8, 4], use_bias=True)
        >>> hparams.parse("rate=0.5,hidden=[8,2],use_bias=false").values()
        {'rate': 0.5, 'hidden': [8, 2], 'use_bias': False}
    """

    def __init__(self, hparam_def: Any = None, model_structure: Any = None, **kwargs: Any) -> None:
        if hparam_def is not None:
            raise NotImplementedError(
                "HParams was given an HParamDef, which TensorFlow 2 does not have. Give it the "
                "parameters by keywords, or by parse_json."
            )
        self._types: dict[str, tuple[type, bool]] = {}
        self._model_structure = model_structure
        for name, value in kwargs.items():
            self.add_hparam(name, value)

    def add_hparam(self, name: str, value: TensorLike) -> None:
        """Add a parameter.

        Raises:
            ValueError: If the name is taken or the value is an empty list.
        """
        if getattr(self, name, None) is not None:
            raise ValueError(f"Hyperparameter name is reserved: {name}")
        is_list = isinstance(value, list | tuple)
        if is_list and not value:
            raise ValueError(f"Multi-valued hyperparameters cannot be empty: {name}")
        self._types[name] = (type(value[0]) if is_list else type(value), is_list)
        setattr(self, name, value)

    def set_hparam(self, name: str, value: TensorLike) -> None:
        """Change a parameter.

        Raises:
            ValueError: If the value is of another type, or a list in the place of a value.
            KeyError: If there is no such parameter.
        """
        kind, is_list = self._types[name]
        if isinstance(value, list):
            if not is_list:
                raise ValueError(f"Must not pass a list for single-valued parameter: {name}")
            setattr(self, name, [_cast(name, kind, item) for item in value])
            return
        if is_list:
            raise ValueError(f"Must pass a list for multi-valued parameter: {name}.")
        setattr(self, name, _cast(name, kind, value))

    def del_hparam(self, name: str) -> None:
        """Take a parameter out, if it is there."""
        if name in self._types:
            delattr(self, name)
            del self._types[name]

    def parse(self, values: str) -> HParams:
        """Change parameters by a text such as `"rate=0.1,hidden=[8,4]"`.

        Returns:
            This object.

        Raises:
            ValueError: If the text is not of this form, names a parameter that is not there, or a
                value is not of the parameter's type.
        """
        changes: dict[str, Any] = {}
        place = 0
        while place < len(values):
            found = _ASSIGNMENT.match(values, place)
            if found is None:
                raise ValueError(f"Malformed hyperparameter value: {values[place:]}")
            self._note(changes, found, values)
            place = found.end()
        return self.override_from_dict(changes)

    def _note(self, changes: dict[str, Any], found: re.Match[str], whole: str) -> None:
        name = found["name"]
        if name not in self._types:
            raise ValueError(f"Unknown hyperparameter type for {name}")
        kind = self._types[name][0]
        if found["index"] is not None:  # TensorFlow 1 could read it, and not set it
            raise ValueError(f"Must pass a list for multi-valued parameter: {name}.")
        if name in changes:
            raise ValueError(f"Multiple assignments to variable {name!r} in {whole}")
        if found["values"] is None:
            changes[name] = _parsed(name, kind, found["value"].strip(), whole)
            return
        items = [item.strip() for item in found["values"].split(",") if item.strip()]
        changes[name] = [_parsed(name, kind, item, whole) for item in items]

    def override_from_dict(self, values_dict: Mapping[str, Any]) -> HParams:
        """Change parameters; see `set_hparam`.

        Returns:
            This object.
        """
        for name, value in values_dict.items():
            self.set_hparam(name, value)
        return self

    set_from_map = override_from_dict

    def to_json(
        self,
        indent: int | None = None,
        separators: tuple[str, str] | None = None,
        sort_keys: bool = False,
    ) -> str:
        """The parameters as a JSON object, functions left out."""
        values = {name: value for name, value in self.values().items() if not callable(value)}
        return json.dumps(values, indent=indent, separators=separators, sort_keys=sort_keys)

    def parse_json(self, values_json: str) -> HParams:
        """Change parameters by a JSON object.

        Returns:
            This object.
        """
        return self.override_from_dict(json.loads(values_json))

    def values(self) -> dict[str, Any]:
        """The parameters by name."""
        return {name: getattr(self, name) for name in self._types}

    def get(self, key: str, default: Any = None) -> Any:
        """A parameter, or a default value of the same type where it is not there.

        Raises:
            ValueError: If the default is of another type than the parameter.
        """
        if key not in self._types:
            return default
        if default is not None:
            kind, is_list = self._types[key]
            message = f"Hparam {key!r} of type {kind!r} is incompatible with default={default}"
            if is_list != isinstance(default, list):
                raise ValueError(message)
            for item in default if is_list else [default]:
                try:
                    _cast(key, kind, item)
                except ValueError as error:
                    raise ValueError(f"{message}. {error}") from error
        return getattr(self, key)

    def set_model_structure(self, model_structure: Any) -> None:
        """Keep the structure of a model."""
        self._model_structure = model_structure

    def get_model_structure(self) -> Any:
        """The structure of a model that was kept."""
        return self._model_structure

    def __contains__(self, key: str) -> bool:
        return key in self._types

    def __str__(self) -> str:
        return ",".join(f"{name}={value}" for name, value in self.values().items())

    def __repr__(self) -> str:
        return f"{type(self).__name__}({sorted(self.values().items())})"


def _cast(name: str, kind: type, value: Any) -> Any:
    """A value as a parameter's type, where nothing is lost by that."""
    message = f"Could not cast hparam '{name}' of type '{kind}' from value {value!r}"
    if value is None or issubclass(kind, type(None)):
        return value
    if issubclass(kind, bool) != isinstance(value, bool):
        raise ValueError(message)
    if issubclass(kind, int) and isinstance(value, float):
        raise ValueError(message)
    if issubclass(kind, str) != isinstance(value, str | bytes):
        raise ValueError(message)
    if issubclass(kind, str) and isinstance(value, bytes):
        return value.decode()
    return kind(value) if kind in (bool, float, int, str) else value


def _parsed(name: str, kind: type, text: str, whole: str) -> Any:
    try:
        if kind is not bool:
            return kind(text)
        return text in ("true", "True") or (text not in ("false", "False") and bool(int(text)))
    except (TypeError, ValueError) as error:
        raise ValueError(
            f"Could not parse hparam '{name}' of type '{kind.__name__}' with value '{text}' in "
            f"{whole}"
        ) from error
