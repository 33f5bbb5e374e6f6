"""The landscape along the factor of the weight decay: valleys at several factors, and where their number changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from exactsurf.effort import UNBOUNDED, AnyEffort, Effort, keeps_effort
from exactsurf.errors import InputError, check_kind
from exactsurf.exact.number import Exact, exact, to_text
from exactsurf.model.problem import Problem
from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape, enclosed_landscape
from exactsurf.surface.levels.level_work import WIDTH
from exactsurf.surface.surface import MAX_CELLS
from exactsurf.surface.workload import check_network


@dataclass(frozen=True)
class ValleyChange:
    """Between the factors `low` and `high` of the weight decay the number of valleys changes, from `before` to `after`.

    There may be more than one change between them. Exactness: exact, if the landscapes at both ends have no ties.
    Source: proofs/enclosed_levels.md.
    """

    low: Fraction
    high: Fraction
    before: int
    after: int


@dataclass(frozen=True)
class DecayPath:
    """Landscapes of one problem with different factors of the weight decay.

    Attributes: `landscapes`, the factors rising; `bracket`, how far apart the ends of a change are, at most, as a part of its
    upper end. `changes`, between neighbours. Exactness: enclosed, with proof. Source: proofs/enclosed_levels.md.
    """

    landscapes: tuple[EnclosedLandscape, ...]
    bracket: Fraction

    @property
    def factors(self) -> tuple[Fraction, ...]:
        """The factors λ, rising."""
        return tuple(_factor(land) for land in self.landscapes)

    @cached_property
    def changes(self) -> tuple[ValleyChange, ...]:
        """Where the number of valleys changes: neighbours that differ and are near enough."""
        found = []
        for first, second in pairwise(self.landscapes):
            before, after = len(first.valleys), len(second.valleys)
            if before != after:
                found.append(ValleyChange(_factor(first), _factor(second), before, after))
        return tuple(found)

    @property
    def has_ties(self) -> bool:
        """Whether some valley is tied: then a number of valleys is not proved."""
        return any(valley.is_tied for land in self.landscapes for valley in land.valleys)

    def __repr__(self) -> str:
        counts = ", ".join(f"{to_text(_factor(land))}: {len(land.valleys)}" for land in self.landscapes)
        return f"DecayPath(valleys by factor {counts})"


@keeps_effort(UNBOUNDED)
def decay_path(
    problem: Problem,
    factors: Sequence[Exact],
    *,
    bracket: Exact = "1/50",
    width: Exact = WIDTH,
    max_cells: int = MAX_CELLS,
    effort: AnyEffort = None,
) -> DecayPath:
    """The landscape at several factors of the weight decay; where the number of valleys changes it is bracketed by bisection.

    Parameters: `problem`, as for `enclosed_landscape`; its own factor plays no part, and it may have none; `factors`, at least
    two different positive numbers; `bracket`, how far apart the ends of a change may be, as a part of the upper one; `width`,
    `max_cells` and `effort` as in `enclosed_landscape`, for all landscapes together.
    Returns: a `DecayPath`. Exactness: enclosed, with proof; changes that undo each other between two factors are not seen.
    Raises: as `enclosed_landscape`; `InputError` for factors or a bracket that are not positive.
    Source: proofs/enclosed_levels.md; regularisation paths: Efron, Hastie, Johnstone and Tibshirani 2004.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([0, 1, 2, 3], [0, 1, 0, 2]))
    >>> path = es.decay_path(problem, ["1/10", 1], bracket="1/2")
    >>> [len(land.valleys) for land in path.landscapes]
    [4, 4, 3, 2]
    """
    check_kind(factors, Iterable, "decay_path", "give a list of factors, such as ['1/10', 1]")
    check_network(problem, "decay_path")
    running = Effort.of(effort, UNBOUNDED).started()
    nearness = exact(bracket, "bracket")
    chosen = sorted({exact(value, "factors") for value in factors})
    if len(chosen) < 2 or chosen[0] <= 0:
        raise InputError("a path needs at least two different positive factors", text=", ".join(map(str, factors)))
    if nearness <= 0:
        raise InputError("the bracket of a path must be positive", text=str(bracket), fix="1/50, for example")
    biases = problem.decay is not None and problem.decay.biases

    def at(factor: Fraction) -> EnclosedLandscape:
        running.check(f"the landscape at the factor {to_text(factor)}")
        plain = problem.without_decay
        own = Problem(plain.network, plain.data, plain.loss, weight_decay=factor, decay_biases=biases)
        return enclosed_landscape(own, width=width, max_cells=max_cells, effort=running)

    found = [at(factor) for factor in chosen]
    waiting = list(pairwise(found))
    while waiting:
        first, second = waiting.pop()
        low, high = _factor(first), _factor(second)
        if len(first.valleys) == len(second.valleys) or high - low <= nearness * high:
            continue
        middle = at((low + high) / 2)
        found.append(middle)
        waiting += [(first, middle), (middle, second)]
    return DecayPath(tuple(sorted(found, key=_factor)), nearness)


def _factor(land: EnclosedLandscape) -> Fraction:
    decay = land.problem.decay
    if decay is None:
        raise InputError("a landscape of a path has weight decay")
    return decay.factor
