"""Points of the margin problem of homogeneous networks: multipliers by linear programming, and local optimality."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product

from exactsurf.cells.coordinates import coordinates, parameters_at, weight_names
from exactsurf.cells.inputs.affine_network import constants, gradients_on, pieces_at
from exactsurf.certificate.check import verify
from exactsurf.certificate.claims.margin_point import KKT, LOCAL, NO_KKT, NO_LOCAL, MarginCertificate
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.effort import AnyEffort, Effort, OutOfTime
from exactsurf.errors import InputError, RejectedCertificate, UnsupportedError
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Matrix, Vector, identity
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_ZERO, _ONE = Fraction(0), Fraction(1)
_FACTORS = (Fraction(1), Fraction(16), Fraction(1 << 10), Fraction(1 << 20))


@dataclass(frozen=True)
class MarginPoint:
    """What a point is in min ½|θ|², y_i f(x_i; θ) ≥ 1, up to a factor.

    Attributes: `margin`, the least y_i f(x_i); `kkt` and `local_optimum`, verdicts with certificates; `multipliers` by sample,
    of a KKT point, as they are at the given parameters.
    Exactness: exact. Source: Lyu and Li 2020; Vardi, Shamir and Srebro 2022; proofs/claims/margin_point.md.
    """

    margin: Fraction
    kkt: Verdict
    local_optimum: Verdict
    multipliers: tuple[tuple[int, Fraction], ...]

    def __repr__(self) -> str:
        return f"MarginPoint(KKT {self.kkt.status}, local optimum {self.local_optimum.status})"


def margin_point(problem: Problem, parameters: Parameters, *, effort: AnyEffort = None) -> MarginPoint:
    """Whether a point is, up to a factor, a KKT point and a local optimum of the margin problem.

    The network has no biases and h(cz) = c h(z), so that f(x; cθ) = c^L f(x; θ), and θ = Σ μ_i y_i g_i with μ ≥ 0 on the samples
    of least margin and subgradients g_i does not depend on the factor. It is asked of a linear program. Then second order, and
    curves that start a unit whose weights are all 0.

    Parameters: `problem`, one output, targets 1 and −1, no biases; `parameters` that classify every sample correctly; `effort`,
    seconds (60) or an `Effort`, after which what is open stays UNDECIDED.
    Exactness: exact. Raises: `UnsupportedError` for other networks, or a unit of a deep network at a breakpoint on a sample of
    least margin; `InputError` for other targets, and where a sample is not classified correctly; `ShapeError`.
    Source: Lyu and Li 2020; proofs/claims/margin_point.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([[1, "1/4"], [-1, "1/4"]], [1, 1])
    >>> problem = es.Problem(es.Network([2, 2, 1], biases=False), data)
    >>> es.margin_point(problem, problem.parameters(W1=[[0, 2], [0, 0]], W2=[[2, 0]]))  # a KKT point, but no local optimum
    MarginPoint(KKT PROVED, local optimum REFUTED)
    """
    running = Effort.of(effort).started()
    check_piecewise_linear(problem, "margin_point")
    problem.check_shapes(parameters)
    network, labels = problem.network, tuple(row[0] for row in problem.data.y)
    if network.widths[-1] != 1 or any(network.biases) or network.activation.degree != 1 or network.layers < 2:
        raise UnsupportedError(
            f"{network!r} is no homogeneous network of one output", "take biases=False and an activation such as relu"
        )
    if any(abs(label) != 1 for label in labels):
        raise InputError("the targets of a margin problem are 1 and -1", fix="give labels as targets")
    inputs = problem.data.x
    outputs = problem.forward(parameters).outputs[0].fractions()
    margins = [label * value for label, value in zip(labels, outputs, strict=True)]
    margin = min(margins)
    if margin <= 0:
        raise InputError(f"sample {margins.index(margin)} is not classified correctly", fix="take a point with positive margins")
    active = [i for i, value in enumerate(margins) if value == margin]
    base = MarginCertificate(KKT, network, inputs, labels, parameters, margin)
    with running.governs():
        kkt = _within(lambda: _kkt(problem, base, active, running))
        local = _within(lambda: _local(problem, base, kkt, running))
    found = kkt.certificate.multipliers if isinstance(kkt.certificate, MarginCertificate) else ()
    return MarginPoint(margin, kkt, local, found)


def _within(question: Callable[[], Verdict]) -> Verdict:
    try:
        return question()
    except OutOfTime as error:
        return Verdict(Status.UNDECIDED, str(error))


def _theta(parameters: Parameters) -> Vector:
    return tuple(coordinates(parameters).values())


def _kkt(problem: Problem, base: MarginCertificate, active: list[int], effort: Effort) -> Verdict:
    network, theta, labels = problem.network, _theta(base.parameters), base.labels
    h, width, reads = network.activation, network.widths[1], network.widths[0]
    gradients: Matrix = ()
    pairs: list[tuple[int, int]] = []
    for i in active:
        effort.check("gradients of the least margins")
        pieces, _ = pieces_at(network, base.parameters, base.inputs[i])
        (row,) = gradients_on(network, base.parameters, pieces, constants(base.inputs[i]))
        gradients = (*gradients, tuple(labels[i] * value for (value,) in row))
        kinks = _kinks(problem, base.parameters, base.inputs[i])
        if kinks and network.layers > 2:
            raise UnsupportedError(f"a unit is at a breakpoint on sample {i}, of least margin", "that is for one hidden layer")
        pairs += [(i, j) for j in kinks]
    # μ_i with a coordinate for each pair at a kink, t ≤ μ_i as t + s = μ_i.
    extra = len(pairs)
    vectors = [
        (*gradient, *(-_ONE if i == pair[0] else _ZERO for pair in pairs)) for i, gradient in zip(active, gradients, strict=True)
    ]
    for place, (i, j) in enumerate(pairs):
        unit = tuple(_ONE if k == place else _ZERO for k in range(extra))
        factor = (h.slopes[-1] - h.slopes[0]) * labels[i] * theta[reads * width + j]
        moved = [_ZERO] * len(theta)
        for k, value in enumerate(base.inputs[i]):
            moved[j * reads + k] = factor * value
        vectors.append((*moved, *unit))
    vectors += [(*[_ZERO] * len(theta), *(_ONE if k == place else _ZERO for k in range(extra))) for place in range(extra)]
    target = (*theta, *[_ZERO] * extra)
    found = solve_bounded_system(vectors, target, [_ZERO] * len(vectors), [None] * len(vectors), effort)
    if isinstance(found, FarkasVector):
        direction = _point(problem, tuple(-value for value in found.values[: len(theta)]))
        certificate = _with(base, NO_KKT, direction=direction)
        return _proved(certificate, Status.REFUTED, "no multipliers: along a direction the norm falls and no least margin does")
    multipliers = tuple((i, value) for i, value in zip(active, found.values, strict=False) if value)
    parts = found.values[len(active) : len(active) + extra]
    kept = dict(multipliers)
    slopes = tuple((i, j, part) for (i, j), part in zip(pairs, parts, strict=True) if i in kept)
    certificate = _with(base, KKT, multipliers=multipliers, kinks=slopes)
    return _proved(certificate, Status.PROVED, "the parameters are a combination of gradients of the least margins")


def _local(problem: Problem, base: MarginCertificate, kkt: Verdict, effort: Effort) -> Verdict:
    for steps in _curves(problem, base):
        effort.check("curves that start a unit whose weights are all 0")
        verdict = _proved(_with(base, NO_LOCAL, steps=steps), Status.REFUTED, "along a curve the norm falls and no margin does")
        if verdict.status is Status.REFUTED:
            return verdict
    certificate = kkt.certificate
    if kkt.status is not Status.PROVED or not isinstance(certificate, MarginCertificate):
        return Verdict(
            Status.UNDECIDED, "the point is no KKT point, and no curve was found that shows that it is no local optimum"
        )
    for factor in _FACTORS:
        effort.check("second order, with one factor after the other")
        local = _with(base, LOCAL, multipliers=certificate.multipliers, kinks=(), factor=factor)
        verdict = _proved(local, Status.PROVED, "second order: the Hessian of the Lagrangian is positive definite")
        if verdict.status is Status.PROVED:
            return verdict
    return Verdict(Status.UNDECIDED, f"neither second order nor curves decide ({verdict.reason})")


def _curves(problem: Problem, base: MarginCertificate) -> list[tuple[Parameters, ...]]:
    """Proposals θ(1 − cε²) + ε d with d a unit of weights 0 that begins to work for some sample, for one hidden layer."""
    network = problem.network
    if network.layers != 2:
        return []
    names, theta = weight_names(network), _theta(base.parameters)
    found: list[tuple[Parameters, ...]] = []
    for j in range(network.widths[1]):
        if any(base.parameters.weights[0][j]) or base.parameters.weights[1][0][j]:
            continue
        for x, sign in product((*base.inputs, *identity(network.widths[0])), (1, -1)):
            for turn in (1, -1):
                first = dict.fromkeys(names, _ZERO)
                first.update({f"W1_{j}_{k}": turn * value for k, value in enumerate(x)})
                length = sum((value * value for value in x), _ZERO)
                first[f"W2_0_{j}"] = sign * _near_root(length)
                rate = (length + first[f"W2_0_{j}"] ** 2) / (2 * sum((v * v for v in theta), _ZERO)) * Fraction(17, 16)
                second = {name: -rate * value for name, value in zip(names, theta, strict=True)}
                found += [
                    (parameters_at(network, first), parameters_at(network, tilted)) for tilted in _tilts(base, second, x, turn)
                ]
    return found


def _tilts(base: MarginCertificate, second: dict[str, Fraction], x: Vector, turn: int) -> list[dict[str, Fraction]]:
    """The second step, and the same with rows moved away from the sample that the new unit serves."""
    found = [second]
    rows = base.parameters.weights[0]
    for part in (Fraction(1, 4), Fraction(1, 2), Fraction(1)):
        tilted = dict(second)
        for j, row in enumerate(rows):
            if any(row):
                for k, value in enumerate(x):
                    tilted[f"W1_{j}_{k}"] -= part * turn * value
        found.append(tilted)
    return found


def _near_root(value: Fraction) -> Fraction:
    guess = max(value, _ONE)
    for _ in range(6):
        guess = ((guess + value / guess) / 2).limit_denominator(1 << 12)
    return guess


def _kinks(problem: Problem, parameters: Parameters, x: Vector) -> list[int]:
    """The hidden units at a breakpoint where the slope changes, on one input; −1 for units above the first layer."""
    network, below, found = problem.network, x, []
    if network.activation.is_linear:
        return []
    for layer in range(network.layers - 1):
        z = [sum((w * v for w, v in zip(row, below, strict=True)), _ZERO) for row in parameters.weights[layer]]
        found += [j if layer == 0 else -1 for j, value in enumerate(z) if not value]
        below = tuple(network.activation(value) for value in z)
    return found


def _point(problem: Problem, values: Vector) -> Parameters:
    return parameters_at(problem.network, dict(zip(weight_names(problem.network), values, strict=True)))


def _with(
    base: MarginCertificate,
    kind: str,
    *,
    multipliers: tuple[tuple[int, Fraction], ...] = (),
    kinks: tuple[tuple[int, int, Fraction], ...] = (),
    factor: Fraction | None = None,
    direction: Parameters | None = None,
    steps: tuple[Parameters, ...] = (),
) -> MarginCertificate:
    where = (kind, base.problem, base.inputs, base.labels, base.parameters, base.margin)
    return MarginCertificate(*where, multipliers, kinks, factor, direction, steps)


def _proved(certificate: MarginCertificate, status: Status, reason: str) -> Verdict:
    """The verdict if the verifier accepts the certificate."""
    try:
        verify(certificate)
    except RejectedCertificate as error:
        return Verdict(Status.UNDECIDED, str(error.fields["reason"]))
    return Verdict(status, reason, certificate)
