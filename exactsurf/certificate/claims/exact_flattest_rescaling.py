"""The certificate of the least sharpness among rescalings of hidden units, as an algebraic number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from exactsurf.certificate.claims.algebraic_point import AlgebraicNumber
from exactsurf.certificate.claims.exact_sharpness import ExactSharpness
from exactsurf.certificate.encoding import architecture, counted
from exactsurf.certificate.problem_document import matrix_document, vector_document
from exactsurf.certificate.reading.values import matrix_of, vector_of
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.model.problem import Problem

EXACT_FLATTEST_RESCALING = "exact flattest rescaling"


@dataclass(frozen=True)
class BalancedFactors:
    """Squares of factors and their inverses, layer by layer, in one number field: every number is a polynomial in `root`.

    `value`; for the largest eigenvalue `vectors` and their `shares`. `bits`, with which the verifier encloses numbers.
    Exactness: exact. Source: proofs/FORMAT.md, section 62.
    """

    bits: int
    root: AlgebraicNumber
    value: Vector
    squares: Matrix
    inverses: Matrix
    vectors: tuple[Matrix, ...] = ()
    shares: Matrix = ()

    def document(self) -> dict[str, Any]:
        """As a JSON value."""
        found: dict[str, Any] = {
            "bits": self.bits,
            "root": self.root.document(),
            "value": vector_document(self.value),
            "squares": matrix_document(self.squares),
            "inverses": matrix_document(self.inverses),
        }
        if self.vectors:
            found |= {"vectors": [matrix_document(one) for one in self.vectors], "shares": matrix_document(self.shares)}
        return found

    @classmethod
    def read(cls, document: dict[str, Any]) -> BalancedFactors:
        """From a JSON value."""
        squares, inverses, shares = (matrix_of(document.get(name, ())) for name in ("squares", "inverses", "shares"))
        vectors = tuple(map(matrix_of, document.get("vectors", ())))
        root, value = AlgebraicNumber.read(document["root"]), vector_of(document["value"])
        return cls(document["bits"], root, value, squares, inverses, vectors, shares)


@dataclass(frozen=True, repr=False)
class ExactFlattestRescaling(ExactSharpness):
    """The claim that, among rescalings, the least trace of the Hessian, or its least largest eigenvalue, is this number.

    `of` is ``"trace"`` or ``"largest eigenvalue"``; `value`; `place`, which proves it. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 62; proofs/claims/exact_flattest_rescaling.md.
    """

    place: BalancedFactors

    kind = EXACT_FLATTEST_RESCALING

    @property
    def beginning(self) -> str:
        """The claim up to the number."""
        return (
            f"Rescaling the hidden units of the {architecture(self.problem)} network at the given parameters, the least "
            f"{self.of} of the Hessian of the risk on {counted(len(self.problem.data), 'sample')} is"
        )

    def evidence(self) -> dict[str, Any]:
        """The numbers of the place."""
        return self.place.document()

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> ExactFlattestRescaling:
        """The certificate from its JSON value and its problem."""
        return cls(problem, place=BalancedFactors.read(document["evidence"]), **cls.stated(document))
