"""The certificate of a functional dimension: a minor of the derivatives that is not 0, and a basis of their kernel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateDocument, counted
from exactsurf.certificate.problem_document import matrix_document, network_document, number_document, parameters_document
from exactsurf.certificate.reading.values import matrix_of, parameters_of
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import exact
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters

FUNCTIONAL_DIMENSION, BATCH_FUNCTIONAL_DIMENSION = "functional dimension", "batch functional dimension"
Entries = tuple[tuple[tuple[int, Fraction], ...], ...]


@dataclass(frozen=True)
class DimensionCertificate(CertificateDocument):
    """The claim that the predictions have so large a rank in the parameters, on given inputs or on the best batch of any.

    Attributes: `problem`, the network; `parameters`; `inputs` of the claim, None if it is about all; `batch`, the inputs of the
    minor in that case; `rows` (input, output) and `columns` of the minor; `kernel`; `tree` over inputs, see `InputTree`.
    Exactness: exact. Source: proofs/FORMAT.md, section 34; proofs/claims/functional_dimension.md.
    """

    problem: Network
    parameters: Parameters
    inputs: Matrix | None
    batch: Matrix
    rows: tuple[tuple[int, int], ...]
    columns: tuple[int, ...]
    kernel: tuple[Parameters, ...]
    tree: Entries

    @property
    def kind(self) -> str:  # type: ignore[override]
        """The kind of the claim."""
        return FUNCTIONAL_DIMENSION if self.inputs is None else BATCH_FUNCTIONAL_DIMENSION

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        where = "" if self.inputs is None else f" on {counted(len(self.inputs), 'input')}"
        widths = "-".join(map(str, self.problem.widths))
        return f"The functional dimension of the {widths} network at the given parameters{where} is {len(self.columns)}."

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        inputs = {} if self.inputs is None else {"inputs": matrix_document(self.inputs)}
        over_all = {} if self.inputs is not None else {"batch": matrix_document(self.batch), "tree": entries_document(self.tree)}
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "dimension": len(self.columns)},
            "problem": {**network_document(self.problem), **inputs},
            "parameters": parameters_document(self.parameters),
            "evidence": {
                "rows": [list(row) for row in self.rows],
                "columns": list(self.columns),
                "kernel": [parameters_document(vector) for vector in self.kernel],
                **over_all,
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Network) -> DimensionCertificate:
        """The certificate from its JSON value and its network."""
        evidence, stated = document["evidence"], document["problem"].get("inputs")
        return cls(
            problem,
            parameters_of(document["parameters"]),
            None if stated is None else matrix_of(stated),
            matrix_of(evidence.get("batch", ())),
            tuple((i, k) for i, k in evidence["rows"]),
            tuple(evidence["columns"]),
            tuple(map(parameters_of, evidence["kernel"])),
            entries_of(evidence.get("tree", ())),
        )

    def __repr__(self) -> str:
        return f"DimensionCertificate({len(self.columns)}, {self.problem!r})"


def entries_document(entries: Entries) -> list[list[list[int | str]]]:
    """The entries of a tree over inputs as a JSON value."""
    return [[[index, number_document(value)] for index, value in entry] for entry in entries]


def entries_of(entries: Sequence[Any]) -> Entries:
    """The entries of a tree over inputs from their JSON value."""
    return tuple(tuple((index, exact(value)) for index, value in entry) for entry in entries)
