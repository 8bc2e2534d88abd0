"""`make_template`: one scope, found again at every call."""

from ..probing import noting, outcome, probe, probe_of_values, times


@probe
def scopes_and_names(tf):
    def block(x):
        return tf.layers.Dense(2, name="d")(x) + tf.get_variable("v", [2])

    facts = {}

    def created_by(template, *times_called):
        before = len(tf.global_variables())
        for _ in times_called:
            template(tf.ones([2, 3]))
        return [v.name for v in tf.global_variables()[before:]]

    template = tf.make_template("tpl", block)
    facts["first"] = created_by(template, 1)
    facts["called twice"] = created_by(template, 2)
    facts["scope"] = [template.variable_scope.name, template.variable_scope_name]
    facts["variables"] = [v.name for v in template.trainable_variables]
    facts["second of that name"] = created_by(tf.make_template("tpl", block), 1)
    with tf.variable_scope("outer"):
        made_inside = tf.make_template("tpl", block)
        made_now = tf.make_template("now", block, create_scope_now_=True)
    facts["made in a scope, called outside"] = created_by(made_inside, 1)
    facts["create_scope_now_"] = created_by(made_now, 1)
    called_inside = tf.make_template("tpl", block)
    with tf.variable_scope("outer2"):
        facts["made outside, called in a scope"] = created_by(called_inside, 1)
    return facts


@probe
def with_a_unique_name(tf):
    def block():
        return tf.get_variable("v", [1]).name

    first = tf.make_template("n", block, unique_name_="uq")
    second = tf.make_template("n", block, unique_name_="uq")
    return [outcome(first), outcome(first), outcome(second)]


@probe
def that_asks_for_more_later(tf):
    asked = []

    def block():
        asked.append(None)
        return tf.get_variable(f"v{len(asked)}", [1]).name

    template = tf.make_template("t", block)
    return [outcome(template), outcome(template)]


@probe
def with_a_getter(tf):
    log = []

    def block():
        return tf.get_variable("v", [1])

    template = tf.make_template("t", block, custom_getter_=noting(log, "own"))
    first, second = template(), template()
    with tf.variable_scope("o", custom_getter=noting(log, "outer")):
        tf.make_template("t2", block, custom_getter_=noting(log, "own"))()
    late = tf.make_template("t3", block)
    with tf.variable_scope("o3", custom_getter=noting(log, "first")):
        late()
    with tf.variable_scope("o4", custom_getter=noting(log, "later")):
        late()
    return {"same": first is second, "log": log}


@probe_of_values
def with_a_derived_value(tf):
    def block():
        return tf.get_variable("v", [], initializer=tf.ones_initializer())

    template = tf.make_template("t", block, custom_getter_=times(3.0))
    run = tf.program(template)
    before = run()
    tf.assign(tf.global_variables()[0], 5.0)
    return [before, run()]


@probe
def with_unnamed_layers(tf):
    def block(x):
        return tf.layers.Dense(2)(tf.layers.Dense(2)(x))

    template = tf.make_template("t", block)
    template(tf.ones([2, 2]))
    template(tf.ones([2, 2]))
    return [v.name for v in tf.global_variables()]


@probe
def with_arguments(tf):
    def block(units, suffix):
        return tf.get_variable("v" + suffix, [units]).name

    template = tf.make_template("t", block, suffix="x")
    return [template(2), template(units=2), template.name, template.func is block]


@probe
def inside_each_other(tf):
    inner = tf.make_template("inner", lambda: tf.get_variable("v", [1]).name)
    outer = tf.make_template("outer", lambda: [inner(), tf.get_variable("w", [1]).name])
    return [outer(), outer(), outcome(inner)]


MEMBERS = (
    "variables",
    "weights",
    "global_variables",
    "local_variables",
    "trainable_variables",
    "trainable_weights",
    "non_trainable_variables",
    "non_trainable_weights",
)


@probe
def lists_of_its_variables(tf):
    inner = tf.make_template("inner", lambda: tf.get_variable("frozen", [1], trainable=False))

    def block(x):
        tf.get_local_variable("seen", [1])
        tf.get_variable("frozen", [1], trainable=False)
        tf.get_variable("elsewhere", [1], collections=["mine"])
        inner()
        return tf.layers.Dense(2, name="d")(x)

    template = tf.make_template("t", block)
    with tf.variable_scope("outer"):
        template(tf.ones([1, 2]))
    made_now = tf.make_template("now", block, create_scope_now_=True)
    return [
        {name: [v.name for v in getattr(each, name)] for name in MEMBERS}
        for each in (template, inner, made_now)
    ]


@probe
def before_its_first_call_has_ended(tf):
    facts = {}

    def note(when):
        lists = "variables", "trainable_variables", "non_trainable_variables", "local_variables"
        names = {of: [v.name for v in getattr(template, of)] for of in lists}
        facts[when] = [names, template._variables_created]

    def block():
        tf.get_variable("v", [1])
        note("in the first call" if len(facts) < 2 else "in the second call")

    tf.get_variable("other", [1])
    template = tf.make_template("t", block)
    note("made")
    template()
    note("called")
    template()
    return facts
