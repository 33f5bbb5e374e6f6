"""The certificate of the least sharpness among the minimisers of a signed cell, as an algebraic number."""

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

EXACT_FLATTEST_MINIMISER = "exact flattest minimiser"


@dataclass(frozen=True)
class FlattestPlace:
    """A place and what bounds the sharpness from below, in one number field: every number is a polynomial in `root`.

    `value`; by unit `products`, `squares`, `lines`; `bias`, one number or none; by sample `multipliers`; by unit and sample
    `prices`; for the largest eigenvalue `vectors` and their `shares`. `bits`, with which the verifier encloses numbers.
    Exactness: exact. Source: proofs/FORMAT.md, section 61.
    """

    bits: int
    root: AlgebraicNumber
    value: Vector
    products: tuple[Matrix, ...]
    bias: Matrix
    squares: Matrix
    lines: tuple[Matrix, ...]
    multipliers: Matrix
    prices: tuple[Matrix, ...]
    vectors: tuple[Matrix, ...] = ()
    shares: Matrix = ()

    def document(self) -> dict[str, Any]:
        """As a JSON value."""
        found: dict[str, Any] = {"bits": self.bits, "root": self.root.document(), "value": vector_document(self.value)}
        for name in ("products", "bias", "squares", "lines", "multipliers", "prices", "vectors", "shares"):
            value = getattr(self, name)
            if name in ("vectors", "shares") and not value:
                continue
            is_deep = name in ("products", "lines", "prices", "vectors")
            found[name] = [matrix_document(part) for part in value] if is_deep else matrix_document(value)
        return found

    @classmethod
    def read(cls, document: dict[str, Any]) -> FlattestPlace:
        """From a JSON value."""
        products, lines, prices, vectors = (
            tuple(map(matrix_of, document.get(name, ()))) for name in ("products", "lines", "prices", "vectors")
        )
        bias, squares, multipliers, shares = (
            matrix_of(document.get(name, ())) for name in ("bias", "squares", "multipliers", "shares")
        )
        root, value = AlgebraicNumber.read(document["root"]), vector_of(document["value"])
        return cls(document["bits"], root, value, products, bias, squares, lines, multipliers, prices, vectors, shares)


@dataclass(frozen=True, repr=False)
class ExactFlattestMinimiser(ExactSharpness):
    """The claim that, in a signed cell with given predictions, the least trace or the least largest eigenvalue is this number.

    `of` is ``"trace"`` or ``"largest eigenvalue"``; `value`; `place`, which proves it. `embed` as in `problem_document`.
    Exactness: exact. Source: proofs/FORMAT.md, section 61; proofs/claims/exact_flattest_minimiser.md.
    """

    place: FlattestPlace

    kind = EXACT_FLATTEST_MINIMISER

    @property
    def beginning(self) -> str:
        """The claim up to the number."""
        return (
            f"Among all parameters of the {architecture(self.problem)} network in the signed cell of the given ones that have "
            f"the same predictions on {counted(len(self.problem.data), 'sample')}, the least {self.of} of the Hessian of the "
            "risk is"
        )

    def evidence(self) -> dict[str, Any]:
        """The numbers of the place."""
        return self.place.document()

    @classmethod
    def read(cls, document: dict[str, Any], problem: Problem) -> ExactFlattestMinimiser:
        """The certificate from its JSON value and its problem."""
        return cls(problem, place=FlattestPlace.read(document["evidence"]), **cls.stated(document))
