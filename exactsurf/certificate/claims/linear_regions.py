"""The certificate of the numbers of linear regions of a network in input space."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exactsurf.certificate.claims.functional_dimension import Entries, entries_document, entries_of
from exactsurf.certificate.encoding import GENERAL_FORMAT, CertificateDocument, counted
from exactsurf.certificate.problem_document import matrix_document, network_document, parameters_document
from exactsurf.certificate.reading.values import matrix_of, parameters_of
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters

LINEAR_REGIONS = "linear regions"


@dataclass(frozen=True)
class RegionCertificate(CertificateDocument):
    """The claim of how many activation regions there are, how many with inner points, and how many affine functions.

    Attributes: `problem`, the network; `parameters`; `witnesses`, an input of every open region, and the entries of the `tree`;
    `half_open_witnesses` and `half_open_tree`, the same where a unit at a breakpoint is on the left piece; `affine`.
    Exactness: exact. Source: proofs/FORMAT.md, section 34.3; proofs/claims/linear_regions.md.
    """

    problem: Network
    parameters: Parameters
    witnesses: Matrix
    tree: Entries
    half_open_witnesses: Matrix
    half_open_tree: Entries
    affine: int

    kind = LINEAR_REGIONS

    @property
    def sentence(self) -> str:
        """The claim in one sentence."""
        widths = "-".join(map(str, self.problem.widths))
        functions = counted(self.affine, "affine function")
        return (
            f"The {widths} network at the given parameters has {counted(len(self.half_open_witnesses), 'activation region')}, "
            f"{len(self.witnesses)} of them with inner points, on which it is {functions}."
        )

    def document(self) -> dict[str, Any]:
        """The certificate as a JSON value."""
        counts = {"activation": len(self.half_open_witnesses), "proper": len(self.witnesses), "affine": self.affine}
        return {
            "format": GENERAL_FORMAT,
            "claim": {"kind": self.kind, "sentence": self.sentence, **counts},
            "problem": network_document(self.problem),
            "parameters": parameters_document(self.parameters),
            "evidence": {
                "witnesses": matrix_document(self.witnesses),
                "tree": entries_document(self.tree),
                "half_open_witnesses": matrix_document(self.half_open_witnesses),
                "half_open_tree": entries_document(self.half_open_tree),
            },
        }

    @classmethod
    def read(cls, document: dict[str, Any], problem: Network) -> RegionCertificate:
        """The certificate from its JSON value and its network."""
        evidence = document["evidence"]
        return cls(
            problem,
            parameters_of(document["parameters"]),
            matrix_of(evidence["witnesses"]),
            entries_of(evidence["tree"]),
            matrix_of(evidence["half_open_witnesses"]),
            entries_of(evidence["half_open_tree"]),
            document["claim"]["affine"],
        )

    def __repr__(self) -> str:
        return f"RegionCertificate({len(self.witnesses)} proper, {self.problem!r})"
