"""What can be wrong: an expression, once, or one evaluation of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Issue:
    """One thing wrong in an expression.

    path: JSON Pointer (RFC 6901) within the expression, "" for the whole.
    tolerable: the specification forbids it, yet its evaluators agree on what it means.
    """

    path: str
    message: str
    tolerable: bool = False


class InvalidExpression(ValueError):  # noqa: N818  # it is about the expression, not the program
    """Not a CertLogic expression; `issues` names every reason."""

    def __init__(self, issues: tuple[Issue, ...]) -> None:
        super().__init__("; ".join(f"{issue.path or '/'}: {issue.message}" for issue in issues))
        self.issues = issues


class EvaluationError(ValueError):
    """A sound expression that has no value on this data. Carries no content of the data."""
