"""Certificates: one claim about one point, with its evidence, and their encoding as JSON."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

from exactsurf.certificate.evidence import (
    DeadUnit,
    Descent,
    EmptyLeaf,
    LocalMinimum,
    LowerPoint,
    Node,
    Paths,
    Split,
)
from exactsurf.certificate.problem_document import (
    number_document,
    parameters_document,
    problem_document,
    restates_data,
    vector_document,
)
from exactsurf.errors import InputError
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem

FORMAT = "exactsurf-certificate/1"

LOCAL_MINIMUM = "local minimum"
SPURIOUS_LOCAL_MINIMUM = "spurious local minimum"
NOT_A_LOCAL_MINIMUM = "not a local minimum"

_PHRASES = {
    LOCAL_MINIMUM: "a local minimum",
    SPURIOUS_LOCAL_MINIMUM: "a spurious local minimum",
    NOT_A_LOCAL_MINIMUM: "not a local minimum",
}


@dataclass(frozen=True)
class Certificate:
    """A claim about `parameters` in `problem`, with the evidence that the verifier checks.

    Attributes: `kind` (one of the three claims), `risk` of `parameters`; `local_minimum` and `lower_points`, or `descent`;
    `embed` as in `problem_document`. Exactness: exact. Source: proofs/FORMAT.md.
    """

    kind: str
    problem: Problem
    parameters: Parameters
    risk: Fraction
    local_minimum: LocalMinimum | None = None
    descent: Descent | None = None
    lower_points: tuple[LowerPoint, ...] = ()
    embed: bool | None = field(default=None, compare=False)

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        widths = "-".join(map(str, self.problem.network.widths))
        count = len(self.problem.data)
        return (
            f"The given parameters are {_PHRASES[self.kind]} of the {self.problem.loss.name} risk of the {widths} network "
            f"on {count} {'sample' if count == 1 else 'samples'}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        evidence: dict[str, Any] = {}
        if self.local_minimum is not None:
            evidence["local_minimum"] = _local_minimum_document(self.local_minimum)
        if self.lower_points:
            evidence["lower_points"] = [_lower_point_document(point) for point in self.lower_points]
        if self.descent is not None:
            evidence["descent"] = _descent_document(self.descent)
        return {
            "format": FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "risk": number_document(self.risk)},
            "problem": problem_document(self.problem, embed=self.embed),
            "parameters": parameters_document(self.parameters),
            "evidence": evidence,
        }

    @cached_property
    def encoded(self) -> bytes:
        """The bytes of the certificate's file: JSON, one line per field of the top two levels."""
        parts = []
        for name, value in self.document().items():
            if isinstance(value, dict):
                inner = ",\n".join(f"    {json.dumps(key)}: {json.dumps(item)}" for key, item in value.items())
                parts.append(f"  {json.dumps(name)}: {{\n{inner}\n  }}")
            else:
                parts.append(f"  {json.dumps(name)}: {json.dumps(value)}")
        return ("{\n" + ",\n".join(parts) + "\n}\n").encode()

    @property
    def names_data_file(self) -> bool:
        """Whether the data are not restated but named by a file's SHA-256."""
        return restates_data(self.problem, self.embed) is False

    @property
    def data_folder(self) -> Path | None:
        """The folder of the data file that the certificate names, if it names one."""
        source = self.problem.data.source
        return source.folder if source is not None else None

    def save(self, path: str | os.PathLike[str]) -> Path:
        """Write the certificate to `path`; it appears whole or not at all.

        Parameters: `path` of the file. Returns: the path. Exactness: exact.
        Raises: `InputError` if it cannot be written. Source: design.md, "Files appear by rename".
        """
        return write_file(path, self.encoded)

    def __repr__(self) -> str:
        return f"Certificate({self.kind!r}, {self.problem!r})"


def write_file(path: str | os.PathLike[str], content: bytes) -> Path:
    """Write `content` beside `path` and rename it into place, so that `path` is never half-written."""
    goal = Path(path)
    try:
        goal.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{goal.name}.", dir=goal.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
            os.chmod(temporary, 0o644)
            os.replace(temporary, goal)
        except BaseException:
            os.unlink(temporary)
            raise
    except OSError as error:
        raise InputError(f"cannot be written: {error.strerror}", file=str(goal)) from None
    return goal


def _lower_point_document(point: LowerPoint) -> dict[str, Any]:
    return {"parameters": parameters_document(point.parameters), "risk": number_document(point.risk)}


def _local_minimum_document(evidence: LocalMinimum) -> dict[str, Any]:
    if isinstance(evidence, Paths):
        document: dict[str, Any] = {"rule": "paths"}
        if evidence.subgradient is not None:
            document["subgradient"] = [vector_document(row) for row in evidence.subgradient]
        return document
    return {"rule": "unitwise", "units": [{"nodes": [_node_document(node) for node in nodes]} for nodes in evidence.units]}


def _node_document(node: Node) -> dict[str, Any]:
    if isinstance(node, Split):
        return {"split": node.hyperplane, "plus": node.plus, "minus": node.minus}
    name = "empty" if isinstance(node, EmptyLeaf) else "multipliers"
    return {name: [[hyperplane, number_document(value)] for hyperplane, value in node.multipliers]}


def _descent_document(evidence: Descent) -> dict[str, Any]:
    if isinstance(evidence, DeadUnit):
        return {
            "rule": "dead unit",
            "unit": evidence.unit,
            "output": evidence.output,
            "delta": vector_document(evidence.delta),
            "derivative": number_document(evidence.derivative),
            "lower_point": _lower_point_document(evidence.lower_point),
        }
    return {
        "rule": "direction",
        "direction": parameters_document(evidence.direction),
        "derivative": number_document(evidence.derivative),
        "lower_point": _lower_point_document(evidence.lower_point),
    }
