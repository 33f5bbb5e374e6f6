"""What a certificate that the verifier has accepted says, as frozen values. Nothing is decided or checked here."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from exactsurf.certificate.evidence import ConeNode, EmptyLeaf, MultiplierLeaf, Node, Split
from exactsurf.exact.number import exact
from exactsurf.model.activation import Activation, piecewise_linear
from exactsurf.model.loss import Loss
from exactsurf.show.cone_nodes import cone_nodes

Texts: TypeAlias = tuple[tuple[str, ...], ...]
"""Rows of numbers as the certificate writes them. They become Fractions only where they are shown: parsing a matrix of
millions of digits that is then summed up by its digest would take minutes."""


@dataclass(frozen=True)
class ArrayView:
    """One of ``W1``, ``b1``, …: its name, its rows (a vector is a column), and whether it is a vector."""

    name: str
    rows: Texts
    is_vector: bool

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.rows), len(self.rows[0])

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the array as the certificate has it: JSON without spaces."""
        return sha256_of([row[0] for row in self.rows] if self.is_vector else self.rows)

    @cached_property
    def values(self) -> tuple[tuple[Fraction, ...], ...]:
        """The entries."""
        return tuple(tuple(exact(text) for text in row) for row in self.rows)


Point: TypeAlias = tuple[ArrayView, ...]


@dataclass(frozen=True)
class LowerPointView:
    """A point of lower risk; `gap` is what it is lower by."""

    parameters: Point
    risk: Fraction
    gap: Fraction


@dataclass(frozen=True)
class InlineData:
    """Data that stand in the certificate."""

    x: Texts
    y: Texts
    sha256: str

    @property
    def samples(self) -> int:
        """N."""
        return len(self.y)


@dataclass(frozen=True)
class ReferencedData:
    """Data in a file that the certificate names; columns are counted from 0."""

    file: str
    sha256: str
    samples: int
    x: tuple[int, ...]
    y: tuple[int, ...]


@dataclass(frozen=True)
class DescentView:
    """Evidence that a point is no local minimum.

    `derivative` is the coefficient of t^`order` along a ``curve``; `unit`, `output` and `delta` belong to ``dead unit``.
    """

    rule: str
    derivative: Fraction
    lower_point: LowerPointView
    direction: Point = ()
    unit: int = 0
    output: int = 0
    delta: tuple[Fraction, ...] = ()
    curve: tuple[Point, ...] = ()
    order: int = 1


@dataclass(frozen=True)
class CertificateView:
    """A certificate, read.

    Attributes: as in proofs/FORMAT.md; `rule` is the rule of the evidence (``paths``, ``unitwise``, ``unitwise vectors``,
    ``second order``, ``convex cells``, ``direction``, ``dead unit``, ``curve``), `units` holds the trees of the rule
    ``unitwise``, `vector_units` the names of the fields of the nodes of ``unitwise vectors``, `cones` the tree over the cells
    at the point of ``second order`` and ``convex cells``. Exactness: numbers are Fractions, or the certificate's own text
    where they are shown in part only. Source: proofs/FORMAT.md.
    """

    kind: str
    sentence: str
    risk: Fraction
    widths: tuple[int, ...]
    biases: tuple[bool, ...]
    activation: Activation
    loss: Loss
    data: InlineData | ReferencedData
    parameters: Point
    rule: str
    lower_points: tuple[LowerPointView, ...]
    subgradient: Texts | None
    units: tuple[tuple[Node, ...], ...]
    vector_units: tuple[tuple[frozenset[str], ...], ...]
    cones: tuple[ConeNode, ...]
    descent: DescentView | None

    @property
    def samples(self) -> int:
        """N."""
        return self.data.samples

    @property
    def hidden_layers(self) -> int:
        """L."""
        return len(self.widths) - 2

    @property
    def outputs(self) -> int:
        """The number of outputs."""
        return self.widths[-1]

    @property
    def all_lower_points(self) -> tuple[LowerPointView, ...]:
        """The lower points of the claim, or the one of the descent."""
        return self.lower_points if self.descent is None else (self.descent.lower_point,)


