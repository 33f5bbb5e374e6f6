"""The form of a published theorem: hypotheses that are checked with witnesses, and a construction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from exactsurf.certificate.verdict import Status
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class Finding:
    """What was found about one hypothesis: `status` PROVED (it holds) or REFUTED (it fails), and the `witness` in words.

    `data` holds the witness exactly (the coinciding rows, the affine fit, the slopes).
    """

    name: str
    statement: str
    status: Status
    witness: str
    data: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis: its name in the paper, its statement, and an exact check on a problem."""

    name: str
    statement: str
    check: Callable[[Problem], tuple[bool, str, tuple[Any, ...]]]

    def finding(self, problem: Problem) -> Finding:
        """Check this hypothesis on `problem`."""
        holds, witness, data = self.check(problem)
        return Finding(self.name, self.statement, Status.PROVED if holds else Status.REFUTED, witness, data)


@dataclass(frozen=True)
class Report:
    """All hypotheses of a theorem, checked on one problem. `failing` are the names of those that fail."""

    theorem: str
    findings: tuple[Finding, ...]

    @property
    def failing(self) -> tuple[str, ...]:
        """The names of the hypotheses that fail."""
        return tuple(f.name for f in self.findings if f.status is Status.REFUTED)

    @property
    def status(self) -> Status:
        """PROVED if every hypothesis holds, else REFUTED."""
        return Status.REFUTED if self.failing else Status.PROVED

    def document(self) -> dict[str, Any]:
        """The report as a JSON value."""
        return {
            "theorem": self.theorem,
            "status": str(self.status),
            "hypotheses": [
                {"name": f.name, "statement": f.statement, "status": str(f.status), "witness": f.witness} for f in self.findings
            ],
        }

    def __str__(self) -> str:
        lines = [f"  {f.name}  {'holds' if f.status is Status.PROVED else 'FAILS'}  {f.witness}" for f in self.findings]
        return "\n".join([f"{self.theorem}: hypotheses", *lines])


@dataclass(frozen=True)
class Theorem:
    """A published theorem.

    Attributes: `key` (as in ``exactsurf papers KEY``), `title`, `statement` (LaTeX), `reference` (BibTeX), `hypotheses`,
    `remarks` (what exactsurf does beyond the paper), and `construct`, which builds what the theorem promises on a problem.
    Exactness: every check is exact. Source: the paper named in `reference`.
    """

    key: str
    title: str
    statement: str
    reference: str
    hypotheses: tuple[Hypothesis, ...]
    construct: Callable[..., Any]
    remarks: str = ""

    def check(self, problem: Problem, parameters: Parameters | None = None) -> Report:
        """Check every hypothesis on `problem`.

        Parameters: `problem`; `parameters` are for theorems about a point. Returns: a `Report` with one finding per
        hypothesis. Exactness: exact. Raises: nothing. Source: the paper.
        """
        return Report(self.key, tuple(hypothesis.finding(problem) for hypothesis in self.hypotheses))
