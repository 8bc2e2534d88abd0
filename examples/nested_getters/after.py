"""Getters compose: the innermost one runs first and asks the next."""
import getter_compat


def scaled(factor):
    def getter(getter, name, *args, **kwargs):
        return getter(name, *args, **kwargs) * factor
    return getter


def shifted(getter, name, *args, **kwargs):
    return getter(name, *args, **kwargs) + 1.0


def model(x):
    with getter_compat.getter_scope('outer', custom_getter=scaled(10.0)):
        a = getter_compat.layers.dense(x, 3, name='a')
        with getter_compat.getter_scope('inner', custom_getter=shifted):
            b = getter_compat.layers.dense(x, 3, name='b')
            c = getter_compat.get_variable('c', [3])
        d = getter_compat.get_variable('d', [3], custom_getter=shifted)
    return a, b * c + d