def certificate_view(document: dict[str, Any]) -> CertificateView:
    """Read the parsed JSON document of a certificate that the verifier has accepted.

    Parameters: `document`. Returns: a `CertificateView`. Exactness: every number passes through `exact`.
    Raises: `KeyError` and the like for documents that the verifier would reject. Source: proofs/FORMAT.md.
    """
    claim, problem, evidence = document["claim"], document["problem"], document["evidence"]
    h, loss = problem["activation"], problem["loss"]
    biases, risk = tuple(problem["biases"]), exact(claim["risk"])
    minimum, descent = evidence.get("local_minimum", {}), evidence.get("descent")
    vectors = minimum.get("rule") == "unitwise vectors"
    return CertificateView(
        kind=claim["kind"],
        sentence=claim["sentence"],
        risk=risk,
        widths=tuple(problem["widths"]),
        biases=biases,
        activation=piecewise_linear(h["breakpoints"], h["slopes"], h["value_at_0"]),
        loss=Loss(loss["name"], exact(loss["scale"]), False, exact(loss["delta"]) if "delta" in loss else None),
        data=_data(problem["data"]),
        parameters=_point(document["parameters"], biases),
        rule=(minimum or descent)["rule"],
        lower_points=tuple(_lower_point(point, biases, risk) for point in evidence.get("lower_points", ())),
        subgradient=_texts(minimum["subgradient"]) if "subgradient" in minimum else None,
        units=() if vectors else tuple(tuple(map(_node, unit["nodes"])) for unit in minimum.get("units", ())),
        vector_units=tuple(tuple(map(frozenset, unit["nodes"])) for unit in minimum["units"]) if vectors else (),
        cones=cone_nodes(minimum.get("nodes", ())),
        descent=None if descent is None else _descent(descent, biases, risk),
    )


def sha256_of(value: Any) -> str:
    """SHA-256 of a JSON value written canonically: keys sorted, no spaces, UTF-8.

    >>> sha256_of({"b": [1], "a": "x"}) == hashlib.sha256(b'{"a":"x","b":[1]}').hexdigest()
    True
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _texts(rows: list[list[str]]) -> Texts:
    return tuple(map(tuple, rows))


def _point(parameters: dict[str, Any], biases: tuple[bool, ...]) -> Point:
    arrays = []
    for layer, has_bias in enumerate(biases, start=1):
        arrays.append(ArrayView(f"W{layer}", _texts(parameters[f"W{layer}"]), False))
        if has_bias:
            arrays.append(ArrayView(f"b{layer}", tuple((text,) for text in parameters[f"b{layer}"]), True))
    return tuple(arrays)


def _lower_point(point: dict[str, Any], biases: tuple[bool, ...], risk: Fraction) -> LowerPointView:
    lower = exact(point["risk"])
    return LowerPointView(_point(point["parameters"], biases), lower, risk - lower)


def _data(data: dict[str, Any]) -> InlineData | ReferencedData:
    if "csv" in data:
        csv = data["csv"]
        return ReferencedData(csv["file"], csv["sha256"], csv["samples"], tuple(csv["x"]), tuple(csv["y"]))
    return InlineData(_texts(data["x"]), _texts(data["y"]), sha256_of(data))


def _node(node: dict[str, Any]) -> Node:
    if "split" in node:
        return Split(node["split"], node["plus"], node["minus"])
    kind = "empty" if "empty" in node else "multipliers"
    pairs = tuple((name, exact(value)) for name, value in node[kind])
    return EmptyLeaf(pairs) if kind == "empty" else MultiplierLeaf(pairs)


def _descent(descent: dict[str, Any], biases: tuple[bool, ...], risk: Fraction) -> DescentView:
    lower = _lower_point(descent["lower_point"], biases, risk)
    if descent["rule"] == "curve":
        curve = tuple(_point(direction, biases) for direction in descent["curve"])
        return DescentView("curve", exact(descent["coefficient"]), lower, curve=curve, order=descent["order"])
    derivative = exact(descent["derivative"])
    if descent["rule"] == "direction":
        return DescentView("direction", derivative, lower, direction=_point(descent["direction"], biases))
    delta = tuple(exact(value) for value in descent["delta"])
    return DescentView("dead unit", derivative, lower, unit=descent["unit"], output=descent["output"], delta=delta)
