"""Is a local form non-negative? A tree over the cones of its concave hyperplanes, with Farkas multipliers at the leaves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice
from typing import Generic, TypeAlias, TypeVar

from exactsurf.certificate.rules.unitwise import EmptyLeaf, MultiplierLeaf, Split
from exactsurf.certificate.rules.unitwise_decay import BoundLeaf
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import InternalError
from exactsurf.exact.bounded_proposal import LARGE
from exactsurf.exact.bounded_system import FarkasVector, Multipliers, solve_bounded_system
from exactsurf.exact.linear_algebra import Vector
from exactsurf.minima.local.local_form import Hyperplane, LocalForm

_TOGETHER = 64
"""Candidates whose values are computed together."""
_EASY = 1_000_000
"""Products for the steepest descents of cones, after which no more are tried."""


Leaf = TypeVar("Leaf", bound=MultiplierLeaf | BoundLeaf)
Cone: TypeAlias = list[tuple[Hyperplane, int]]
"""Hyperplanes, each with the sign of its side."""


@dataclass(frozen=True)
class ConeTree(Generic[Leaf]):
    """A tree over cones, each of whose leaves proves a bound of a local form, as a certificate's nodes; node 0 is the root."""

    nodes: tuple[Split | EmptyLeaf | Leaf, ...]


@dataclass(frozen=True)
class TooManyCones:
    """The tree has more leaves than allowed. `hyperplanes` is the number of those at which it splits."""

    hyperplanes: int


def decide_nonnegative(form: LocalForm, *, effort: Effort = UNBOUNDED) -> ConeTree[MultiplierLeaf] | Vector | TooManyCones:
    """Decide whether F ≥ 0 everywhere.

    Parameters: a `LocalForm` in d variables; `effort`, whose `cones` bound the leaves of the tree.
    Returns: a `ConeTree` that proves F ≥ 0, or a δ with F(δ) < 0, or `TooManyCones`.
    Exactness: exact. On a cone where every concave hyperplane has a sign, F is convex and piecewise linear, so it is ≥ 0
    there exactly if a system of linear equations with bounds has a solution (Farkas).
    Raises: `OutOfTime`. Source: theory.md, theorem A; proofs/rules/unitwise.md, lemma 4 and "Necessity".

    >>> convex = LocalForm((Fraction(1),), (Hyperplane(0, (Fraction(1),), Fraction(2)),))
    >>> decide_nonnegative(convex)
    ConeTree(nodes=(MultiplierLeaf(multipliers=((0, Fraction(1, 1)),)),))
    >>> decide_nonnegative(LocalForm((Fraction(3),), convex.hyperplanes))
    (Fraction(-3, 1),)
    """
    easy = _easy_descent(form, effort)
    if easy is not None:
        return easy
    concave = [h for h in form.hyperplanes if h.kink < 0]
    return tree_over_cones(concave, lambda cone: _leaf(form, cone, effort), effort)


def tree_over_cones(
    planes: Sequence[Hyperplane], leaf_on: Callable[[Cone], Leaf | Vector], effort: Effort
) -> ConeTree[Leaf] | Vector | TooManyCones:
    """The tree that splits at all of `planes`, one after the other, but for cones without interior.

    Parameters: `leaf_on`, which proves the bound on a cone or gives a δ in it at which it fails; `effort`, its clock running,
    whose `cones` bound the leaves. Returns: the tree, or the first such δ, or `TooManyCones`. Exactness: exact.
    Raises: `OutOfTime`. Source: proofs/rules/unitwise.md.
    """
    nodes: list[Split | EmptyLeaf | Leaf | None] = [None]
    pending: list[tuple[int, tuple[int, ...]]] = [(0, ())]
    leaves = 0
    while pending:
        effort.check()
        index, signs = pending.pop()
        split = list(zip(planes, signs, strict=False))
        # One split always leaves two half-spaces; from two on a cone may be flat.
        empty = flat_leaf([(h.name, h.normal, sign) for h, sign in split]) if len(split) > 1 else None
        if empty is None and len(split) < len(planes):
            nodes[index] = Split(planes[len(split)].name, len(nodes), len(nodes) + 1)
            pending += [(len(nodes) + 1, (*signs, -1)), (len(nodes), (*signs, 1))]
            nodes += [None, None]
            continue
        leaves += 1
        if leaves > effort.cones:
            return TooManyCones(len(planes))
        leaf = empty or leaf_on(split)
        if isinstance(leaf, tuple):
            return leaf
        nodes[index] = leaf
    return ConeTree(tuple(node for node in nodes if node is not None))


