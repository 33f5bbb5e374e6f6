"""Patterns put to Z3: is there a point of parameter space with them? A yes is checked exactly, a no is Z3's word."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from importlib import import_module
from typing import Any

from exactsurf.cells.coordinates import parameters_at, weight_names
from exactsurf.cells.patterns.pattern_frame import PatternFrame
from exactsurf.cells.patterns.pattern_search import has_pieces
from exactsurf.errors import InternalError, MissingExtraError
from exactsurf.exact.number import to_text
from exactsurf.model.parameters import Parameters

_DIGITS = (8, 32, 128)
"""Decimal digits to which an algebraic answer is rounded, one after the other; the region is open, so some number is enough."""


def ask_z3(frame: PatternFrame, milliseconds: int) -> Parameters | bool | None:
    """Parameters with the pattern, False if Z3 finds that there are none, None if it does not know.

    The question is put as it is defined: all weights are unknowns, the inequalities polynomial.

    Parameters: a `frame` with a checked pattern; `milliseconds`, Z3's time limit.
    Exactness: parameters are rational and checked by the exact forward pass; False rests on Z3 alone.
    Raises: `MissingExtraError` without Z3. Source: de Moura and Jovanović, "Solving non-linear arithmetic", IJCAR 2012.
    """
    try:
        z3 = import_module("z3")
    except ImportError:
        raise MissingExtraError("z3-solver", "smt") from None
    names = weight_names(frame.problem.network)
    unknowns = {name: z3.Real(name) for name in names}
    solver = z3.SolverFor("QF_NRA")
    solver.set("timeout", milliseconds)
    solver.add(*_inequalities(z3, frame, unknowns))
    answer = solver.check()
    if answer == z3.unsat:
        return False
    if answer != z3.sat:
        return None
    model = solver.model()
    for digits in _DIGITS:
        point = {name: _rational(z3, model.eval(unknown, model_completion=True), digits) for name, unknown in unknowns.items()}
        parameters = parameters_at(frame.problem.network, point)
        if has_pieces(frame.problem, parameters, frame.pieces):
            return parameters
        if all(z3.is_rational_value(model.eval(unknown, model_completion=True)) for unknown in unknowns.values()):
            raise InternalError("the rational answer of Z3 does not have the pattern")
    return None


def _rational(z3: Any, value: Any, digits: int) -> Fraction:
    number = value if z3.is_rational_value(value) else value.approx(digits)
    return Fraction(int(number.numerator_as_long()), int(number.denominator_as_long()))


def _inequalities(z3: Any, frame: PatternFrame, unknowns: dict[str, Any]) -> Iterator[Any]:
    network, h = frame.problem.network, frame.problem.network.activation
    points = [z3.RealVal(to_text(t)) for t in h.breakpoints]
    lines = [(z3.RealVal(to_text(a)), z3.RealVal(to_text(c))) for a, c in h.lines]
    for i, sample in enumerate(frame.problem.data.x):
        below = [z3.RealVal(to_text(value)) for value in sample]
        for layer, units in enumerate(frame.pieces, start=1):
            above = []
            for j, unit in enumerate(units):
                piece = unit[i]
                if piece is None:
                    continue
                z = z3.Sum([unknowns[f"W{layer}_{j}_{k}"] * value for k, value in enumerate(below)])
                if network.biases[layer - 1]:
                    z = z + unknowns[f"b{layer}_{j}"]
                if piece > 0 and not frame.silent[layer - 1][i]:
                    yield z > points[piece - 1]
                if piece < len(points) and not frame.silent[layer - 1][i]:
                    yield z < points[piece]
                above.append(lines[piece][0] * z + lines[piece][1])
            if len(above) < len(units):
                break
            below = above
