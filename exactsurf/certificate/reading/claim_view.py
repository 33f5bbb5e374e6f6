"""What certificates of all claims say, as frozen values: claim, network, loss, data. Nothing is decided or checked here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import Any, TypeAlias

from exactsurf.certificate.encoding import FORMAT
from exactsurf.exact.number import exact, to_text
from exactsurf.model.activation import Activation, piecewise_linear
from exactsurf.model.loss import Loss
from exactsurf.model.losses import loss_from
from exactsurf.model.parameters import Parameters
from exactsurf.model.weight_decay import WeightDecay, weight_decay_from

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
class ClaimView:
    """What the views of all claims have in common.

    Attributes: as in proofs/FORMAT.md; the scale of `loss` includes a division by the number of samples;
    `names_loss`, whether the certificate calls it by a name (format 1); `decay`, the weight decay, if there is any.
    Exactness: numbers are Fractions, or the certificate's own text where they are shown in part only.
    Source: proofs/FORMAT.md, section 2.
    """

    kind: str
    sentence: str
    widths: tuple[int, ...]
    biases: tuple[bool, ...]
    loss: Loss
    data: InlineData | ReferencedData
    weights: tuple[Fraction, ...] | None
    names_loss: bool
    decay: WeightDecay | None

    @property
    def risk_name(self) -> str:
        """The risk in words: with the loss's name in format 1, without it in format 2."""
        if self.decay is not None:
            return f"risk with weight decay {to_text(self.decay.factor)}" + " of weights and biases" * self.decay.biases
        return f"{self.loss.name} risk" if self.names_loss else "risk"

    @property
    def has_classes(self) -> bool:
        """Whether the terms of the loss are differences between outputs and that of the right class."""
        return self.loss.is_of_labels and self.outputs > 1

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


def stated(document: dict[str, Any]) -> dict[str, Any]:
    """The fields of a `ClaimView` from the parsed JSON document of a certificate that the verifier has accepted."""
    claim, problem = document["claim"], document["problem"]
    loss = problem["loss"]
    return {
        "kind": claim["kind"],
        "sentence": claim["sentence"],
        "widths": tuple(problem["widths"]),
        "biases": tuple(problem["biases"]),
        "loss": loss_from(loss),
        "data": data_view(problem["data"]),
        "weights": tuple(map(exact, problem["weights"])) if "weights" in problem else None,
        "names_loss": document["format"] == FORMAT,
        "decay": decay_of(problem),
    }


def decay_of(problem: Mapping[str, Any]) -> WeightDecay | None:
    """The weight decay of the field `problem`, if it has any."""
    described = problem.get("weight_decay")
    return None if described is None else weight_decay_from(described["factor"], described["biases"])


def activation_view(document: dict[str, Any]) -> Activation:
    """The piecewise linear activation of the problem."""
    h = document["problem"]["activation"]
    return piecewise_linear(h["breakpoints"], h["slopes"], h["value_at_0"])


def point_view(parameters: dict[str, Any], biases: tuple[bool, ...]) -> Point:
    """A field that is shaped like parameters."""
    arrays = []
    for layer, has_bias in enumerate(biases, start=1):
        arrays.append(ArrayView(f"W{layer}", texts(parameters[f"W{layer}"]), False))
        if has_bias:
            arrays.append(ArrayView(f"b{layer}", tuple((text,) for text in parameters[f"b{layer}"]), True))
    return tuple(arrays)


def view_of(parameters: Parameters) -> Point:
    """Exact parameters in the form of a field of a certificate."""
    arrays = []
    for name, value in parameters.items():
        rows = tuple(tuple(map(to_text, row)) if isinstance(row, tuple) else (to_text(row),) for row in value)
        arrays.append(ArrayView(name, rows, name.startswith("b")))
    return tuple(arrays)


def data_view(data: dict[str, Any]) -> InlineData | ReferencedData:
    """The field `problem.data`."""
    if "csv" in data:
        csv = data["csv"]
        return ReferencedData(csv["file"], csv["sha256"], csv["samples"], tuple(csv["x"]), tuple(csv["y"]))
    return InlineData(texts(data["x"]), texts(data["y"]), sha256_of(data))


def texts(rows: list[list[str]]) -> Texts:
    """Rows as the certificate writes them."""
    return tuple(map(tuple, rows))


def sha256_of(value: Any) -> str:
    """SHA-256 of a JSON value written canonically: keys sorted, no spaces, UTF-8.

    >>> sha256_of({"b": [1], "a": "x"}) == hashlib.sha256(b'{"a":"x","b":[1]}').hexdigest()
    True
    """
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
