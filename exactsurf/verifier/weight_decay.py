"""Weight decay: what it adds to the risk, and to its derivatives (FORMAT.md, section 16)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from .arithmetic.document import Field
from .arithmetic.effort import spend
from .arithmetic.rational import Rational
from .network import Parameters


@dataclass(frozen=True)
class WeightDecay:
    """(factor/2)·Σ w² over all weights, and over all biases if `biases`."""

    factor: Rational
    biases: bool
    phrase: str

    def product(self, first: Parameters, second: Parameters) -> Fraction:
        """factor·Σ w w′ over the penalised entries of two points or directions."""
        pairs = list(zip(self._entries(first), self._entries(second), strict=True))
        spend(4 * len(pairs))
        return Fraction(self.factor) * sum((Fraction(a) * b for a, b in pairs), Fraction(0))

    def changes(self, terms: Sequence[Parameters], order: int) -> list[Rational]:
        """The coefficients of t, …, t^order of the penalty at Σ t^n terms[n]."""
        found: list[Rational] = []
        for n in range(1, order + 1):
            pairs = [(m, n - m) for m in range(n + 1) if m < len(terms) and n - m < len(terms)]
            found.append(Fraction(sum((self.product(terms[a], terms[b]) for a, b in pairs), Fraction(0)), 2))
        return found

    def _entries(self, values: Parameters) -> list[Rational]:
        entries = [value for matrix in values.weights for row in matrix for value in row]
        return entries + [value for bias in values.biases if self.biases and bias is not None for value in bias]


def read_weight_decay(field: Field) -> WeightDecay:
    """The field `problem.weight_decay`."""
    factor_field, biases_field = field.fields("factor", "biases")
    biases = biases_field.boolean()
    factor = factor_field.positive()
    phrase = f"risk with weight decay {factor_field.text()}" + (" of weights and biases" if biases else "")
    return WeightDecay(factor, biases, phrase)
