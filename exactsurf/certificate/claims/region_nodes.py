"""Nodes of the trees of regions that bound the risk for several outputs and hidden layers (FORMAT.md, sections 29, 53)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal, TypeAlias

from exactsurf.certificate.problem_document import number_document
from exactsurf.exact.number import exact

SplitKind: TypeAlias = Literal["wall", "weight", "cone", "chains", "edge"]

_KINDS: tuple[SplitKind, ...] = ("wall", "weight", "cone", "edge")


@dataclass(frozen=True)
class RegionSplit:
    """A node that is split: at a wall (layer, unit, sample, breakpoint), at the sign of a weight (layer, unit, unit below), a
    cone of output weights between two of its generators (unit, generator, generator, and the share of each), or joined output
    weights in the middle of two corners. Layers are counted from 1.
    """

    kind: SplitKind
    place: tuple[int, ...]
    plus: int
    minus: int


@dataclass(frozen=True)
class RegionChains:
    """A node where the output weights of all units are joined: a child for each chain of generators (section 53)."""

    children: tuple[int, ...]


@dataclass(frozen=True)
class LayerProof:
    """Lines below a form of a hidden unit: slopes (sample, breakpoint, slope) that are not the usual ones.

    `below` has, for each unit of the layer below and each sign that its weight may have, the proof of the form that the lines
    make of it; nothing if that is the first hidden layer. Source: proofs/FORMAT.md, section 29.
    """

    slopes: tuple[tuple[int, int, Fraction], ...]
    below: tuple[tuple[LayerProof, ...], ...] = ()


@dataclass(frozen=True)
class RegionLeaf:
    """A leaf: the number of its dual vector; for several hidden layers the proofs of its forms, by unit and generator.

    With weight decay and one hidden layer also `prices`, the numbers of the trees of prices of the units (proofs/FORMAT.md,
    section 41).
    """

    dual: int
    lines: tuple[tuple[LayerProof, ...], ...] = ()
    prices: tuple[int, ...] = ()


@dataclass(frozen=True)
class JointLeaf:
    """A leaf below chains: the number of the dual vector of each corner (proofs/FORMAT.md, section 53)."""

    duals: tuple[int, ...]


RegionNode: TypeAlias = RegionSplit | RegionChains | RegionLeaf | JointLeaf


def region_document(node: RegionNode) -> dict[str, Any]:
    """A node as a JSON value."""
    if isinstance(node, RegionSplit):
        return {node.kind: list(node.place), "plus": node.plus, "minus": node.minus}
    if isinstance(node, RegionChains):
        return {"chains": list(node.children)}
    if isinstance(node, JointLeaf):
        return {"dual": list(node.duals)}
    lines = {"lines": [list(map(_proof_document, row)) for row in node.lines]} if node.lines else {}
    prices = {"prices": list(node.prices)} if node.prices else {}
    return {"dual": node.dual, **lines, **prices}


def region_of(entry: dict[str, Any]) -> RegionNode:
    """A node from its JSON value."""
    if "chains" in entry:
        return RegionChains(tuple(entry["chains"]))
    if isinstance(entry.get("dual"), list):
        return JointLeaf(tuple(entry["dual"]))
    if "dual" in entry:
        lines = tuple(tuple(map(_proof_of, row)) for row in entry.get("lines", ()))
        return RegionLeaf(entry["dual"], lines, tuple(entry.get("prices", ())))
    kind = next(kind for kind in _KINDS if kind in entry)
    return RegionSplit(kind, tuple(entry[kind]), entry["plus"], entry["minus"])


def _proof_document(proof: LayerProof) -> dict[str, Any]:
    below = {"below": [list(map(_proof_document, row)) for row in proof.below]} if proof.below else {}
    return {"slopes": [[i, k, number_document(value)] for i, k, value in proof.slopes], **below}


def _proof_of(entry: dict[str, Any]) -> LayerProof:
    slopes = tuple((i, k, exact(value)) for i, k, value in entry["slopes"])
    return LayerProof(slopes, tuple(tuple(map(_proof_of, row)) for row in entry.get("below", ())))
