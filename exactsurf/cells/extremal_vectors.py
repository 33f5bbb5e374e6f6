"""Extremal vectors: the directions in which small hidden units align, exactly, face by face of the arrangement of the data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.arrangement.arrangement import Arrangement
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.extremal_vectors import ExtremalVectorsCertificate, Face
from exactsurf.effort import AnyEffort, Effort, keeps_effort
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.bounded_system import FarkasVector, solve_bounded_system
from exactsurf.exact.linear_algebra import Matrix, Vector, combination, dot, identity, kernel, solve
from exactsurf.exact.number import whole_number
from exactsurf.model.needed_problem import check_piecewise_linear
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

MAX_FACES = 20_000
"""Faces of the arrangement that are listed unless told otherwise."""


@dataclass(frozen=True)
class ExtremalVector:
    """A critical direction of G(w) = Σ_i g_i h(w·x̃_i), g_i = −∂ℓ(f_i, y_i), on the sphere, with the vector D that it has there.

    Attributes: `vector`, D; `sign`, 1 if the direction w is that of D and −1 if it is that of −D; `active`, the samples with
    w·x̃ > 0; `on_walls`, those with w·x̃ = 0, where the slope of h is any number between its two.
    Exactness: exact. Source: Boursier and Flammarion 2025; proofs/claims/extremal_vectors.md.
    """

    vector: Vector
    sign: int
    active: tuple[int, ...]
    on_walls: tuple[int, ...]

    @property
    def direction(self) -> Vector:
        """Weights w (and bias) of a unit in this direction: D or −D."""
        return self.vector if self.sign > 0 else tuple(-value for value in self.vector)


@dataclass(frozen=True)
class ExtremalVectors:
    """All extremal vectors of a problem at a point, with their certificate.

    Attributes: `problem`; `parameters`, the point whose predictions count; `vectors`; `faces`, how many faces there are;
    `certificate`, which the verifier has accepted.
    Exactness: exact. Source: Boursier and Flammarion 2025; proofs/claims/extremal_vectors.md.
    """

    problem: Problem
    parameters: Parameters
    vectors: tuple[ExtremalVector, ...]
    faces: int
    certificate: ExtremalVectorsCertificate

    def __repr__(self) -> str:
        return f"ExtremalVectors({len(self.vectors)} on {self.faces} faces, {self.problem!r})"


@keeps_effort()
def extremal_vectors(
    problem: Problem, parameters: Parameters | None = None, *, max_faces: int = MAX_FACES, effort: AnyEffort = None
) -> ExtremalVectors:
    """All extremal vectors of a network with one hidden layer: where early alignment takes hidden units of small weights.

    While all weights are small, unit j moves by ẇ = v·D with D in 𝒟(w) = {Σ_i η_i g_i x̃_i}, g_i = −∂ℓ(f_i, y_i) at the
    predictions of `parameters`, η_i the slope of h at w·x̃_i (any number between both slopes at 0). D ≠ 0 is *extremal* if D ∈
    𝒟(w) for a w that is a multiple of D: there the direction of w stays. On every face of the arrangement of the x̃_i there is
    at most one, and all of them are listed, those of walls as well.

    Parameters: `problem`, with one hidden layer, one output and a piecewise linear activation with h(0) = 0 and the single
    breakpoint 0; `parameters`, default all zero (the beginning); `max_faces`; `effort`, seconds (60) or an `Effort`.
    Returns: an `ExtremalVectors`, with a certificate that the verifier accepted. Exactness: exact, rational.
    Raises: `UnsupportedError` for other networks and where the loss has a kink at a prediction, `InputError` beyond
    `max_faces`, `OutOfTime`, `ShapeError`. Source: Boursier and Flammarion 2025; proofs/claims/extremal_vectors.md.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays(["-3/4", "-1/2", "1/8"], ["11/10", "1/10", "4/5"])
    >>> found = es.extremal_vectors(es.Problem(es.Network([1, 4, 1], biases=[True, False]), data))
    >>> found, [str(value) for value in found.vectors[0].vector], found.vectors[0].active
    (ExtremalVectors(1 on 12 faces, Problem(Network(1-4-1, relu, biases=[True, False]), Data(3 samples, 1 input, 1 target), \
squared)), ['-31/40', '2'], (0, 1, 2))
    """
    check_piecewise_linear(problem, "extremal_vectors")
    _check(problem)
    whole_number(max_faces, "max_faces")
    running = Effort.of(effort)
    point = _zero(problem) if parameters is None else parameters
    problem.check_shapes(point)
    setting = _Setting.of(problem, point)
    faces, found = [], []
    for samples, basis, witness in _faces(setting.rows, max_faces, running):
        face, vector = _examined(setting, samples, basis, witness)
        faces.append(face)
        if vector is not None:
            found.append(vector)
    pairs = tuple((one.sign, one.vector) for one in found)
    unsigned = ExtremalVectorsCertificate(problem, point, problem.rational_risk(point), pairs, tuple(faces))
    return ExtremalVectors(problem, point, tuple(found), len(faces), confirmed(unsigned))


def _check(problem: Problem) -> None:
    network = problem.network
    problem.check_no_decay()
    if network.layers != 2 or network.widths[-1] != 1:
        raise UnsupportedError("extremal vectors are those of one hidden layer and one output", f"this is {network!r}")
    h = network.activation
    if h.breakpoints != (Fraction(0),) or h.value_at_0 or len({*h.slopes}) < 2:
        raise UnsupportedError("extremal vectors need an activation with h(0) = 0 and the single breakpoint 0", "take relu")
    if not problem.loss.is_piecewise_quadratic:
        raise UnsupportedError(f"extremal vectors are rational for losses by pieces; this is {problem.loss!r}", "take squared")


def _zero(problem: Problem) -> Parameters:
    shapes = problem.network.shapes
    return problem.parameters(**{name: [0] * s[0] if len(s) == 1 else [[0] * s[1]] * s[0] for name, s in shapes.items()})


@dataclass(frozen=True)
class _Setting:
    """The x̃_i, the pulls g_i x̃_i, and the two slopes of h."""

    rows: Matrix
    pulls: Matrix
    slopes: tuple[Fraction, Fraction]

    @classmethod
    def of(cls, problem: Problem, parameters: Parameters) -> _Setting:
        rows = tuple((*x, Fraction(1)) if problem.network.biases[0] else tuple(x) for x in problem.data.x)
        ((low, high),) = problem.subdifferentials(problem.forward(parameters).outputs)
        left, right = low.fractions(), high.fractions()
        kink = next((i for i in range(len(rows)) if left[i] != right[i]), None)
        if kink is not None:
            raise UnsupportedError(f"the loss has a kink at the prediction of sample {kink}", "take a differentiable loss")
        pulls = tuple(tuple(-r * value for value in row) for r, row in zip(left, rows, strict=True))
        first, second = problem.network.activation.slopes
        return cls(rows, pulls, (first, second))


def _faces(rows: Matrix, most: int, effort: Effort) -> Iterator[tuple[frozenset[int], Matrix, Vector]]:
    """Every face but 0: the samples on its walls, a basis of the flat that it is open in, and a point in it."""
    size = len(rows[0])
    whole = identity(size)
    waiting: dict[frozenset[int], Matrix] = {_zeros(rows, whole): whole}
    seen, count = set(waiting), 0
    while waiting:
        samples, basis = waiting.popitem()
        effort.check("the faces of the arrangement of one unit are listed")
        normals = [tuple(dot(row, b) for b in basis) for i, row in enumerate(rows) if i not in samples]
        cells = [cell.witness for cell in Arrangement(normals).cells()] if normals else [(Fraction(1),) * len(basis)]
        for weights in cells:
            count += 1
            if count > most:
                raise InputError(f"the arrangement has more than {most} faces", fix="raise max_faces=, or take fewer samples")
            yield samples, basis, combination(weights, basis)
        for i, row in enumerate(rows):
            smaller = _cut(basis, row) if i not in samples and len(basis) > 1 else ()
            if smaller and (key := _zeros(rows, smaller)) not in seen:
                seen.add(key)
                waiting[key] = smaller


def _zeros(rows: Matrix, basis: Matrix) -> frozenset[int]:
    return frozenset(i for i, row in enumerate(rows) if not any(dot(row, b) for b in basis))


def _cut(basis: Matrix, row: Vector) -> Matrix:
    """A basis of the part of a subspace that is orthogonal to a vector."""
    return tuple(combination(weights, basis) for weights in kernel([[dot(row, b) for b in basis]]))


def _signs(rows: Matrix, vector: Vector) -> tuple[int, ...]:
    values = [dot(row, vector) for row in rows]
    return tuple((value > 0) - (value < 0) for value in values)


def _examined(setting: _Setting, samples: frozenset[int], basis: Matrix, witness: Vector) -> tuple[Face, ExtremalVector | None]:
    """The face with its evidence, and its extremal vector if it has one."""
    signs, zero = _signs(setting.rows, witness), Fraction(0)
    low, high = setting.slopes
    start = [zero] * len(witness)
    for sign, pull in zip(signs, setting.pulls, strict=True):
        if sign:
            start = [value + (high if sign > 0 else low) * part for value, part in zip(start, pull, strict=True)]
    gram = [[dot(one, two) for two in basis] for one in basis]
    candidate = combination(solve(gram, [dot(start, b) for b in basis]), basis)
    own = _signs(setting.rows, candidate)
    c = 1 if own == signs else -1 if own == tuple(-s for s in signs) else 0
    if not c or not any(candidate):
        return Face(witness), None
    walls = sorted(samples)
    target = tuple(value - part for value, part in zip(candidate, start, strict=True))
    bounds = [min(low, high)] * len(walls), [max(low, high)] * len(walls)
    found = solve_bounded_system([setting.pulls[i] for i in walls], target, *bounds)
    if isinstance(found, FarkasVector):
        return Face(witness, separator=found.values), None
    active = tuple(i for i, sign in enumerate(signs) if sign > 0)
    return Face(witness, multipliers=found.values), ExtremalVector(candidate, c, active, tuple(walls))
