"""The certificates that a network computes the same at two points, or that it does not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exactsurf.certificate.claims.functional_dimension import Entries, entries_document, entries_of
from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateDocument, counted
from exactsurf.certificate.problem_document import matrix_document, network_document, parameters_document, vector_document
from exactsurf.certificate.reading.values import matrix_of, parameters_of, vector_of
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters

EQUAL_FUNCTIONS, EQUAL_PREDICTIONS, DIFFERENT_FUNCTIONS = "equal functions", "equal predictions", "different functions"
CLAIMS_ABOUT_TWO_FUNCTIONS = (EQUAL_FUNCTIONS, EQUAL_PREDICTIONS, DIFFERENT_FUNCTIONS)


@dataclass(frozen=True)
class EqualFunctions(CertificateDocument):
    """The claim that outputs at `parameters` and `other` are equal on all inputs, or on some, or differ at one.

    Attributes: `problem`, the network; `parameters`; `other`; one of `inputs` on which they are equal, `witness` at which they
    differ, or neither, with the entries of the `tree` over inputs. Exactness: exact.
    Source: proofs/FORMAT.md, section 34.2; proofs/claims/equal_functions.md.
    """

    problem: Network
    parameters: Parameters
    other: Parameters
    inputs: Matrix | None = None
    witness: Vector | None = None
    tree: Entries = ()

    @property
    def kind(self) -> str:  # type: ignore[override]
        """The kind of the claim."""
        if self.witness is not None:
            return DIFFERENT_FUNCTIONS
        return EQUAL_FUNCTIONS if self.inputs is None else EQUAL_PREDICTIONS

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        widths = "-".join(map(str, self.problem.widths))
        where = "" if self.inputs is None else f" on {counted(len(self.inputs), 'input')}"
        what = "different functions" if self.witness is not None else f"the same function{where}"
        return f"At the given parameters and at the other ones the {widths} network computes {what}."

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        inputs = {} if self.inputs is None else {"inputs": matrix_document(self.inputs)}
        evidence: dict[str, Any] = {}
        if self.witness is not None:
            evidence = {"input": vector_document(self.witness)}
        elif self.inputs is None:
            evidence = {"tree": entries_document(self.tree)}
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, "other": parameters_document(self.other)},
            "problem": {**network_document(self.problem), **inputs},
            "parameters": parameters_document(self.parameters),
            "evidence": evidence,
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Network) -> EqualFunctions:
        """The certificate from its JSON value and its network."""
        evidence, stated = document["evidence"], document["problem"].get("inputs")
        return cls(
            problem,
            parameters_of(document["parameters"]),
            parameters_of(document["claim"]["other"]),
            None if stated is None else matrix_of(stated),
            vector_of(evidence["input"]) if "input" in evidence else None,
            entries_of(evidence.get("tree", ())),
        )

    def __repr__(self) -> str:
        return f"EqualFunctions({self.kind!r}, {self.problem!r})"
