"""decide(problem, parameters): is this exact point a local minimum of the training risk?"""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.check import confirmed
from exactsurf.certificate.document import LOCAL_MINIMUM, NOT_A_LOCAL_MINIMUM, Certificate
from exactsurf.certificate.evidence import DeadUnit, DescentDirection, LocalMinimum, Paths, Unitwise
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import UnsupportedError
from exactsurf.minima.cone_tree import MAX_CONES
from exactsurf.minima.descent import descend
from exactsurf.minima.directional import selected_gradient
from exactsurf.minima.paths import check_paths
from exactsurf.minima.unitwise import decide_unitwise
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


def decide(problem: Problem, parameters: Parameters, *, max_cones: int = MAX_CONES) -> Verdict:
    """Decide whether `parameters` are a local minimum of the risk of `problem`.

    Parameters: exact `parameters` of the problem's network; `max_cones` bounds the work at points on many walls.
    Returns: a `Verdict`: PROVED (a local minimum) or REFUTED (not one), each with a certificate that the verifier has
    accepted, or UNDECIDED with the reason. One hidden layer with one output is decided at every point where the loss is
    differentiable at the predictions. Everywhere else the path test may prove and a descent direction may refute.
    Exactness: exact. Raises: `ShapeError` for parameters of another network, `UnsupportedError` if a number of the certificate
    would be longer than its format allows (250,000 hexadecimal digits).
    Source: theory.md, theorems A and C; proofs/unitwise.md, paths.md, descent.md.

    >>> from exactsurf.model.data import Data
    >>> from exactsurf.model.network import Network
    >>> problem = Problem(Network([1, 1, 1]), Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    >>> theta = problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])
    >>> decide(problem, theta).status, problem.risk(theta)
    (<Status.PROVED: 'PROVED'>, Fraction(9, 1))
    """
    forward = problem.forward(parameters)
    risk = problem.risk_of(forward.outputs)
    subdifferentials = problem.subdifferentials(forward.outputs)
    try:
        paths = check_paths(problem, forward, subdifferentials)
    except UnsupportedError as error:
        paths = str(error)
    if isinstance(paths, Paths):
        return _proved(problem, parameters, risk, paths, "the frozen risk is constant near the point (path test, theorem C)")
    kinks = [
        i
        for low, high in subdifferentials
        if low is not high
        for i, (a, b) in enumerate(zip(low.numerators, high.numerators, strict=True))
        if a * high.denominator != b * low.denominator
    ]
    single = problem.network.layers == 2 and problem.network.widths[-1] == 1
    if single and not kinks:
        r = subdifferentials[0][0]
        answer = decide_unitwise(problem, parameters, forward, r, risk, max_cones=max_cones)
        if isinstance(answer, Unitwise):
            return _proved(problem, parameters, risk, answer, "every unit passes the unitwise criterion (theorem A)")
        if not isinstance(answer, str):
            return _refuted(problem, parameters, risk, answer)
        return Verdict(Status.UNDECIDED, answer, risk=risk)
    descent = descend(problem, parameters, _downhill(selected_gradient(problem, parameters, forward)), risk)
    if descent is not None:
        return _refuted(problem, parameters, risk, descent)
    return Verdict(Status.UNDECIDED, _why_open(problem, kinks, paths), risk=risk)


def _proved(problem: Problem, parameters: Parameters, risk: Fraction, evidence: LocalMinimum, reason: str) -> Verdict:
    certificate = confirmed(Certificate(LOCAL_MINIMUM, problem, parameters, risk, local_minimum=evidence))
    return Verdict(Status.PROVED, f"a local minimum: {reason}", certificate, risk=risk)


def _refuted(problem: Problem, parameters: Parameters, risk: Fraction, evidence: DescentDirection | DeadUnit) -> Verdict:
    certificate = confirmed(Certificate(NOT_A_LOCAL_MINIMUM, problem, parameters, risk, descent=evidence))
    if isinstance(evidence, DeadUnit):
        reason = f"not a local minimum: unit {evidence.unit} has output weight 0, and moving it opens a descent"
    else:
        reason = "not a local minimum: the risk has a negative one-sided derivative along a rational direction"
    return Verdict(Status.REFUTED, reason, certificate, evidence.lower_point.parameters, risk)


def _downhill(gradient: Parameters) -> Parameters:
    zero = gradient.moved(gradient, Fraction(-1))
    return zero.moved(gradient, Fraction(-1))


def _why_open(problem: Problem, kinks: list[int], paths: str) -> str:
    if kinks:
        what = f"the {problem.loss.name} loss is not differentiable at the prediction of sample {kinks[0]}"
    elif problem.network.layers != 2:
        hidden = problem.network.layers - 1
        what = f"the unitwise criterion needs one hidden layer (here {hidden})"
    else:
        what = f"the unitwise criterion needs one output (here {problem.network.widths[-1]})"
    return f"{what}, the path test does not apply ({paths}), and the gradient gives no descent direction"
