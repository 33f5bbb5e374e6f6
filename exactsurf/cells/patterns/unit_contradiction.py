"""Why a unit of the first hidden layer cannot have its part of an activation pattern: Farkas multipliers by sample."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, lcm

from exactsurf.cells.activation_pattern import ActivationPattern, checked_pattern
from exactsurf.errors import InternalError
from exactsurf.exact.bounded_system import Multipliers, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector
from exactsurf.exact.number import to_text
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class UnitInequality:
    """sign·(w·x̃_i − t) > 0, which the weights w of a unit of layer 1 satisfy if it is on its piece on sample i."""

    sample: int
    breakpoint: Fraction
    sign: int

    def __str__(self) -> str:
        return f"sample {self.sample} {'above' if self.sign > 0 else 'below'} {to_text(self.breakpoint)}"


@dataclass(frozen=True)
class UnitContradiction:
    """No weights give unit `unit` of layer 1 these `pieces`: the inequalities they ask for contradict each other.

    `multipliers` are pairs (inequality, λ), at least one, with λ > 0, Σ λ·sign·x̃_i = 0 and Σ λ·sign·t ≥ 0, although
    Σ λ·sign·(w·x̃_i − t) would be > 0. Exactness: exact. Source: Motzkin's transposition theorem.
    """

    unit: int
    pieces: tuple[int, ...]
    multipliers: tuple[tuple[UnitInequality, Fraction], ...]

    def holds(self, problem: Problem) -> bool:
        """Whether the pieces ask for these inequalities in `problem`, and the multipliers contradict them."""
        asked = set(_inequalities(problem, self.pieces))
        if not self.multipliers or any(value <= 0 or wall not in asked for wall, value in self.multipliers):
            return False
        inputs = _extended_inputs(problem)
        scaled = [(wall.sign * value, wall) for wall, value in self.multipliers]
        sums = [sum((factor * inputs[wall.sample][p] for factor, wall in scaled), Fraction(0)) for p in range(len(inputs[0]))]
        return not any(sums) and sum(factor * wall.breakpoint for factor, wall in scaled) >= 0

    def __repr__(self) -> str:
        shown = "; ".join(f"{to_text(value)} × ({wall})" for wall, value in self.multipliers)
        return f"UnitContradiction(unit {self.unit}: {shown})"


def find_unit_contradiction(problem: Problem, pattern: ActivationPattern) -> UnitContradiction | None:
    """The proof that a unit of layer 1 cannot have its part of a pattern; None if every unit of layer 1 can.

    None is an answer too: with one hidden layer the pattern then has a cell, because its units are free of each other.
    A sample with x̃ = 0 is on the piece left of 0 or around it, whatever the weights; other pieces contradict that.

    Parameters: a `pattern` with a piece for every hidden unit and sample. Exactness: exact, checked by substitution.
    Raises: `ShapeError` and `InputError` for what is no pattern of this network.
    Source: theory.md, section 2; Motzkin's transposition theorem.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]))
    >>> find_unit_contradiction(problem, es.ActivationPattern((((0, 1, 0),),)))
    UnitContradiction(unit 0: 1 × (sample 0 below 0); 2 × (sample 1 above 0); 1 × (sample 2 below 0))
    >>> find_unit_contradiction(problem, es.ActivationPattern((((0, 1, 1),),))) is None
    True
    """
    checked_pattern(problem, pattern)
    inputs, possible = _extended_inputs(problem), set()
    for unit, row in enumerate(pattern.pieces[0] if pattern.pieces else ()):
        pieces = tuple(piece or 0 for piece in row)
        if pieces in possible:
            continue
        multipliers = _contradict(_inequalities(problem, pieces), inputs)
        if multipliers is not None:
            found = UnitContradiction(unit, pieces, multipliers)
            if not found.holds(problem):
                raise InternalError("the multipliers against an activation pattern do not contradict it")
            return found
        possible.add(pieces)
    return None


def _extended_inputs(problem: Problem) -> list[Vector]:
    one = (Fraction(1),) if problem.network.biases[0] else ()
    return [row + one for row in problem.data.inputs]


def _inequalities(problem: Problem, pieces: Sequence[int]) -> list[UnitInequality]:
    """What the pieces of a unit of layer 1 ask of its weights."""
    breakpoints, has_bias = problem.network.activation.breakpoints, problem.network.biases[0]
    found = []
    for i, (piece, row) in enumerate(zip(pieces, problem.data.inputs, strict=True)):
        if piece > 0:
            found.append(UnitInequality(i, breakpoints[piece - 1], 1))
        # By convention a pre-activation that is 0 whatever the weights are is on the piece left of 0 or around it.
        if piece < len(breakpoints) and (has_bias or any(row) or breakpoints[piece]):
            found.append(UnitInequality(i, breakpoints[piece], -1))
    return found


def _contradict(walls: Sequence[UnitInequality], inputs: Sequence[Vector]) -> tuple[tuple[UnitInequality, Fraction], ...] | None:
    """Multipliers with which the inequalities contradict each other, if they do."""
    size, zero, one = len(inputs[0]), Fraction(0), Fraction(1)
    # λ ≥ 0 with Σ λ·sign·x̃ = 0, Σ λ·sign·t = slack ≥ 0 and Σ λ = 1.
    vectors = [(*(wall.sign * v for v in inputs[wall.sample]), wall.sign * wall.breakpoint, one) for wall in walls]
    vectors.append((*[zero] * size, -one, zero))
    answer = solve_bounded_system(vectors, (*[zero] * (size + 1), one), [zero] * len(vectors), [None] * len(vectors))
    if not isinstance(answer, Multipliers):
        return None
    used = [(wall, value) for wall, value in zip(walls, answer.values, strict=False) if value]
    common = lcm(*(value.denominator for _, value in used))
    divisor = gcd(*(value.numerator * (common // value.denominator) for _, value in used))
    return tuple((wall, value * common / divisor) for wall, value in used)
