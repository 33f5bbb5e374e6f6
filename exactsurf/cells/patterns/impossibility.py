"""Proofs that no parameters at all have an activation pattern: a tree of cases, each closed by Farkas multipliers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from exactsurf.cells.activation_pattern import Pieces
from exactsurf.cells.patterns.pattern_frame import Edge, PatternFrame, checked_partial
from exactsurf.cells.patterns.pattern_system import Branch, is_contradiction, pattern_system
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class Contradiction:
    """A closed case: multipliers ≥ 0, not all 0 on the strict forms, that add the forms of `pattern_system` up to zero."""

    multipliers: Vector


@dataclass(frozen=True)
class SignCases:
    """The weight `edge` is negative or positive."""

    edge: Edge
    negative: Proof
    positive: Proof


@dataclass(frozen=True)
class SizeCases:
    """The size of the weight `edge`, relative to the scales of `PatternFrame.free_edges`, is at most or at least `at`."""

    edge: Edge
    at: Fraction
    below: Proof
    above: Proof


@dataclass(frozen=True)
class Part:
    """Already `pieces`, which say less than the pattern (None where they are free), are impossible. Only at the root."""

    pieces: Pieces
    proof: Proof


Proof: TypeAlias = Contradiction | SignCases | SizeCases | Part


def check_impossible(problem: Problem, pieces: Pieces, proof: Proof) -> bool:
    """Whether `proof` shows that no parameters have the pattern, whatever the weights of any layer.

    Parameters: `problem`; `pieces`, perhaps partial (None where the pattern is free): then the proof holds for all
    patterns that complete it; `proof`.
    Returns: True if every case is covered and closed. Patterns on walls are not meant: a region is open.
    Exactness: exact; the systems of all cases are built anew and the multipliers substituted.
    Raises: as `checked_partial`. Source: theory.md, section 2; Motzkin's transposition theorem.
    """
    said = checked_partial(problem, pieces)
    while isinstance(proof, Part):
        less = checked_partial(problem, proof.pieces)
        if not _says_less(less, said):
            return False
        said, proof = less, proof.proof
    frame = PatternFrame(problem, said)
    return all(
        is_contradiction(pattern_system(frame, branch), leaf.multipliers) for branch, leaf in _cases(frame, Branch(), proof)
    )


def _cases(frame: PatternFrame, branch: Branch, proof: Proof) -> Iterator[tuple[Branch, Contradiction]]:
    """The leaves with their branches; a case distinction that leaves something out gives a leaf that closes nothing."""
    if isinstance(proof, Contradiction):
        yield branch, proof
    elif isinstance(proof, SignCases) and proof.edge in frame.edges and proof.edge not in branch.signs:
        yield from _cases(frame, branch.with_sign(proof.edge, -1), proof.negative)
        yield from _cases(frame, branch.with_sign(proof.edge, 1), proof.positive)
    elif isinstance(proof, SizeCases) and proof.edge in frame.free_edges and _is_inside(branch, proof):
        low, high = branch.size(proof.edge)
        yield from _cases(frame, branch.with_size(proof.edge, low, proof.at), proof.below)
        yield from _cases(frame, branch.with_size(proof.edge, proof.at, high), proof.above)
    else:
        yield branch, Contradiction(())


def _is_inside(branch: Branch, proof: SizeCases) -> bool:
    low, high = branch.size(proof.edge)
    return low < proof.at and (high is None or proof.at < high)


def _says_less(less: Pieces, said: Pieces) -> bool:
    pairs = (
        (a, b)
        for layers in zip(less, said, strict=True)
        for units in zip(*layers, strict=True)
        for a, b in zip(*units, strict=True)
    )
    return all(a is None or a == b for a, b in pairs)


def count_contradictions(proof: Proof) -> int:
    """The number of closed cases of a proof."""
    if isinstance(proof, Part):
        return count_contradictions(proof.proof)
    if isinstance(proof, SignCases):
        return count_contradictions(proof.negative) + count_contradictions(proof.positive)
    if isinstance(proof, SizeCases):
        return count_contradictions(proof.below) + count_contradictions(proof.above)
    return 1
