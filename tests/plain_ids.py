"""A plugin of pytest for `./run.sh mutate`: tests have the same names in every process.

Some are named after values that are made at run time, such as the id of a key; here each is named
after its parameter, and pytest numbers them.
"""

from __future__ import annotations


def pytest_make_parametrize_id(argname: str) -> str:
    """The name of the parameter in place of its value."""
    return argname
