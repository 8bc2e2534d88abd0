"""Threads, exceptions, graphs: who sees which scopes."""

import threading

from ..probing import noting, outcome, passing, probe


def in_a_thread(function):
    """Run a function in a new thread and return what it returned."""
    returned = []
    thread = threading.Thread(target=lambda: returned.append(function()))
    thread.start()
    thread.join()
    return returned[0]


@probe
def a_thread_starts_at_the_root(tf):
    """Scopes and counters are the thread's own, the variables are everyone's."""
    graph, log = tf.current_graph(), []

    def work(scope):
        with graph.as_default():
            facts = [tf.get_variable_scope().name, tf.get_variable_scope().custom_getter is None]
            facts.append(tf.get_variable("v", [1]).name)
            with tf.variable_scope(scope):
                facts.append(tf.get_variable("u", [1]).name)
            facts.append(outcome(lambda: tf.get_variable("v", [1]).name))
            for _ in range(2):
                tf.layers.Dense(2)(tf.ones([2, 3]))
            return facts

    with tf.variable_scope("main", custom_getter=noting(log)) as scope:
        facts = in_a_thread(lambda: work(scope))
        tf.layers.Dense(2)(tf.ones([2, 3]))
    return {"thread": facts, "asked": log, "all": [v.name for v in tf.global_variables()]}


@probe
def a_thread_outside_of_all_graphs(tf):
    """Without a graph of its own, a thread has the default one."""
    with tf.variable_scope("main"):
        return in_a_thread(lambda: tf.get_variable_scope().name)


@probe
def an_exception_closes_the_scope(tf):
    def fail():
        with tf.variable_scope("m", custom_getter=passing, reuse=True):
            with tf.variable_scope("n"):
                raise KeyError("x")

    failure = outcome(fail)
    scope = tf.get_variable_scope()
    return [failure, scope.name, scope.reuse, scope.custom_getter is None]


@probe
def scopes_left_in_the_wrong_order(tf):
    outer, inner = tf.variable_scope("a"), tf.variable_scope("b")
    outer.__enter__()
    inner.__enter__()
    failure = outcome(lambda: outer.__exit__(None, None, None))
    inner.__exit__(None, None, None)
    outer.__exit__(None, None, None)
    return [failure, tf.get_variable_scope().name]


@probe
def graphs_know_nothing_of_each_other(tf):
    first, second, log = tf.Graph(), tf.Graph(), []
    facts = {}
    with first.as_default():
        with tf.variable_scope("m", custom_getter=noting(log)) as scope:
            tf.get_variable("v", [1])
            with second.as_default():
                facts["scope in the other"] = tf.get_variable_scope().name
                facts["variable in the other"] = tf.get_variable("v", [1]).name
                with tf.variable_scope(scope):
                    facts["scope object in the other"] = tf.get_variable("w", [1]).name
            facts["back"] = tf.get_variable_scope().name
    for key, graph in (("first", first), ("second", second)):
        with graph.as_default():
            facts[key] = [v.name for v in tf.global_variables()]
    facts["asked"] = log
    return facts


@probe
def a_scope_manager_used_again(tf):
    """It is a scope of that name wherever it is entered."""
    manager = tf.variable_scope("cm")

    def enter():
        with manager as scope:
            return scope.name

    names = [enter(), enter()]
    with tf.variable_scope("o"):
        names.append(enter())
    return names


@probe
def a_scope_as_a_decorator(tf):
    return outcome(lambda: tf.variable_scope("d")(lambda: None))


@probe
def a_traced_function_inherits_the_scope(tf):
    log = []
    with tf.variable_scope("m", custom_getter=noting(log), use_resource=True):

        @tf.function
        def traced(x):
            log.append(tf.get_variable_scope().name)
            return x * tf.get_variable("v", [1])

        outcome(lambda: traced(tf.ones([1])))
    return {"first": log[:2], "variables": [v.name for v in tf.global_variables()]}
