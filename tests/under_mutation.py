"""A plugin of pytest for `./run.sh mutate`: the same tests, that fail fast, under plain names."""

from __future__ import annotations

from hypothesis import Phase, settings


def pytest_configure() -> None:
    """A failing example is enough; the smallest one takes minutes to find."""
    few = settings(max_examples=50, phases=(Phase.explicit, Phase.generate))
    settings.register_profile("mutants", few, deadline=None, derandomize=True)
    settings.load_profile("mutants")


def pytest_make_parametrize_id(argname: str) -> str:
    """The name of the parameter; its value may be made at run time, such as the id of a key."""
    return argname
