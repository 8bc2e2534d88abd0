"""`make_template`: a function that makes its variables at the first call and reuses them after.

The rules are those of `tensorflow/python/ops/template.py` in TensorFlow 1.15 (Apache License 2.0).
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import tensorflow as tf

from getter_compat.runtime.scopes import VariableScope, getter_scope
from getter_compat.runtime.store import LOCAL, TRAINABLE, default_store
from getter_compat.typing import Getter


def make_template(
    name_: str,
    func_: Callable[..., Any],
    create_scope_now_: bool = False,
    unique_name_: str | None = None,
    custom_getter_: Getter | None = None,
    **kwargs: Any,
) -> Template:
    """Wrap a function so that all its calls share their variables, as `tf.make_template` did.

    The scope is made unique at the first call, in the scope that is open there, and kept with the
    getters that are active there.

    Args:
        name_: The name of the scope, made unique by a number.
        func_: The function to wrap.
        create_scope_now_: Make the scope now, and not at the first call.
        unique_name_: A name to use as it is instead of `name_`.
        custom_getter_: A getter for the scope.
        **kwargs: Arguments of `func_` to fix.

    Returns:
        A function with attributes `name`, `func`, `variable_scope`, `variables` and
        `trainable_variables`.

    Raises:
        ValueError: If `name_` is `None`, or, when called, if a later call asks for a variable that
            the first one did not make.

    Examples:
        >>> from getter_compat import VariableStore, get_variable, make_template
        >>> def scale(x):
        ...     return x * get_variable("factor", [])
        >>> with VariableStore().as_default():
        ...     shared = make_template("scale", scale)
        ...     _ = shared(1.0), shared(2.0)
        >>> [v.name for v in shared.variables]
        ['scale/factor:0']
    """
    if default_store().graph is not None:
        make: Callable[..., Template] = tf.compat.v1.make_template
        return make(name_, func_, create_scope_now_, unique_name_, custom_getter_, **kwargs)
    function = functools.partial(func_, **kwargs) if kwargs else func_
    return Template(name_, function, create_scope_now_, unique_name_, custom_getter_)


class Template:
    """What `make_template` returns."""

    def __init__(
        self,
        name: str,
        func: Callable[..., Any],
        create_scope_now: bool = False,
        unique_name: str | None = None,
        custom_getter: Getter | None = None,
    ) -> None:
        if name is None:
            raise ValueError("name cannot be None.")
        self._name = name
        self._func = func
        self.__wrapped__ = func  # what `inspect.signature` is to look at
        self._unique_name = unique_name
        self._custom_getter = custom_getter
        self._variable_scope: VariableScope | None = None
        self._store = default_store()
        self._variables_created = False  # as TF1 called it, which people ask for
        if create_scope_now:
            with self._new_scope() as scope:
                self._variable_scope = scope

    def _new_scope(self) -> getter_scope:
        return getter_scope(self._unique_name, self._name, custom_getter=self._custom_getter)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the function in the template's scope."""
        if self._variable_scope is None:
            self._store = default_store()
            with self._new_scope() as scope:
                self._variable_scope = scope
                return self._make_variables(args, kwargs)
        with getter_scope(self._variable_scope, reuse=self._variables_created):
            if self._variables_created:
                return self._use_variables(args, kwargs)
            return self._make_variables(args, kwargs)

    def _make_variables(self, args: Any, kwargs: Any) -> Any:
        result = self._func(*args, **kwargs)
        self._variables_created = True
        return result

    def _use_variables(self, args: Any, kwargs: Any) -> Any:
        store = default_store()
        before = len(store.variables)
        result = self._func(*args, **kwargs)
        created = [v for v in list(store.variables.values())[before:] if v.trainable]
        if created:
            raise ValueError(
                "Trainable variable created when calling a template after the first time, perhaps "
                f"you used tf.Variable when you meant tf.get_variable: {created}"
            )
        return result

    @property
    def name(self) -> str:
        """The name that was given."""
        return self._name

    @property
    def func(self) -> Callable[..., Any]:
        """The function that was given."""
        return self._func

    @property
    def variable_scope(self) -> VariableScope | None:
        """The scope; `None` before it is made."""
        return self._variable_scope

    @property
    def variable_scope_name(self) -> str | None:
        """The name of the scope with a slash at its end; `None` before it is made."""
        if self._variable_scope is None:
            return None
        name = self._variable_scope.name
        return name if not name or name.endswith("/") else f"{name}/"

    def _collection(self, name: str) -> list[tf.Variable]:
        """What a collection has under the scope: in TF1 nothing before the first call has ended."""
        if not self._variables_created:
            return []
        return self._store.collection(name, self.variable_scope_name)

    @property
    def variables(self) -> list[tf.Variable]:
        """The variables under the template's scope: the global ones, then the local ones."""
        return [*self.global_variables, *self.local_variables]

    @property
    def trainable_variables(self) -> list[tf.Variable]:
        """The trainable variables under the template's scope."""
        return self._collection(TRAINABLE)

    @property
    def global_variables(self) -> list[tf.Variable]:
        """The global variables under the template's scope."""
        return self._collection("variables")

    @property
    def local_variables(self) -> list[tf.Variable]:
        """The local variables under the template's scope."""
        return self._collection(LOCAL)

    @property
    def non_trainable_variables(self) -> list[tf.Variable]:
        """The global variables under the template's scope that are not trained."""
        trained = {id(variable) for variable in self.trainable_variables}
        return [variable for variable in self.global_variables if id(variable) not in trained]

    @property
    def weights(self) -> list[tf.Variable]:
        """What `variables` is."""
        return self.variables

    @property
    def trainable_weights(self) -> list[tf.Variable]:
        """The trainable variables under the template's scope."""
        return self.trainable_variables

    @property
    def non_trainable_weights(self) -> list[tf.Variable]:
        """The global variables under the template's scope that are not trained."""
        return self.non_trainable_variables

    @property
    def var_scope(self) -> VariableScope | None:
        """The scope; `None` before it is made."""
        return self._variable_scope
