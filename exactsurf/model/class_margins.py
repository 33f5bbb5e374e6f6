"""Losses of labels with several outputs: one-hot targets, and for every wrong class how far it lies above the right one."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.errors import InputError
from exactsurf.exact.number import to_text
from exactsurf.exact.scaled_vector import ScaledVector


def right_outputs(targets: Sequence[Sequence[Fraction]], loss: str = "hinge") -> tuple[int, ...]:
    """The output of every sample's class, from one-hot targets.

    Parameters: `targets`, one row per sample with as many entries as there are outputs, at least two; `loss` names it in
    the error.
    Exactness: exact. Raises: `InputError` naming the first sample whose row is not one 1 and zeros.
    Source: proofs/FORMAT.md, section 2.

    >>> right_outputs([[Fraction(0), Fraction(1)], [Fraction(1), Fraction(0)]])
    (1, 0)
    """
    found = []
    for sample, row in enumerate(targets):
        if sorted(row) != [0] * (len(row) - 1) + [1]:
            raise InputError(
                f"the {loss} loss with {len(row)} outputs needs one-hot targets: 1 for the class of the sample, 0 for the "
                f"others; sample {sample} has another row",
                text=", ".join(map(to_text, row)),
                fix="write class 2 of 3 as 0, 1, 0; for two classes one output with labels −1 and 1 will do as well",
            )
        found.append(row.index(Fraction(1)))
    return tuple(found)


def lead_of_wrong_classes(outputs: Sequence[ScaledVector], right: Sequence[int]) -> tuple[ScaledVector, ...]:
    """f_k − f_y for every output k and sample, y being the sample's class; 0 for k = y.

    Parameters: `outputs`, one vector over the samples per output; `right`, as of `right_outputs`.
    Exactness: exact. Raises: nothing. Source: Weston and Watkins 1999; Laurent and von Brecht 2018.

    >>> [v.fractions() for v in lead_of_wrong_classes([ScaledVector((1,), 1), ScaledVector((3,), 2)], [0])]
    [(Fraction(0, 1),), (Fraction(1, 2),)]
    """
    known = ScaledVector.from_fractions([outputs[k][i] for i, k in enumerate(right)])
    return tuple(vector.minus(known) for vector in outputs)


def from_wrong_classes(slopes: Sequence[ScaledVector], right: Sequence[int]) -> tuple[ScaledVector, ...]:
    """Derivatives in the f_k from those in the f_k − f_y: the one of the right class is minus the sum of the others.

    Parameters: `slopes`, one vector over the samples per output, 0 for the right classes; `right`, as of `right_outputs`.
    Exactness: exact. Raises: nothing. Source: the chain rule.

    >>> slopes = [ScaledVector((0,), 1), ScaledVector((1,), 1), ScaledVector((2,), 1)]
    >>> [v.fractions() for v in from_wrong_classes(slopes, [0])]
    [(Fraction(-3, 1),), (Fraction(1, 1),), (Fraction(2, 1),)]
    """
    columns = [list(vector.fractions()) for vector in slopes]
    for i, k in enumerate(right):
        columns[k][i] = -sum((column[i] for column in columns), Fraction(0))
    return tuple(map(ScaledVector.from_fractions, columns))
