"""A counterexample to a claim: problem, witness and verdict, saved as problem file, certificates, LaTeX and notebook cell."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from exactsurf.certificate.encoding import CertificateDocument, architecture
from exactsurf.certificate.problem_document import parameters_document, problem_document
from exactsurf.certificate.verdict import Verdict
from exactsurf.exact.number import to_text
from exactsurf.files import write_file
from exactsurf.model.activation_names import NAMED
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.search.claims import Answer, Claim
from exactsurf.theorems.report_forms import latex_text

_PROBLEM_FORMAT = "exactsurf-problem/1"


@dataclass(frozen=True)
class Counterexample:
    """An instance on which a claim fails, decided exactly.

    Attributes: `claim`; `problem`; `parameters`, the point that a claim about points fails at; `answer`, what the claim says
    here; `tried`, the number of instances asked before it was found; `reductions`, the steps by which it was made smaller.
    Exactness: exact; every certificate was accepted by the verifier. Source: `find_counterexample`.
    """

    claim: Claim
    problem: Problem
    parameters: Parameters | None
    answer: Answer
    tried: int
    reductions: int = 0

    @property
    def verdict(self) -> Verdict:
        """REFUTED, with the reason."""
        return self.answer.verdict

    @property
    def witness(self) -> tuple[Parameters, ...]:
        """The points that show that the claim fails."""
        return self.answer.witness

    @property
    def certificate(self) -> CertificateDocument | None:
        """The first certificate about the witness, if there is one."""
        return self.answer.certificates[0] if self.answer.certificates else None

    def to_latex(self) -> str:
        """The counterexample as a LaTeX statement (it needs amsmath)."""
        problem, data = self.problem, self.problem.data
        lines = [
            rf"\paragraph{{Claim (refuted).}} {latex_text(self.claim.statement)}.",
            rf"\paragraph{{Counterexample.}} {latex_text(_setting(problem))} The samples are the rows of",
            rf"\[ X = {_matrix(data.x)}, \qquad Y = {_matrix(data.y)}. \]",
        ]
        for number, point in enumerate(self.witness, start=1):
            named = [(name, value if isinstance(value[0], tuple) else (value,)) for name, value in point.items()]
            shown = r",\quad ".join(f"{name[0]}_{{{name[1:]}}} = {_matrix(rows)}" for name, rows in named)
            lines.append(rf"The point $\theta_{{{number}}}$ has risk ${_number(problem.rational_risk(point))}$:")
            lines.append(rf"\[ {shown}. \]")
        return "\n".join([*lines, rf"{latex_text(self.verdict.reason)}."]) + "\n"

    def to_notebook_cell(self) -> str:
        """Python source that rebuilds the counterexample and, for a claim that can be named, asks it again."""
        network, data = self.problem.network, self.problem.data
        biases = list(network.biases)
        restated = problem_document(self.problem, embed=True)
        lines = [
            f"# {self.claim.statement}: refuted",
            f"# {self.verdict.reason}",
            "import exactsurf as es",
            "from exactsurf.search.ready_claims import CLAIMS, claim_of",
            "",
            f"data = es.Data.from_arrays({_literal(data.x)}, {_literal(data.y)})",
            f"network = es.Network({list(network.widths)}, {_activation(self.problem, restated)}, biases={biases})",
            f"problem = es.Problem(network, data, loss={restated['loss']!r})",
            f"witness = [{', '.join(map(_point, self.witness))}]",
            "print([str(problem.rational_risk(point)) for point in witness])",
        ]
        if self.claim.source.startswith(("CLAIMS[", "claim_of(")):
            asked = "problem" if self.parameters is None else f"problem, {_point(self.parameters)}"
            lines.append(f"print({self.claim.source}.check({asked}).verdict)")
        return "\n".join(lines) + "\n"

    def save(self, folder: str | os.PathLike[str]) -> tuple[Path, ...]:
        """Write problem.json (with the first point of the witness), counterexample.tex, notebook_cell.py and the certificates.

        Parameters: `folder`, which is made if it is not there. Returns: the paths. Exactness: exact.
        Raises: `InputError` if a file cannot be written. Source: `read_problem`; proofs/FORMAT.md.
        """
        home = Path(folder)
        document: dict[str, Any] = {"format": _PROBLEM_FORMAT, **problem_document(self.problem, embed=True)}
        points = self.witness or ((self.parameters,) if self.parameters is not None else ())
        if points:
            document["parameters"] = parameters_document(points[0])
        texts = {
            "problem.json": json.dumps(document, indent=1) + "\n",
            "counterexample.tex": self.to_latex(),
            "notebook_cell.py": self.to_notebook_cell(),
        }
        paths = [write_file(home / name, text.encode()) for name, text in texts.items()]
        for number, certificate in enumerate(self.answer.certificates, start=1):
            name = "certificate.json" if number == 1 else f"certificate_{number}.json"
            paths.append(certificate.save(home / name))
        return tuple(paths)

    def __repr__(self) -> str:
        return f"Counterexample({self.claim.key!r}, {self.problem!r}: {self.verdict.reason})"


def _setting(problem: Problem) -> str:
    network = problem.network
    with_bias = [str(layer) for layer, flag in enumerate(network.biases, start=1) if flag]
    if len(with_bias) == network.layers:
        biases = "with biases"
    else:
        biases = f"with biases in layers {', '.join(with_bias)} only" if with_bias else "without biases"
    factor = to_text(problem.common_scale)
    return (
        f"A {architecture(problem)} network {biases}, activation {network.activation!r}, {problem.loss.title} loss, "
        f"summed with factor {factor}."
    )


def _matrix(rows: Sequence[Sequence[Fraction]]) -> str:
    return r"\begin{pmatrix} " + r" \\ ".join(" & ".join(map(_number, row)) for row in rows) + r" \end{pmatrix}"


def _number(value: Fraction) -> str:
    sign = "-" if value < 0 else ""
    top = abs(value.numerator)
    return f"{sign}{top}" if value.denominator == 1 else rf"{sign}\tfrac{{{top}}}{{{value.denominator}}}"


def _literal(rows: Sequence[Sequence[Fraction]]) -> str:
    return f"[{', '.join('[' + ', '.join(map(_entry, row)) + ']' for row in rows)}]"


def _entry(value: Fraction) -> str:
    return to_text(value) if value.denominator == 1 else repr(to_text(value))


def _point(parameters: Parameters) -> str:
    named = []
    for name, value in parameters.items():
        rows = value if isinstance(value[0], tuple) else None
        text = _literal(rows) if rows is not None else _literal([value])[1:-1]  # type: ignore[list-item]
        named.append(f"{name}={text}")
    return f"problem.parameters({', '.join(named)})"


def _activation(problem: Problem, restated: dict[str, Any]) -> str:
    name = problem.network.activation.name
    return f"es.{name}" if name in NAMED else repr(restated["activation"])
