"""What one unit can add to the predictions, and at what price: rays with a price each, or faces on which length is the price."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import isqrt

from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Matrix, Vector, combination, dot, primitive, rank, solve
from exactsurf.model.problem import Problem
from exactsurf.surface.unit_table import UnitTable

_ZERO = Fraction(0)

_LISTED = "the faces of cells of a unit are listed"


@dataclass(frozen=True)
class Atom:
    """A cone of product variables p of one unit with v ≥ 0: a ray, or a closed face of the arrangement.
    A ray may be a vertex (w, 1) of the cone of (v w, v), where v is a variable; its weights are then w.

    `basis`, integer weights that span it; `features`, what each of them predicts; `price` of a ray by its length in `basis`; None
    for a face, where y costs λ√(yᵀ gram y) in coordinates of the basis. `generators`, its extreme rays; `below`, the
    faces in its boundary and itself; `rows`, the sides that it keeps to: row·y ≥ 0.
    """

    basis: Matrix
    features: Matrix
    price: Fraction | None
    gram: Matrix
    rows: Matrix
    generators: tuple[int, ...]
    below: tuple[int, ...]


@dataclass(frozen=True)
class AtomTable:
    """All atoms of a unit, and which of them every signed unit cell has.

    An atom with a sign of v is a bit: 2g for v ≥ 0, 2g + 1 for v ≤ 0. `factor` is λ, 0 without weight decay; `rays` are the
    generators of `table`, orthogonal to what no sample sees; `reach` is not below any |h(X w)| with |w| ≤ 1. Lengths are those
    of weights without their last entry if `last_is_free`: a bias that is not penalised.
    Exactness: exact. Source: proofs/enclosed_levels.md.
    """

    table: UnitTable
    atoms: tuple[Atom, ...]
    factor: Fraction
    rays: Matrix
    reach: Fraction
    last_is_free: bool = False

    @cached_property
    def constants(self) -> int:
        """The bits of atoms that cost nothing although there is weight decay."""
        free = [g for g, atom in enumerate(self.atoms) if self.factor and atom.price == 0]
        return sum(3 << 2 * g for g in free)

    @property
    def priced(self) -> bool:
        """Whether all atoms are rays with a rational price each."""
        return not self.faces

    @cached_property
    def faces(self) -> int:
        """The bits of atoms on which length is the price."""
        return sum(3 << 2 * g for g, atom in enumerate(self.atoms) if atom.price is None)

    @cached_property
    def kinds(self) -> tuple[int, ...]:
        """The mask of every signed unit cell."""
        return tuple(self.mask(members, sign) for members in self.table.members for sign in (1, -1))

    @cached_property
    def vertices(self) -> int:
        """The bits of vertices: with one of these a unit has an output weight that is not 0. None where h(cz) = c h(z)."""
        if self.table.homogeneous:
            return 0
        return sum(3 << 2 * g for g, atom in enumerate(self.atoms) if self.table.generators[atom.generators[0]].apex)

    @cached_property
    def every(self) -> int:
        """All bits."""
        return (1 << 2 * len(self.atoms)) - 1

    @cached_property
    def below(self) -> tuple[int, ...]:
        """For every bit those of the faces of its atom, its own included."""
        return tuple(sum(1 << (2 * h + s) for h in atom.below) for atom in self.atoms for s in (0, 1))

    def mask(self, generators: Iterable[int], sign: int) -> int:
        """The bits of all atoms in the cone of these generators, for v of this sign."""
        own, found = frozenset(generators), 0
        for g, atom in enumerate(self.atoms):
            if own.issuperset(atom.generators):
                found |= 1 << (2 * g + (sign < 0))
        return found

    def penalised(self, weights: Vector) -> Vector:
        """Weights with 0 in the place of a bias that is not penalised."""
        return (*weights[:-1], _ZERO) if self.last_is_free else weights

    def product(self, first: Vector, second: Vector) -> Fraction:
        """The inner product that lengths are measured with."""
        return dot(first[:-1], second[:-1]) if self.last_is_free else dot(first, second)

    def signed_features(self, bit: int) -> Matrix:
        """What the basis of an atom adds to the predictions, with the sign of v."""
        features = self.atoms[bit >> 1].features
        return tuple(tuple(-value for value in row) for row in features) if bit & 1 else features

    def weights(self, bit: int, coordinates: Sequence[Fraction]) -> Vector:
        """The product variables |v| w of an atom at these coordinates."""
        basis = self.atoms[bit >> 1].basis
        return combination(coordinates, basis)


def atom_table(problem: Problem, table: UnitTable, effort: Effort = UNBOUNDED) -> AtomTable:
    """The atoms of a problem with one hidden layer and one output; `OutOfTime` where there are more than the effort allows.

    Exactness: exact. Raises: `UnsupportedError` with weight decay for activations without h(cz) = c h(z), and where hidden
    biases are not penalised and there is no output bias with several inputs, or all inputs are the same.
    Source: proofs/enclosed_levels.md.

    >>> import exactsurf as es
    >>> from exactsurf.surface.unit_table import unit_table
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]), weight_decay=1)
    >>> atoms = atom_table(problem, unit_table(problem))
    >>> len(atoms.atoms), atoms.priced, atoms.atoms[0].price
    (6, True, Fraction(1, 1))
    """
    decay, network = problem.decay, problem.network
    steepest = max(map(abs, network.activation.slopes))
    reach = steepest * root_above(sum((value * value for row in table.arrangement.normals for value in row), _ZERO))
    free = decay is not None and network.biases[0] and not decay.biases
    rays = tuple(_orthogonal(generator.weights, table.lineality, free) for generator in table.generators)
    if not table.homogeneous and decay is not None:
        raise UnsupportedError(
            "levels with weight decay are enclosed for activations with h(cz) = c h(z) for c > 0",
            "take one of these, such as relu or leaky_relu, or leave out weight_decay",
        )
    if decay is None:
        return AtomTable(table, _ray_atoms(problem, table, rays, (_ZERO,) * len(rays)), _ZERO, rays, reach)
    if not free and table.arrangement.dimension > 1:
        return AtomTable(table, _face_atoms(problem, table, rays, free, effort), decay.factor, rays, reach)
    if free and all(row == problem.data.x[0] for row in problem.data.x):
        raise UnsupportedError("all samples have the same input: hidden units only add constants", "take samples that differ")
    if free and network.widths[0] > 1:
        faces = _face_atoms(problem, table, rays, free, effort)
        constants = () if network.biases[1] else _constant_atoms(problem, table, len(faces))
        return AtomTable(table, faces + constants, decay.factor, rays, _reach(faces), last_is_free=True)
    prices = tuple(decay.factor * abs(weights[0]) for weights in rays)
    found = _ray_atoms(problem, table, rays, prices)
    if free and not network.biases[1]:
        found += _constant_atoms(problem, table, len(found))
    return AtomTable(table, found, decay.factor, rays, reach)


def _ray_atoms(problem: Problem, table: UnitTable, rays: Matrix, prices: Vector) -> tuple[Atom, ...]:
    # An output bias that nothing penalises gives constants for nothing.
    centred = problem.network.biases[1] and not (problem.decay is not None and problem.decay.biases)
    found: list[Atom] = []
    for g, (generator, weights, price) in enumerate(zip(table.generators, rays, prices, strict=True)):
        seen = generator.prediction
        # A vertex lets a unit have rays, whatever it predicts itself.
        if (generator.apex and not table.homogeneous) or (len(set(seen)) > 1 if centred else any(seen)):
            found.append(Atom((weights,), (seen,), price, ((Fraction(1),),), ((Fraction(1),),), (g,), (len(found),)))
    return tuple(found)


def _constant_atoms(problem: Problem, table: UnitTable, first: int) -> tuple[Atom, ...]:
    """Constants for nothing: a bias that is not penalised, alone, in a cell of one slope.

    Such a ray lies inside of its cell, so it is there where both extreme rays of the cell are.
    """
    found: list[Atom] = []
    for side in (1, -1):
        value = problem.network.activation(Fraction(side))
        home = next((c for c, cell in enumerate(table.cells) if all(sign == side for sign in cell.signs)), None)
        if value and home is not None:
            seen = (value,) * len(problem.data)
            one, basis = ((Fraction(1),),), ((*(_ZERO,) * problem.network.widths[0], Fraction(side)),)
            found.append(Atom(basis, (seen,), _ZERO, one, one, tuple(table.members[home]), (first + len(found),)))
    return tuple(found)


def _face_atoms(problem: Problem, table: UnitTable, rays: Matrix, free: bool, effort: Effort) -> tuple[Atom, ...]:
    """The faces on which length is the price; if the last entry is `free`, those on whose spans it is a length."""
    found: list[Atom] = []
    for face in table.faces:
        effort.check(_LISTED)
        basis: list[Vector] = []
        for g in face.generators:
            vector = tuple(map(Fraction, primitive(rays[g])[0]))
            if rank([*basis, vector]) > len(basis):
                basis.append(vector)
        measured = [vector[:-1] for vector in basis] if free else basis
        features = [_linear_on(problem, face.signs, vector) for vector in basis]
        if not any(any(row) for row in features) or rank(measured) < len(measured):
            continue
        normals = table.arrangement.normals
        signed = ([sign * dot(normals[i], vector) for vector in basis] for i, sign in enumerate(face.signs) if sign)
        sides = tuple(tuple(map(Fraction, row)) for row in sorted({primitive(row)[0] for row in signed}))
        gram = tuple(tuple(dot(a, b) for b in measured) for a in measured)
        found.append(Atom(tuple(basis), tuple(features), None, gram, sides, face.generators, ()))
    sets = [frozenset(atom.generators) for atom in found]
    faces: list[Atom] = []
    for atom, own in zip(found, sets, strict=True):
        effort.check(_LISTED)
        faces.append(replace(atom, below=tuple(h for h, other in enumerate(sets) if other <= own)))
    return tuple(faces)


def _reach(atoms: Sequence[Atom]) -> Fraction:
    """Not below any |h(X w)| on the span of an atom with |w| ≤ 1: the square is at most a trace, of gram⁻¹ features featuresᵀ."""
    greatest = _ZERO
    for atom in atoms:
        moved = (solve(atom.gram, [dot(row, other) for other in atom.features]) for row in atom.features)
        greatest = max(greatest, sum((row[k] for k, row in enumerate(moved)), _ZERO))
    return root_above(greatest)


def _linear_on(problem: Problem, signs: Sequence[int], vector: Vector) -> Vector:
    """What the linear map that h is on a face says at any vector."""
    h, one = problem.network.activation, (Fraction(1),) if problem.network.biases[0] else ()
    return tuple(
        (h.slopes[0] if sign < 0 else h.slopes[-1]) * dot((*row, *one), vector)
        for sign, row in zip(signs, problem.data.x, strict=True)
    )


def _orthogonal(vector: Vector, lines: Sequence[Vector], free: bool) -> Vector:
    """The part of a vector that is orthogonal to some others, but for the last entry if it is `free`."""
    if not lines:
        return vector
    own, shorter = (vector[:-1], [line[:-1] for line in lines]) if free else (vector, lines)
    gram = [[dot(a, b) for b in shorter] for a in shorter]
    shares = solve(gram, [dot(line, own) for line in shorter])
    for share, line in zip(shares, lines, strict=True):
        vector = tuple(a - share * b for a, b in zip(vector, line, strict=True))
    return vector


def root_above(value: Fraction, bits: int = 64) -> Fraction:
    """A number not below √value, for value ≥ 0, and near it.

    >>> root_above(Fraction(2)) ** 2 >= 2, root_above(Fraction(9, 4))
    (True, Fraction(3, 2))
    """
    scale = 1 << 2 * bits
    whole = -(-value.numerator * scale // value.denominator)
    root = isqrt(whole)
    return Fraction(root + (root * root < whole), 1 << bits)
