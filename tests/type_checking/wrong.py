"""Each line below `# wrong` is an error to type checkers."""

import getter_compat
from getter_compat import getter_scope, getters

# wrong
getter_compat.nosuch()
# wrong
getter_scope("net", custom_geter=None)
# wrong
getter_scope("net", custom_getter=3)
# wrong
getter_compat.functional_call()
# wrong
getters.mask(only=3)
# wrong
getter_compat.layers.dense()
# wrong
getter_compat.make_template("name")
