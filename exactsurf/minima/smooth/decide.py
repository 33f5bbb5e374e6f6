"""decide for smooth activations: is this exact rational point a local minimum?"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.check import accepted_with_more_bits
from exactsurf.certificate.claims.smooth_point import (
    GLOBAL_MINIMUM_OF_SMOOTH_RISK,
    LOCAL_MINIMUM_OF_SMOOTH_RISK,
    NO_LOCAL_MINIMUM_OF_SMOOTH_RISK,
    SmoothPoint,
)
from exactsurf.certificate.rules.smooth import SmoothEvidence
from exactsurf.certificate.rules.smooth.dead_unit import SmoothDeadUnit
from exactsurf.certificate.rules.smooth.descent import SmoothDescent
from exactsurf.certificate.rules.smooth.fit import Fit
from exactsurf.certificate.rules.smooth.unitwise import SmoothUnitwise
from exactsurf.certificate.verdict import Status
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.balls import PRECISIONS, Ball, to_arb, working_precision
from exactsurf.minima.local.coordinate_vector import vector_of
from exactsurf.minima.smooth.smooth_derivatives import flint_derivatives, risk_ball
from exactsurf.minima.smooth.smooth_descent import curvature_descent, dead_unit_descent, slope_descent
from exactsurf.minima.smooth.smooth_exact import prove_exactly
from exactsurf.model.parameters import Parameters
from exactsurf.model.smooth_problem import SmoothProblem

_INSTEAD = "find_critical_box finds the critical point near it, which need not be rational"
_NOT_FOLLOWED = "the verifier does not follow the proof at any precision that was tried"


@dataclass(frozen=True)
class SmoothVerdict:
    """The answer to a question about a rational point of a smooth risk.

    Attributes: `status`; `reason` in words; `risk`, a ball with the risk of the point (exact where it is known to be
    rational); `certificate`, accepted by the verifier, for PROVED and REFUTED; `lower_point` of strictly lower risk for
    REFUTED. Exactness: exact. `bool(verdict)` raises, because three answers do not fit into two.
    Source: `Verdict`, whose conventions these are.
    """

    status: Status
    reason: str
    risk: Ball
    certificate: SmoothPoint | None = None
    lower_point: Parameters | None = None

    def __bool__(self) -> bool:
        raise TypeError(f"a verdict has three values; ask verdict.status (here {self.status}) instead of its truth value")

    def __repr__(self) -> str:
        return f"SmoothVerdict({self.status}: {self.reason})"


def decide_smooth(problem: SmoothProblem, parameters: Parameters) -> SmoothVerdict:
    """Decide whether rational `parameters` are a local minimum of the risk of a network with a smooth activation.

    PROVED where exact arithmetic suffices: for every input the residuals add up to 0 (a global minimum), or theorem A holds
    unit by unit because equal pre-activations make its equations rational. REFUTED where balls show a slope, a negative
    curvature, or a use of a unit that no output reads. Most local minima are not rational points: ask `find_critical_box`.

    Parameters: exact `parameters` of the problem's network. Returns: a `SmoothVerdict`. Exactness: exact; the verifier has
    accepted the certificate. Raises: `ShapeError` for parameters of another network, `UnsupportedError` for values beyond all
    bounds. Source: theory.md, theorem A and section 7; proofs/smooth.md, sections 6 and 7.

    >>> from exactsurf.model.data import Data
    >>> problem = SmoothProblem([1, 1, 1], Data.from_arrays([-1, 1, 2], [0, 1, 1]), "tanh")
    >>> decide_smooth(problem, problem.parameters(W1=[[0]], b1=[0], W2=[[0]], b2=["2/3"])).status
    <Status.REFUTED: 'REFUTED'>
    """
    if problem.activation.piecewise is not None:
        raise InputError(
            "decide needs a Problem for a piecewise linear activation",
            text=repr(problem),
            fix="build it with Problem(network, data, loss)",
        )
    problem.check_shapes(parameters)
    found = prove_exactly(problem, parameters)
    if not isinstance(found, str):
        evidence, kind = (
            (Fit(), GLOBAL_MINIMUM_OF_SMOOTH_RISK) if found.rule == "fit" else (SmoothUnitwise(), LOCAL_MINIMUM_OF_SMOOTH_RISK)
        )
        reason = {
            "fit": "a global minimum: for every input the residuals of its samples add up to 0",
            "unitwise": "a local minimum: every unit passes the unitwise criterion (theorem A)",
        }[found.rule]
        proved = accepted_with_more_bits(SmoothPoint(kind, problem, parameters, (found.risk, found.risk), evidence, found.bits))
        risk = Ball(found.risk)
        if proved is None:
            return SmoothVerdict(Status.UNDECIDED, _NOT_FOLLOWED, risk)
        return SmoothVerdict(Status.PROVED, reason, risk, proved)
    risk, left_open = risk_ball(problem, parameters), ""
    for bits in PRECISIONS:
        with working_precision(bits):
            descent = _descent(problem, parameters, bits)
            if isinstance(descent, str):
                left_open = descent
                continue
            risk = risk_ball(problem, parameters, bits)
            certificate = accepted_with_more_bits(
                SmoothPoint(NO_LOCAL_MINIMUM_OF_SMOOTH_RISK, problem, parameters, _bounds(risk, descent), descent, bits)
            )
            if certificate is None:
                left_open = _NOT_FOLLOWED
                continue
            return SmoothVerdict(Status.REFUTED, _reason(descent), risk, certificate, descent.lower_point.parameters)
    exact_rules = "" if left_open in found else f", and the exact rules do not apply ({found})"
    return SmoothVerdict(Status.UNDECIDED, f"{left_open}{exact_rules}; {_INSTEAD}", risk)


def _descent(problem: SmoothProblem, parameters: Parameters, bits: int) -> SmoothDescent | SmoothDeadUnit | str:
    """Evidence at the working precision that the point is no local minimum, or what was looked at in vain."""
    found = flint_derivatives(problem, [to_arb(value) for value in vector_of(parameters)])
    descent: SmoothDescent | SmoothDeadUnit | None = None
    if found is not None:
        descent = slope_descent(problem, parameters, found[1], bits)
        descent = descent or curvature_descent(problem, parameters, found[2], bits)
    descent = descent or dead_unit_descent(problem, parameters, bits)
    if descent is not None:
        return descent
    if found is None:
        return "a pre-activation is 0, where the activation has no second derivative"
    return f"at {bits} bits no entry of the gradient is seen not to be 0, and no direction of negative curvature"


def _bounds(risk: Ball, descent: SmoothDescent | SmoothDeadUnit) -> tuple[Fraction, Fraction]:
    """Short bounds on the risk that the lower point stays below."""
    gap = risk.lower - descent.lower_point.risk
    if gap <= 0:
        raise UnsupportedError("the risk of the lower point is not below that of the point")
    scale = 8 * (1 / gap).__ceil__()
    return Fraction(((risk.lower - gap / 2) * scale).__floor__(), scale), Fraction(((risk.upper + gap) * scale).__ceil__(), scale)


def _reason(evidence: SmoothEvidence) -> str:
    if isinstance(evidence, SmoothDeadUnit):
        return f"not a local minimum: no output reads unit {evidence.unit} of the last hidden layer, and using it lowers the risk"
    order = evidence.order if isinstance(evidence, SmoothDescent) else 0
    if order == 1:
        return "not a local minimum: the gradient is not 0"
    return "not a local minimum: the Hessian is negative along a rational direction"
