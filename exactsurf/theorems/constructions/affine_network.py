"""Parameters with which a network computes an affine map on the data, and that map plus one hinge.

The construction of Yun, Sra and Jadbabaie (2019) and of He, Wang and Tao (2020): every unit stays strictly inside one
piece of the activation on every sample, so that the network is affine there, at any depth and for any continuous
piecewise linear activation with a breakpoint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.errors import HypothesisError
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import to_text
from exactsurf.exact.scaled_vector import ScaledVector, combine
from exactsurf.model.activation import Activation
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class Anchor:
    """A breakpoint t₀ of the activation and the side (+1 right, −1 left) of it on which units are kept.

    `slope` is the slope on that side, `room` the distance to the next breakpoint on it (None: unbounded);
    `right`, `left` are both slopes at t₀, `clearance` the distance to the nearest other breakpoint on either side.
    """

    point: Fraction
    value: Fraction
    side: int
    slope: Fraction
    room: Fraction | None
    right: Fraction
    left: Fraction
    clearance: Fraction | None


def find_anchor(h: Activation) -> Anchor | None:
    """The breakpoint and side to build on, an unbounded right side first; None for a linear activation."""
    return next(iter(list_anchors(h)), None)


def hinge_anchor(problem: Problem, hypothesis: str) -> Anchor:
    """The anchor of a network that is to compute an affine map and a hinge, after everything that it needs is looked at.

    Parameters: `problem`; `hypothesis`, the name of the one that asks for a breakpoint. Exactness: exact.
    Raises: `HypothesisError` if a layer is too narrow or has no bias, or the activation is linear. Source: papers.md, section 2.

    >>> import exactsurf as es
    >>> hinge_anchor(es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1], [0, 1])), "C1.3").side
    1
    """
    check_room(problem, with_hinge=True)
    anchor = find_anchor(problem.network.activation)
    if anchor is None:
        slope = to_text(problem.network.activation.slopes[0])
        what = f"the activation is linear (slope {slope} everywhere)"
        raise HypothesisError(hypothesis, what, "choose an activation with a breakpoint")
    return anchor


def list_anchors(h: Activation) -> list[Anchor]:
    """All breakpoints and sides with a slope other than 0, the best to build on first."""
    anchors = []
    for k, t in enumerate(h.breakpoints):
        before = t - h.breakpoints[k - 1] if k else None
        after = h.breakpoints[k + 1] - t if k + 1 < len(h.breakpoints) else None
        finite = [gap for gap in (before, after) if gap is not None]
        clearance = min(finite) if finite else None
        for side, slope, room in ((1, h.slopes[k + 1], after), (-1, h.slopes[k], before)):
            if slope:
                anchors.append(Anchor(t, h(t), side, slope, room, h.slopes[k + 1], h.slopes[k], clearance))
    return sorted(anchors, key=lambda a: (a.room is not None, -a.side, abs(a.point)))


@dataclass(frozen=True)
class Hinge:
    """The function ω|q(x)|, q(x) = a·x − c, to be added to output `output`."""

    output: int
    normal: Vector
    offset: Fraction
    weight: Fraction


@dataclass(frozen=True)
class Choice:
    """The free parameters of the affine point: floors μ (one per output), scale ρ, and the bias of idle units.

    Where an entry is None the default is taken. The admissible intervals are those of `AffineFamily`.
    """

    floors: Vector | None = None
    scale: Fraction | None = None
    idle: Fraction | None = None


def affine_parameters(
    problem: Problem,
    anchor: Anchor,
    matrix: Matrix,
    constants: Vector,
    hinge: Hinge | None = None,
    choice: Choice | None = None,
) -> Parameters:
    """Parameters whose network computes A x + a on the data, plus ω|q| in one output if there is a hinge.

    Parameters: `anchor` of the activation; `matrix` A, d_y × d, and `constants` a, d_y; `hinge`; `choice` of what is free
    (not checked here). Without a hinge every pre-activation lies strictly inside one piece on every sample, so the point
    passes the path test if (A, a) is a least squares fit.
    Exactness: exact. Raises: `HypothesisError` if a layer is too narrow (d_y units, and one more in layer 1 for the hinge)
    or has no bias. Source: papers.md, section 1 (Theorem 1) and section 2 (construction at any depth), ML2.
    """
    check_room(problem, hinge is not None)
    outputs, size, widths = len(matrix), len(problem.data), problem.network.widths
    # Layer 1 carries the affine map; next to a hinge it also cancels the linear part of what the hinge unit computes.
    carried, offsets, tilt = list(matrix), list(constants), Fraction(0)
    if hinge is not None:
        tilt = hinge.weight * (anchor.right + anchor.left) / (anchor.right - anchor.left)
        carried[hinge.output] = tuple(w - tilt * n for w, n in zip(matrix[hinge.output], hinge.normal, strict=True))
        offsets[hinge.output] = constants[hinge.output] + tilt * hinge.offset
    carries = [[vector] for vector in problem.data.inputs.affine_image(carried, offsets)]
    bend = ScaledVector((0,) * size, 1)
    if hinge is not None:
        q = problem.data.inputs.affine_image([hinge.normal], [-hinge.offset])[0]
        bend = ScaledVector(tuple(map(abs, q.numerators)), q.denominator)
        channel = carries[hinge.output]
        channel.append(combine((channel[0], q, bend), (Fraction(1), tilt, hinge.weight), Fraction(0), size))
    free = choice or Choice()
    floors = list(free.floors) if free.floors is not None else [_floor(vectors) for vectors in carries]
    scale = _scale(anchor, carries, floors) if free.scale is None else free.scale
    idle = _idle(anchor, floors) if free.idle is None else free.idle
    rise = anchor.side * scale
    hinge_scale = Fraction(1)
    if hinge is not None and anchor.clearance is not None:
        hinge_scale = anchor.clearance / 2 / (_highest(bend) or 1)
    hinge_weight = 2 * hinge.weight / (hinge_scale * (anchor.right - anchor.left)) if hinge is not None else Fraction(0)

    first = [tuple(rise * w for w in row) for row in carried]
    first_bias = [anchor.point + rise * (c - floor) for c, floor in zip(offsets, floors, strict=True)]
    if hinge is not None:
        first.append(tuple(hinge_scale * n for n in hinge.normal))
        first_bias.append(anchor.point - hinge_scale * hinge.offset)
    weights = [_padded(first, widths[1], widths[0])]
    biases: list[Vector | None] = [tuple(first_bias) + (idle,) * (widths[1] - len(first_bias))]
    for layer in range(2, problem.network.layers + 1):
        last = layer == problem.network.layers
        gain = 1 / (anchor.slope * rise) if last else 1 / anchor.slope
        rows = [tuple(gain if p == k else Fraction(0) for p in range(outputs)) for k in range(outputs)]
        shifts = [(floors[k] if last else anchor.point) - gain * anchor.value for k in range(outputs)]
        if layer == 2 and hinge is not None:
            weight = hinge_weight if last else rise * hinge_weight
            rows = [(*row, weight if k == hinge.output else Fraction(0)) for k, row in enumerate(rows)]
            shifts[hinge.output] -= weight * anchor.value
        weights.append(_padded(rows, widths[layer], widths[layer - 1]))
        biases.append(tuple(shifts) + (() if last else (idle,) * (widths[layer] - outputs)))
    return Parameters(tuple(weights), tuple(biases))


def _scale(anchor: Anchor, carries: Sequence[Sequence[ScaledVector]], floors: Sequence[Fraction]) -> Fraction:
    """A factor with which everything that layer 1 carries fits into half the room beside the anchor."""
    if anchor.room is None:
        return Fraction(1)
    heights = [_highest(v) - floor for vectors, floor in zip(carries, floors, strict=True) for v in vectors]
    return anchor.room / 2 / max(heights)


def _idle(anchor: Anchor, floors: Sequence[Fraction]) -> Fraction:
    """A bias strictly inside the piece, for units that carry nothing."""
    return anchor.point + anchor.side * (anchor.room / 2 if anchor.room is not None else max(-floors[0], Fraction(1)))


def check_room(problem: Problem, with_hinge: bool) -> None:
    """Raise `HypothesisError` unless the layers are wide enough (C1.4 and its extension) and have biases."""
    network = problem.network
    outputs = network.widths[-1]
    if network.layers < 2:
        raise HypothesisError("C1.4", "the network has no hidden layer", "give it a hidden layer of at least two units")
    for layer, width in enumerate(network.widths[1:-1], start=1):
        needed = outputs + 1 if layer == 1 and with_hinge else outputs
        if width < needed:
            raise HypothesisError(
                "C1.4",
                f"hidden layer {layer} has {width} {'unit' if width == 1 else 'units'}; {needed} are needed "
                f"for {outputs} {'output' if outputs == 1 else 'outputs'}",
                f"take {needed} units there (--hidden {needed}) or more",
            )
    if not all(network.biases):
        raise HypothesisError("biases", f"the layers of {network!r} do not all have biases", "the construction needs them")


def _floor(vectors: Sequence[ScaledVector]) -> Fraction:
    """η = min(−1, 2·min_i): strictly below all entries (Yun et al. 2019, proof of Theorem 1)."""
    least = min(Fraction(min(v.numerators), v.denominator) for v in vectors)
    return min(Fraction(-1), 2 * least)


def _highest(vector: ScaledVector) -> Fraction:
    return Fraction(max(vector.numerators), vector.denominator)


def _padded(rows: Sequence[Vector], height: int, width: int) -> Matrix:
    zero = Fraction(0)
    full = [tuple(row) + (zero,) * (width - len(row)) for row in rows]
    return (*full, *(((zero,) * width,) * (height - len(full))))