def _easy_descent(form: LocalForm, effort: Effort) -> Vector | None:
    """A descent direction among a few natural candidates; most refutations end here."""
    if form.is_zero:
        return None
    size, zero, one = len(form.gradient), Fraction(0), Fraction(1)
    concave = [h.normal for h in form.hyperplanes if h.kink < 0]
    # A large convex form is one linear program, which is quicker than all axes.
    tried = size if concave or size < LARGE else 0
    axes = ((*(zero,) * j, one, *(zero,) * (size - j - 1)) for j in range(tried))
    candidates = chain([form.gradient], concave, axes)
    # From a direction in some cone, the steepest descent of that cone's linear piece is worth a look too.
    steepest = max(1, _EASY // (size * (1 + len(form.hyperplanes))))
    start = 0
    while group := list(islice(candidates, _TOGETHER)):
        effort.check()
        deltas = [delta for candidate in group for delta in (tuple(-value for value in candidate), candidate)]
        if start < steepest:
            deltas += [tuple(-value for value in form.gradient_at(delta)) for delta in deltas[:steepest]]
        found = next((delta for delta, value in zip(deltas, form.falls(deltas), strict=True) if value), None)
        if found is not None:
            return found
        start += _TOGETHER
    return None


def flat_leaf(split: Sequence[tuple[int, Vector, int]]) -> EmptyLeaf | None:
    """λ ≥ 0, Σλ = 1, with Σ λ τ u = 0 if the cone {τ u·δ ≥ 0} has no interior (Gordan), else None.

    Parameters: (name, u, τ) of at least one hyperplane. Exactness: exact. Raises: nothing. Source: Gordan's lemma.

    >>> flat_leaf([(0, (Fraction(1),), 1), (2, (Fraction(1),), -1)])
    EmptyLeaf(multipliers=((0, Fraction(1, 2)), (2, Fraction(1, 2))))
    """
    size = len(split[0][1])
    vectors = [(*(sign * value for value in normal), Fraction(1)) for _, normal, sign in split]
    answer = solve_bounded_system(vectors, (*(Fraction(0),) * size, Fraction(1)), [Fraction(0)] * len(split), [None] * len(split))
    if isinstance(answer, FarkasVector):
        return None
    return EmptyLeaf(tuple((name, value) for (name, _, _), value in zip(split, answer.values, strict=True) if value))


def _leaf(form: LocalForm, split: Cone, effort: Effort) -> MultiplierLeaf | Vector:
    """Multipliers that prove F ≥ 0 on the cone of `split` (all concave hyperplanes), or a δ in it with F(δ) < 0."""
    signs = {h.name: sign for h, sign in split}
    lower: list[Fraction | None] = []
    upper: list[Fraction | None] = []
    for h in form.hyperplanes:
        sign = signs.get(h.name, 0)
        lower.append(None if sign < 0 else -h.kink)
        upper.append(None if sign > 0 else h.kink)
    answer = solve_bounded_system([h.normal for h in form.hyperplanes], form.gradient, lower, upper, effort)
    if isinstance(answer, Multipliers):
        pairs = zip(form.hyperplanes, answer.values, strict=True)
        return MultiplierLeaf(tuple((h.name, value) for h, value in pairs if value))
    delta = tuple(-value for value in answer.values)
    if form(delta) >= 0:
        raise InternalError("a Farkas vector is no descent direction")
    return delta
