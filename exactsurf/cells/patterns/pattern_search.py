"""The search behind decisions about patterns: cases by signs, then by sizes, until a witness is found or all are closed."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from exactsurf.cells.activation_pattern import Pieces, activation_pattern
from exactsurf.cells.patterns.impossibility import Contradiction, Part, Proof, SignCases, SizeCases
from exactsurf.cells.patterns.pattern_frame import Edge, PatternFrame
from exactsurf.cells.patterns.pattern_system import (
    Branch,
    PatternSystem,
    first_layer_rows,
    parameters_of,
    pattern_system,
    size_ranges,
    solve_pattern_system,
)
from exactsurf.cells.patterns.unit_rows import parameters_with_rows, row_with_pieces
from exactsurf.errors import InternalError
from exactsurf.exact.bounded_system import Multipliers
from exactsurf.exact.linear_algebra import dot
from exactsurf.exact.simplest import simplest_between
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

_FIRST = 24
"""Linear programs that the whole pattern gets before its parts."""


@dataclass(frozen=True)
class SearchOutcome:
    """At most one of `witness` and `proof`; neither if the search ran out of linear programs. `programs` counts them."""

    witness: Parameters | None
    proof: Proof | None
    programs: int


@dataclass
class _Case:
    """A branch, and once it is examined a contradiction or a distinction of two smaller branches."""

    branch: Branch
    signed: int
    contradiction: Contradiction | None = None
    edge: Edge | None = None
    at: Fraction | None = None
    parts: list[_Case] = field(default_factory=list)

    def split_by_sign(self, edge: Edge) -> list[_Case]:
        self.edge = edge
        self.parts = [_Case(self.branch.with_sign(edge, sign), self.signed + 1) for sign in (-1, 1)]
        return self.parts

    def split_by_size(self, edge: Edge, suggested: Fraction) -> list[_Case]:
        low, high = self.branch.size(edge)
        self.edge, self.at = edge, _cut(low, high, suggested)
        ranges = ((low, self.at), (self.at, high))
        self.parts = [_Case(self.branch.with_size(edge, *bounds), self.signed) for bounds in ranges]
        return self.parts

    def proof(self) -> Proof:
        if self.contradiction is not None:
            return self.contradiction
        if self.edge is None:
            raise InternalError("a proof of impossibility has an open case")
        first, second = (part.proof() for part in self.parts)
        return SignCases(self.edge, first, second) if self.at is None else SizeCases(self.edge, self.at, first, second)


def has_pieces(problem: Problem, parameters: Parameters, pieces: Pieces) -> bool:
    """Whether the parameters have the pieces strictly, wherever the (perhaps partial) pattern says one."""
    there = activation_pattern(problem, parameters).pieces
    pairs = (
        (a, b)
        for layers in zip(pieces, there, strict=True)
        for units in zip(*layers, strict=True)
        for a, b in zip(*units, strict=True)
    )
    return all(wanted is None or wanted == found for wanted, found in pairs)


def search_pattern(frame: PatternFrame, effort: int) -> SearchOutcome:
    """A witness of a pattern, or a proof that it is impossible, or neither after `effort` linear programs.

    All units together give witnesses quickly; one unit over the layers below it needs fewer cases to be impossible. So
    the whole pattern gets a few programs, then its parts, then the whole pattern what is left.

    Parameters, Exactness, Raises: as for `search_cases`. Source: see there.
    """
    outcome = search_cases(frame, min(effort, _FIRST))
    used = outcome.programs
    for part in _parts(frame):
        if outcome.witness is not None or outcome.proof is not None or used >= effort:
            break
        inner = search_cases(PatternFrame(frame.problem, part), effort - used)
        used += inner.programs
        if inner.proof is not None:
            return SearchOutcome(None, Part(part, inner.proof), used)
    if outcome.witness is None and outcome.proof is None and used < effort:
        outcome = search_cases(frame, effort - used)
        used += outcome.programs
    return SearchOutcome(outcome.witness, outcome.proof, used)


def _parts(frame: PatternFrame) -> Iterator[Pieces]:
    """Patterns that say less: for every unit above layer 1 the unit and the layers below it, then whole lower layers."""
    hidden, free = len(frame.pieces), (None,) * len(frame.problem.data)
    for level in range(1, hidden):
        below, above = frame.pieces[:level], tuple((free,) * len(units) for units in frame.pieces[level + 1 :])
        units = [j for _, j in frame.restricted[level]]
        if len(units) > 1:
            for j in units:
                yield (*below, tuple(row if k == j else free for k, row in enumerate(frame.pieces[level])), *above)
        if level + 1 < hidden and frame.restricted[level + 1]:
            yield (*below, frame.pieces[level], *above)


def search_cases(frame: PatternFrame, effort: int) -> SearchOutcome:
    """A witness of a pattern, or a proof by cases that it is impossible, or neither after `effort` linear programs.

    Signs of weights are fixed unit by unit, closing cases as early as possible. Where all signs are fixed and the system
    has a solution, the sizes that it suggests are tried; if they fail, the range of one size is cut at its suggestion.

    Parameters: a `frame` with a checked pattern; `effort` ≥ 1.
    Exactness: exact; a witness is checked by the forward pass, a contradiction by substitution.
    Raises: nothing. Source: theory.md, section 2 (signed cells), branch and bound over the products that remain.
    """
    edges = frame.edges
    ends = {position for position in range(1, len(edges)) if edges[position][:2] != edges[position - 1][:2]} | {0, len(edges)}
    root = _Case(Branch(), 0)
    queue, programs = deque([root]), 0
    while queue:
        case = queue.popleft()
        if case.signed not in ends:
            queue.extendleft(reversed(case.split_by_sign(edges[case.signed])))
            continue
        if programs >= effort:
            return SearchOutcome(None, None, programs)
        programs += 1
        system = pattern_system(frame, case.branch)
        point = solve_pattern_system(system)
        if isinstance(point, Multipliers):
            case.contradiction = Contradiction(point.values)
        elif case.signed < len(edges):
            queue.extendleft(reversed(case.split_by_sign(edges[case.signed])))
        elif not system.copies:
            return SearchOutcome(_witness(system, point), None, programs)
        else:
            ranges = size_ranges(system, point)
            sizes = {edge: simplest_between(*bounds) for edge, bounds in ranges.items()}
            programs += 1
            found = _with_sizes(frame, case.branch, sizes) or _from_below(system, point)
            if found is not None:
                return SearchOutcome(found, None, programs)
            widest = max(ranges, key=lambda edge: ranges[edge][1] / ranges[edge][0])
            queue.extend(case.split_by_size(widest, sizes[widest]))
    return SearchOutcome(None, root.proof(), programs)


def _with_sizes(frame: PatternFrame, branch: Branch, sizes: dict[Edge, Fraction]) -> Parameters | None:
    """A witness on the branch with these sizes of the weights whose sizes are open."""
    system = pattern_system(frame, Branch(branch.signs, {**branch.sizes, **{edge: (size, size) for edge, size in sizes.items()}}))
    point = solve_pattern_system(system)
    return None if isinstance(point, Multipliers) else _witness(system, point)


def _witness(system: PatternSystem, point: Sequence[Fraction]) -> Parameters:
    parameters = parameters_of(system, point)
    if not has_pieces(system.frame.problem, parameters, system.frame.pieces):
        raise InternalError("the parameters found for a pattern do not have it")
    return parameters


def _cut(low: Fraction, high: Fraction | None, suggested: Fraction) -> Fraction:
    """A number strictly inside the bounds: the suggestion if it is, else a simple one."""
    if low < suggested and (high is None or suggested < high):
        return suggested
    return simplest_between(low + (high - low) / 4, high - (high - low) / 4) if high is not None else 2 * low + 1


def _from_below(system: PatternSystem, point: Sequence[Fraction]) -> Parameters | None:
    """Parameters with the pattern over the first layer of a solution of the relaxed system, if rows of weights fit it."""
    frame, problem = system.frame, system.frame.problem
    network, h = problem.network, problem.network.activation
    rows = [first_layer_rows(system, point)]
    inputs = [(*sample, Fraction(1)) if network.biases[0] else sample for sample in problem.data.x]
    for layer, units in enumerate(frame.pieces[1:], start=2):
        images = [tuple(h(dot(row, x)) for row in rows[-1]) for x in inputs]
        inputs = [(*image, Fraction(1)) if network.biases[layer - 1] else image for image in images]
        found = [row_with_pieces(inputs, unit, frame.silent[layer - 1], h.breakpoints) for unit in units]
        if None in found:
            return None
        rows.append([row for row in found if row is not None])
    parameters = parameters_with_rows(problem, rows)
    return parameters if has_pieces(problem, parameters, frame.pieces) else None
