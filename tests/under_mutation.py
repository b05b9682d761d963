"""A plugin of pytest for `./run.sh mutate`: the same tests, that fail fast, under plain names."""

from __future__ import annotations

import pytest
from hypothesis import Phase, settings


def pytest_configure() -> None:
    """A failing example is enough; the smallest one takes minutes to find."""
    few = settings(max_examples=50, phases=(Phase.explicit, Phase.generate))
    settings.register_profile("mutants", few, deadline=None, derandomize=True)
    settings.load_profile("mutants")


@pytest.hookimpl(tryfirst=True)
def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Takes given names off: pytest escapes them anew, and otherwise, in each process."""
    for mark in metafunc.definition.iter_markers("parametrize"):
        if isinstance(mark.kwargs, dict):
            mark.kwargs.pop("ids", None)


def pytest_make_parametrize_id(argname: str) -> str:
    """The name of the parameter; its value may be made at run time, such as the id of a key."""
    return argname
