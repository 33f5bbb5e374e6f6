"""What every claim shares: how it is accepted, its problem and its sentence (FORMAT.md, sections 1 and 3)."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic.document import Field
from .cell_list import UnitProblem
from .problem import Problem, read_problem

Note = Callable[[str], None]


@dataclass(frozen=True)
class Accepted:
    """A certificate that holds: its claim, and what was checked. `risk` is None where the claim states none.

    Exactness: exact; it was checked with integers only. Source: proofs/FORMAT.md.
    """

    kind: str
    sentence: str
    risk: Fraction | None
    checks: tuple[str, ...]


@dataclass(frozen=True)
class Submission:
    """A certificate whose kind is known: the root of its document, where its data file is, and who hears of every check."""

    root: Field
    kind: str
    data_folder: str | os.PathLike[str] | None
    done: Note
    version: int = 1

    def problem(self, field: Field, *, may_decay: bool = False, beside: Sequence[str] = ()) -> Problem:
        """The field `problem`; with weight decay, and with fields `beside` it, only for claims that know them."""
        problem = read_problem(field, self.data_folder, self.version, may_decay=may_decay, beside=beside)
        loss = "given " if problem.decay is not None else problem.loss.risk.removesuffix("risk") or "given "
        self.done(f"problem: {samples_text(problem)}, {problem.architecture} network, {loss}loss")
        return problem

    def check_second_format(self, field: Field) -> None:
        """Reject the field `format` of a claim that format 1 does not know."""
        if self.version < 2:
            raise field.reject("this claim has no form in format 1")


def check_sentence(field: Field, expected: str) -> str:
    """The sentence of a claim, which must be the expected one."""
    if field.text() != expected:
        raise field.reject(f"expected: {expected}")
    return expected


def counted(count: int, noun: str) -> str:
    """``1 sample``, ``2 samples``."""
    return f"{count} {noun}" + "s" * (count != 1)


def samples_text(problem: UnitProblem) -> str:
    """The number of samples as sentences have it."""
    return counted(problem.samples, "sample")
