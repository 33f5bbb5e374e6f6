"""Weight decay: (λ/2)·Σ (penalised weights)², the regulariser of a risk."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from exactsurf.errors import InputError
from exactsurf.exact.number import exact, to_text
from exactsurf.model.parameters import Parameters

_ZERO = Fraction(0)


@dataclass(frozen=True)
class WeightDecay:
    """The regulariser (λ/2)·Σ w² over all weights, and over all biases too if `biases`.

    Attributes: `factor` λ > 0; `biases`. Conventions: PyTorch's ``weight_decay`` of SGD is λ with everything penalised;
    scikit-learn's ``alpha`` adds (alpha/(2N))·Σ w² of the weights to a mean over N samples, so λ is alpha/N there.
    Exactness: exact. Source: Krogh and Hertz 1991; proofs/FORMAT.md, section 16.

    >>> from exactsurf.model.parameters import Parameters
    >>> theta = Parameters(W1=[[2]], b1=[1], W2=[[1]])
    >>> WeightDecay(Fraction(1)).value(theta), WeightDecay(Fraction(1), True).value(theta)
    (Fraction(5, 2), Fraction(3, 1))
    """

    factor: Fraction
    biases: bool = False

    def value(self, parameters: Parameters) -> Fraction:
        """(λ/2)·Σ w² at `parameters`."""
        return self.factor / 2 * self.product(parameters, parameters)

    def gradient(self, parameters: Parameters) -> Parameters:
        """λ times the penalised entries, in the shape of `parameters`."""
        zero = parameters.moved(parameters, Fraction(-1))
        weights = zero.moved(parameters, self.factor).weights
        return Parameters(weights, (zero.moved(parameters, self.factor) if self.biases else zero).biases)

    def product(self, first: Parameters, second: Parameters) -> Fraction:
        """Σ w w′ over the penalised entries of two points or directions."""
        pairs = zip(self.penalised(first), self.penalised(second), strict=True)
        return sum((a * b for a, b in pairs), _ZERO)

    def changes(self, terms: Sequence[Parameters], order: int) -> list[Fraction]:
        """The coefficients of t⁰, …, t^order of the penalty at Σ t^k terms[k]."""
        found = []
        for n in range(order + 1):
            pairs = [(m, n - m) for m in range(n + 1) if max(m, n - m) < len(terms)]
            found.append(self.factor / 2 * sum((self.product(terms[a], terms[b]) for a, b in pairs), _ZERO))
        return found

    def penalised(self, parameters: Parameters) -> Iterator[Fraction]:
        """The penalised entries of a point or a direction, in a fixed order."""
        for matrix, bias in zip(parameters.weights, parameters.biases, strict=True):
            for row in matrix:
                yield from row
            if self.biases and bias is not None:
                yield from bias

    def __repr__(self) -> str:
        return f"weight_decay={to_text(self.factor)!r}" + (", decay_biases=True" if self.biases else "")


def weight_decay_from(factor: Any, biases: bool) -> WeightDecay | None:
    """The regulariser of a problem; None without a factor.

    Parameters: `factor` λ, an exact number above 0, or None; `biases`, whether biases are penalised.
    Exactness: exact. Raises: `InputError` for a factor that is not positive, for `biases` that are no truth value, and for
    penalised biases without a factor; `InexactNumberError` for a float. Source: none needed.

    >>> weight_decay_from("1/100", False), weight_decay_from(None, False)
    (weight_decay='1/100', None)
    """
    if not isinstance(biases, bool):
        raise InputError("decay_biases is a truth value", text=repr(biases))
    if factor is None:
        if biases:
            raise InputError("decay_biases without weight_decay", fix="give weight_decay, a positive number such as '1/100', too")
        return None
    value = exact(factor, "weight_decay")
    if value <= 0:
        fix = "leave weight_decay out" if not value else "weight_decay is a positive number such as '1/100'"
        raise InputError("weight_decay must be positive", text=to_text(value), fix=fix)
    return WeightDecay(value, biases)
