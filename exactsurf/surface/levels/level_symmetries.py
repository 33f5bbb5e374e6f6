"""What symmetries of the data do to levels: they permute atoms, and a level that was found is known at all its images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

from exactsurf.errors import SingularMatrixError
from exactsurf.exact.balls import to_arb
from exactsurf.exact.linear_algebra import Matrix, Vector, combination, dot, primitive, solve
from exactsurf.model.data_symmetries import data_symmetries
from exactsurf.model.problem import Problem
from exactsurf.model.sample_symmetries import SampleSymmetry, sample_symmetries
from exactsurf.surface.levels.atoms import Atom, AtomTable
from exactsurf.surface.levels.level import ConeBound, Level
from exactsurf.surface.levels.proposal import Proposal
from exactsurf.surface.levels.recession import Recession

if TYPE_CHECKING:
    from flint import arb

_ZERO = Fraction(0)


@dataclass(frozen=True)
class LevelSymmetry:
    """A symmetry of the data as it acts on atoms: `bits[b]` is the image of bit b.

    `matrices[b]` takes the coordinates in atom b >> 1 to those in its image; predictions f go to those of `samples`, and where
    that reflects to `constant` minus these. Exactness: exact. Source: proofs/data_symmetries.md.
    """

    samples: SampleSymmetry
    constant: Fraction
    bits: tuple[int, ...]
    matrices: tuple[Matrix, ...]

    def level(self, level: Level) -> Level:
        """The image of a level: the least risk over the images of its cones, which is the same number."""
        return replace(
            level,
            support=self.mask(level.support),
            allowed=self.mask(level.allowed),
            bounded=self.mask(level.bounded),
            gradient=self.slopes(level.gradient),
            amounts={self.bits[bit]: self._coordinates(bit, y) for bit, y in level.amounts.items()},
            bias=self._turned(level.bias) + self.constant,
            alone=None if level.alone is None else self.mask(level.alone),
            away=self._recession(level.away),
        )

    def bound(self, bound: ConeBound) -> ConeBound:
        """The image of a bound: one over the image of its cone, by as much."""
        amounts = {self.bits[bit]: self._coordinates(bit, y) for bit, y in bound.amounts.items()}
        return replace(
            bound, gradient=self.slopes(bound.gradient), amounts=amounts, bias=self._turned(bound.bias) + self.constant
        )

    def proposal(self, start: Proposal) -> Proposal:
        """The image of a proposal, to start from."""
        active = {self.bits[bit]: _times(self.matrices[bit], y) for bit, y in start.active.items()}
        bias = -start.bias if self.samples.reflects else start.bias
        return Proposal(active, bias + to_arb(self.constant), list(self.samples.moved(start.slopes)), start.settled)

    def mask(self, mask: int) -> int:
        """The image of a set of bits."""
        found = 0
        while mask:
            lowest = mask & -mask
            found |= 1 << self.bits[lowest.bit_length() - 1]
            mask ^= lowest
        return found

    def slopes(self, slopes: Vector) -> Vector:
        """The image of a dual vector."""
        moved = [slopes[i] for i in self.samples.samples]
        return tuple([-value for value in moved] if self.samples.reflects else moved)

    def _turned(self, value: Fraction) -> Fraction:
        return -value if self.samples.reflects else value

    def _coordinates(self, bit: int, y: Sequence[Fraction]) -> Vector:
        return tuple(dot(row, y) for row in self.matrices[bit])

    def _recession(self, away: Recession) -> Recession:
        shares = {self.bits[bit]: self._coordinates(bit, (share,))[0] for bit, share in away.shares.items()}
        samples = frozenset(i for i, image in enumerate(self.samples.samples) if image in away.samples)
        return Recession(shares, self._turned(away.bias), samples)


def level_symmetries(problem: Problem, atoms: AtomTable) -> tuple[LevelSymmetry, ...]:
    """Generators of symmetries of the data as they act on the atoms of a problem; none if there is only the identity.

    Without weight decay these are the `sample_symmetries`, with it the `data_symmetries`, which keep lengths.
    Parameters: `atoms` of the problem. Exactness: exact; a symmetry that does not keep atoms and their prices is left out.
    Raises: nothing. Source: proofs/data_symmetries.md.

    >>> import exactsurf as es
    >>> from exactsurf.surface.levels.level_work import level_work
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [0, 1, 0]), weight_decay=1)
    >>> [one.bits for one in level_symmetries(problem, level_work(problem).atoms)]
    [(6, 7, 4, 5, 2, 3, 0, 1)]
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2], [1, 1, -1]), "logistic")
    >>> level_symmetries(problem, level_work(problem).atoms)
    ()
    """
    if problem.decay is None:
        known = sample_symmetries(problem).generators
    else:
        known = tuple(SampleSymmetry(one.samples) for one in data_symmetries(problem).generators)
    found = (_acting(problem, atoms, one) for one in known)
    return tuple(one for one in found if one is not None)


def _acting(problem: Problem, atoms: AtomTable, samples: SampleSymmetry) -> LevelSymmetry | None:
    table, moved = atoms.table, samples.samples
    place = {_signature(atoms, g, range(len(moved))): g for g in range(len(table.generators))}
    images = [place.get(_signature(atoms, g, moved)) for g in range(len(table.generators))]
    home = {_name(atom, atom.generators): g for g, atom in enumerate(atoms.atoms)}
    bits, matrices = [], []
    for atom in atoms.atoms:
        own = [image for g in atom.generators if (image := images[g]) is not None]
        goal = home.get(_name(atom, own))
        matrix = None if goal is None else _matrix(atoms, atom, atoms.atoms[goal], moved)
        if goal is None or matrix is None:
            return None
        for side in (0, 1):
            bits.append(2 * goal + (side ^ samples.reflects))
            matrices.append(matrix)
    if len(home) < len(atoms.atoms) or sorted(bits) != list(range(len(bits))):
        return None
    y = problem.data.y
    # Targets are turned round a number c: where there are labels it is 0.
    constant = y[0][0] + y[moved[0]][0] if samples.reflects else _ZERO
    return LevelSymmetry(samples, constant, tuple(bits), tuple(matrices))


def _name(atom: Atom, generators: Sequence[int]) -> tuple[frozenset[int], bool, bool]:
    return frozenset(generators), atom.price is None, atom.price == 0


def _signature(atoms: AtomTable, generator: int, order: Sequence[int]) -> tuple[object, ...]:
    """What a generator gives the samples in some order, up to its length where it is a ray."""
    own = atoms.table.generators[generator]
    values = _given(atoms, own.weights)
    moved = [values[i] for i in order]
    return own.apex, tuple(moved) if own.apex and not atoms.table.homogeneous else primitive(moved)[0]


def _given(atoms: AtomTable, weights: Vector) -> Vector:
    """The pre-activations of all samples."""
    arrangement = atoms.table.arrangement
    points = len(arrangement.normals) // len(atoms.table.generators[0].prediction)
    return tuple(dot(row, weights) for row in arrangement.normals[::points])


def _matrix(atoms: AtomTable, atom: Atom, goal: Atom, order: Sequence[int]) -> Matrix | None:
    """From coordinates in an atom to those in its image, if predictions and prices are kept."""
    rows = [tuple(values[i] for i in order) for values in (_given(atoms, vector) for vector in atom.basis)]
    if atom.price is not None and not any(map(any, rows)):
        columns: list[Vector] = [(Fraction(1),)]
    else:
        onto = [_given(atoms, vector) for vector in goal.basis]
        try:
            columns = [solve([[dot(a, b) for b in onto] for a in onto], [dot(a, row) for a in onto]) for row in rows]
        except SingularMatrixError:
            return None
        if any(combination(column, onto) != row for column, row in zip(columns, rows, strict=True)):
            return None
    seen = [tuple(row[i] for i in order) for row in atom.features]
    if any(combination(column, goal.features) != row for column, row in zip(columns, seen, strict=True)):
        return None
    if atom.price is not None:
        kept = goal.price is not None and columns[0][0] > 0 and goal.price * columns[0][0] == atom.price
    else:
        gram = [[dot(a, tuple(dot(row, b) for row in goal.gram)) for b in columns] for a in columns]
        kept = gram == [list(row) for row in atom.gram]
    return tuple(zip(*columns, strict=True)) if kept else None


def _times(matrix: Matrix, y: Sequence[arb]) -> list[arb]:
    return [sum((to_arb(share) * value for share, value in zip(row, y, strict=True)), to_arb(_ZERO)) for row in matrix]


def images(
    cone: int, first: Level | ConeBound, symmetries: Sequence[LevelSymmetry], most: int
) -> Iterator[tuple[int, Level | ConeBound]]:
    """A cone with what bounds the risk over it, and others that symmetries lead them to, `most` together.

    Parameters: `symmetries`, generators. Exactness: exact. Raises: nothing. Source: proofs/data_symmetries.md.
    """
    seen, waiting = {cone}, [(cone, first)]
    for own, bound in waiting:
        yield own, bound
        for one in symmetries:
            image = one.mask(own)
            if image not in seen and len(seen) < most:
                seen.add(image)
                waiting.append((image, one.level(bound) if isinstance(bound, Level) else one.bound(bound)))


def orbit(first: Level, start: Proposal, symmetries: Sequence[LevelSymmetry]) -> list[tuple[Level, Proposal]]:
    """A level and all others that symmetries lead it to, each once, with proposals to start from; they are named as one number.

    Parameters: `symmetries`, generators. Exactness: exact. Raises: nothing. Source: proofs/data_symmetries.md.
    """
    walk = {first.key: (first, start)}
    for level, proposal in (waiting := [(first, start)]):
        for one in symmetries:
            key = one.mask(level.support), None if level.alone is None else one.mask(level.alone)
            if key not in walk:
                walk[key] = one.level(level), one.proposal(proposal)
                waiting.append(walk[key])
    if len(walk) == 1 or first.space is not None:
        return waiting
    # The least key is the same one whichever of them was found.
    name = min(walk, key=lambda key: (key[0], key[1] or 0))
    return [(replace(level, space=name), proposal) for level, proposal in waiting]
