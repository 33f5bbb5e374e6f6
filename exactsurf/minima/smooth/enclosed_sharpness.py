"""Sharpness between bounds: smooth activations, losses by expression, weight decay."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.check import accepted_with_more_bits
from exactsurf.certificate.claims.enclosed_sharpness import EnclosedSharpnessCertificate
from exactsurf.effort import AnyEffort, Effort, keeps_effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.balls import Ball
from exactsurf.exact.linear_algebra import dot
from exactsurf.exact.number import near
from exactsurf.minima.floats.symmetric_matrix import largest_eigenvector_near
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.minima.smooth.smooth_derivatives import risk_derivatives
from exactsurf.model.needed_problem import check_problem
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

MAX_PARAMETERS = 40
_BITS, _SLACK, _WIDEST, _SPARE = 128, 40, 8, 16


@dataclass(frozen=True)
class EnclosedSharpness:
    """The Hessian of the risk at a point, between bounds: its largest eigenvalue and its trace.

    Attributes: `problem`, `parameters`; `bounds` of the largest eigenvalue; `trace`, bounds; `gradient`, balls: a point of
    training is critical only as far as these tell; `certificate`, which the verifier has accepted.
    Exactness: bounds are proved. Source: proofs/claims/enclosed_sharpness.md.
    """

    problem: Problem
    parameters: Parameters
    bounds: tuple[Fraction, Fraction]
    trace: tuple[Fraction, Fraction]
    gradient: tuple[Ball, ...]
    certificate: EnclosedSharpnessCertificate

    @property
    def largest_step(self) -> tuple[Fraction, Fraction] | None:
        """Bounds on 2/λ, at a critical point the step above which gradient descent is unstable; None if λ may be 0 or less.

        Exactness: exact bounds. Source: proofs/claims/sharpness.md.
        """
        low, high = self.bounds
        return (2 / high, 2 / low) if low > 0 else None

    @property
    def may_be_critical(self) -> bool:
        """Whether every ball of the gradient holds 0: False proves that the point is not critical, True proves nothing."""
        return all(ball.contains(0) for ball in self.gradient)

    def __repr__(self) -> str:
        largest, trace = near(self.bounds[1], 9), near(self.trace[1], 9)
        return f"EnclosedSharpness(largest eigenvalue {largest}, trace {trace}, {self.problem!r})"


@keeps_effort()
def enclosed_sharpness(problem: Problem, parameters: Parameters, *, effort: AnyEffort = None) -> EnclosedSharpness:
    """The largest eigenvalue of the Hessian and its trace between rational bounds, for every activation and loss.

    Where the Hessian is rational (piecewise linear units, a loss by pieces, no weight decay), `sharpness` knows them exactly.

    Parameters: `problem`, with weight decay or without, of at most 40 parameters; exact `parameters` at which the risk is twice
    differentiable; `effort`, seconds (60) or an `Effort`. Returns: an `EnclosedSharpness`.
    Exactness: floats propose a vector; bounds are proved in ball arithmetic, and by the verifier in intervals.
    Raises: `UnsupportedError` where the risk may not be twice differentiable, for more parameters, and where bounds were not
    proved; `ShapeError`, `OutOfTime`. Source: Cohen et al. 2021 (what it is good for); proofs/claims/enclosed_sharpness.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1], biases=False), es.Data.from_arrays([1, 2], [1, 1]), weight_decay="1/10")
    >>> found = es.enclosed_sharpness(problem, problem.parameters(W1=[["1/2"]]))  # 1² + 2² + 1/10
    >>> found.bounds[0] <= es.exact("51/10") <= found.bounds[1], found.may_be_critical
    (True, False)
    """
    running = Effort.of(effort)
    check_problem(problem, "enclosed_sharpness")
    if dimension(problem.network) > MAX_PARAMETERS:
        raise UnsupportedError(f"enclosed_sharpness knows {MAX_PARAMETERS} parameters at most", "take a smaller network")
    derivatives = risk_derivatives(problem, parameters, bits=_BITS)
    if derivatives is None:
        raise UnsupportedError(
            "the risk may not be twice differentiable here: a unit or a prediction is at a breakpoint", "move the point"
        )
    hessian, size = derivatives.hessian, len(derivatives.gradient)
    running.check("the Hessian was enclosed")
    middle = [[ball.midpoint for ball in row] for row in hessian]
    vector = largest_eigenvector_near(middle)
    form = sum((a * b * m for a, row in zip(vector, middle, strict=True) for b, m in zip(vector, row, strict=True)), Fraction(0))
    largest = form / dot(vector, vector)
    scale = max([abs(largest), *(abs(value) for row in middle for value in row)]) or Fraction(1)
    trace = sum((middle[p][p] for p in range(size)), Fraction(0))
    for bits in range(_SLACK, _WIDEST, -4):
        running.check("bounds of the largest eigenvalue are looked for")
        slack = scale / (1 << bits)
        certificate = EnclosedSharpnessCertificate(
            problem,
            parameters,
            _around(derivatives.risk.midpoint, max(slack, 2 * derivatives.risk.radius), bits),
            _around(largest, slack, bits),
            _around(trace, slack, bits),
            _BITS,
            vector,
        )
        accepted = accepted_with_more_bits(certificate, running)
        if accepted is not None:
            return EnclosedSharpness(problem, parameters, accepted.bounds, accepted.trace, derivatives.gradient, accepted)
    raise UnsupportedError("no bounds of the largest eigenvalue were proved", "take parameters with shorter numbers")


def _around(value: Fraction, slack: Fraction, bits: int) -> tuple[Fraction, Fraction]:
    """Short numbers below and above, by about the slack."""
    grid = 1 << max(0, bits + _SPARE - max(0, slack.numerator.bit_length() - slack.denominator.bit_length() + bits))
    return Fraction(((value - slack) * grid).__floor__(), grid), Fraction(((value + slack) * grid).__ceil__(), grid)
