"""Claims about points as SMT-LIB files whose satisfiability is the negated claim, for Z3, cvc5 and other solvers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Literal

from exactsurf.cells.cell import Cell
from exactsurf.cells.coordinates import coordinates, weight_names
from exactsurf.certificate.claims.point import NOT_A_LOCAL_MINIMUM, SPURIOUS_LOCAL_MINIMUM, Certificate
from exactsurf.certificate.rules.direction import DescentDirection
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.number import Exact, exact, to_text
from exactsurf.interop.smt_term import activation_term, loss_term, multiple, number, polynomial_term, total
from exactsurf.model.needed_problem import refuse_restricted
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

Weight = Callable[[str, str], str]
"""The product of the weight with a name and a term."""


def to_smtlib(
    about: Certificate | Problem,
    parameters: Parameters | None = None,
    *,
    question: Literal["box", "direction"] = "box",
    radius: Exact = "1/100",
    cell: Cell | None = None,
) -> str:
    """An SMT-LIB 2.6 file that is satisfiable exactly if a claim about a point is false.

    The question ``"box"`` (logic QF_NRA): is there a point of strictly lower risk whose weights and biases all differ by at
    most `radius` from those of the point? Unsat means that the point is a minimum of the risk on this box; a local minimum
    is one for some radius. With `cell`, only the closed cell is searched, where the risk is a polynomial and the file has no
    if-then-else. The question ``"direction"`` (QF_LRA): is there a direction in which the one-sided derivative of the risk
    is negative? Unsat means that the point is stationary; every local minimum is.
    A certificate brings its problem and point: for a spurious local minimum the box file also asks whether the lower point
    fails to be lower; for "not a local minimum" with a descent direction the file is that direction's (QF_LRA), and unsat
    means that the risk falls along it.

    Parameters: `about`, a certificate, or a problem with `parameters`; `question`, `radius`, `cell` as above (a cell needs
    a loss of one piece, like the squared one).
    Returns: the text of the file. Exactness: exact; the risk of the point stands in it as a rational.
    Raises: `InputError` for a missing point or a radius that is not positive, `ShapeError` for parameters of another
    network, `UnsupportedError` for claims and losses that no such file expresses. Source: the SMT-LIB standard 2.6;
    theory.md, section 1.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([0], [1]))
    >>> text = es.to_smtlib(problem, problem.parameters(W1=[[0]], b1=[1]), radius=1)
    >>> print("\\n".join(line for line in text.splitlines() if line.startswith("(define")))
    (define-fun f_0_0 () Real b1_0)
    (define-fun risk () Real (* (/ 1.0 2.0) (* (+ f_0_0 (- 1.0)) (+ f_0_0 (- 1.0)))))
    """
    certificate = about if isinstance(about, Certificate) else None
    problem = about.problem if isinstance(about, Certificate) else about
    point = certificate.parameters if certificate is not None else parameters
    refuse_restricted(about, "to_smtlib")
    if not isinstance(problem, Problem):
        raise InputError("not a certificate about a point or a problem", text=repr(about))
    if point is None or (certificate is not None and parameters is not None):
        raise InputError("the point is not clear", fix="pass a certificate alone, or a problem and parameters")
    problem.check_shapes(point)
    problem.check_no_decay()
    if certificate is not None and certificate.kind == NOT_A_LOCAL_MINIMUM:
        if not isinstance(certificate.descent, DescentDirection):
            raise UnsupportedError(
                "the certificate's descent is no direction, and its claim about all small boxes has no file of this kind",
                "pass the problem and its parameters for the question of one box",
            )
        return _direction(problem, point, certificate.descent.direction)
    if question == "direction":
        return _direction(problem, point, None)
    if question != "box":
        raise InputError("unknown question", text=repr(question), fix="choose 'box' or 'direction'")
    size = exact(radius, "radius")
    if size <= 0:
        raise InputError("the radius of the box must be positive", text=to_text(size))
    is_spurious = certificate is not None and certificate.kind == SPURIOUS_LOCAL_MINIMUM
    lower = certificate.lower_points[0].parameters if certificate is not None and is_spurious else None
    return _box(problem, point, size, cell, lower)


def _box(problem: Problem, point: Parameters, size: Fraction, cell: Cell | None, lower: Parameters | None) -> str:
    names, values, risk = weight_names(problem.network), coordinates(point), problem.rational_risk(point)
    where = "the box" if cell is None else "the part of the box in a closed cell"
    also = "" if lower is None else ", or the lower point is not lower"
    lines = [
        f"; {problem!r}".replace("\n", " "),
        f"; sat: some point of {where} has a lower risk than the centre{also}; unsat: none has.",
        "(set-logic QF_NRA)",
        *(f"(declare-const {name} Real)" for name in names),
        *(f"(assert (<= {number(values[name] - size)} {name} {number(values[name] + size)}))" for name in names),
    ]
    if cell is None:
        lines += _risk(problem, "", lambda name, term: name if term == "1.0" else _product(name, term))
    else:
        if cell.problem != problem:
            raise InputError("the cell belongs to another problem", text=repr(cell.problem))
        if not problem.loss.is_quadratic:
            raise UnsupportedError(f"the {problem.loss.title} risk is no polynomial on a cell", "leave out cell=")
        lines += [f"(assert ({'>=' if wall.side > 0 else '<='} {polynomial_term(wall.polynomial)} 0.0))" for wall in cell.walls]
        lines.append(f"(define-fun risk () Real {polynomial_term(cell.risk)})")
    goal = f"(< risk {number(risk)})"
    if lower is not None:
        lines += _risk(problem, "lower_", _constant_weight(coordinates(lower)))
        goal = f"(or {goal} (>= lower_risk {number(risk)}))"
    return "\n".join([*lines, f"(assert {goal})", "(check-sat)", "(exit)", ""])


def _product(name: str, term: str) -> str:
    return "0.0" if term == "0.0" else f"(* {name} {term})"


def _constant_weight(values: Mapping[str, Fraction]) -> Weight:
    return lambda name, term: number(values[name]) if term == "1.0" else multiple(values[name], term)


def _risk(problem: Problem, prefix: str, weight: Weight) -> list[str]:
    """Definitions of the forward pass on every sample, ending with that of `risk`; all names begin with `prefix`."""
    network, lines, losses, equal = problem.network, [], [], problem.has_equal_weights

    def share(sample: int, term: str) -> str:
        return term if equal else multiple(problem.shares[sample], term)

    for i, (sample, target) in enumerate(zip(problem.data.x, problem.data.y, strict=True)):
        below = [number(value) for value in sample]
        for layer in range(1, network.layers + 1):
            above = []
            is_output = layer == network.layers
            for j in range(network.widths[layer]):
                terms = [weight(f"W{layer}_{j}_{k}", term) for k, term in enumerate(below)]
                terms += [weight(f"b{layer}_{j}", "1.0")] if network.biases[layer - 1] else []
                z = f"{prefix}f_{j}_{i}" if is_output else f"{prefix}z{layer}_{j}_{i}"
                lines.append(_defined(z, total(terms)))
                above.append(z if is_output else f"{prefix}a{layer}_{j}_{i}")
                if not is_output:
                    lines.append(_defined(above[-1], activation_term(network.activation, z)))
            below = above
        if problem.right_outputs is None:
            losses += [share(i, loss_term(problem.loss, f, y)) for f, y in zip(below, target, strict=True)]
            continue
        right = problem.right_outputs[i]
        for k in range(len(below)):
            if k != right:
                lead = f"{prefix}lead_{k}_{i}"
                lines.append(_defined(lead, f"(- {below[k]} {below[right]})"))
                losses.append(share(i, loss_term(problem.loss, lead, Fraction(-1))))
    scale = problem.common_scale if equal else problem.loss.scale
    return [*lines, _defined(f"{prefix}risk", multiple(scale, total(losses)))]


def _defined(name: str, term: str) -> str:
    return f"(define-fun {name} () Real {term})"


def _direction(problem: Problem, point: Parameters, fixed: Parameters | None) -> str:
    """The one-sided derivative of the risk is linear in the direction on every side of the walls that pass the point."""
    network, names, values = problem.network, weight_names(problem.network), coordinates(point)
    forward = problem.forward(point)
    lines = [
        f"; {problem!r}".replace("\n", " "),
        "; d_NAME is the direction's entry for the weight or bias NAME.",
        "; sat: the one-sided derivative of the risk is negative in some direction; unsat: in none."
        if fixed is None
        else "; sat: the one-sided derivative of the risk in the given direction is not negative; unsat: it is negative.",
        "(set-logic QF_LRA)",
        *(f"(declare-const d_{name} Real)" for name in names),
    ]
    if fixed is not None:
        lines += [f"(assert (= d_{name} {number(value)}))" for name, value in coordinates(fixed).items()]
    below = [vector.fractions() for vector in (problem.data.inputs.column(k) for k in range(network.widths[0]))]
    moving: list[list[str]] = [["0.0"] * len(problem.data)] * network.widths[0]
    for layer in range(1, network.layers + 1):
        is_output, above = layer == network.layers, []
        for j in range(network.widths[layer]):
            row = []
            for i in range(len(problem.data)):
                terms = [multiple(below[k][i], f"d_W{layer}_{j}_{k}") for k in range(len(below))]
                terms += [multiple(values[f"W{layer}_{j}_{k}"], moving[k][i]) for k in range(len(below))]
                terms += [f"d_b{layer}_{j}"] if network.biases[layer - 1] else []
                z = f"df_{j}_{i}" if is_output else f"dz{layer}_{j}_{i}"
                lines.append(_defined(z, total(terms)))
                row.append(z if is_output else f"da{layer}_{j}_{i}")
                if not is_output:
                    low, high = network.activation.slopes_at(forward.pre_activations[layer - 1][j].fractions()[i])
                    lines.append(_defined(row[-1], _one_sided(low, high, z)))
            above.append(row)
        moving = above
        if not is_output:
            below = [vector.fractions() for vector in forward.activations[layer - 1]]
    slopes = problem.term_slopes(forward.outputs)
    terms = [
        _one_sided(low, high, total(multiple(Fraction(sign), moving[j][i]) for j, sign in problem.term_outputs(i, k)))
        for k, pair in enumerate(slopes)
        for i, (low, high) in enumerate(zip(*(vector.fractions() for vector in pair), strict=True))
    ]
    goal = "(< derivative 0.0)" if fixed is None else "(>= derivative 0.0)"
    return "\n".join([*lines, _defined("derivative", total(terms)), f"(assert {goal})", "(check-sat)", "(exit)", ""])


def _one_sided(low: Fraction, high: Fraction, term: str) -> str:
    """low · term where the term is negative, high · term where it is positive."""
    if low == high:
        return multiple(low, term)
    return f"(ite (<= {term} 0.0) {multiple(low, term)} {multiple(high, term)})"
