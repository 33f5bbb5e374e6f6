"""Sample weights: positive rationals, given one by one or by the classes of the targets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from exactsurf.errors import InputError, ShapeError
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.number import exact, to_text
from exactsurf.model.array_table import ReadNumber


def weights_from(values: Any, samples: int, what: str = "weights", *, read: ReadNumber = exact) -> Vector | None:
    """Weights of samples from a sequence or an array; None, which stands for weights that are all 1, stays None.

    Parameters: `values`, one positive number for each of the `samples`; `what` names them in errors; `read`, how
    entries are read.
    Exactness: exact. Raises: `InputError` naming the sample for a weight that is not positive or no exact number,
    `ShapeError` for another number of them. Source: none needed.

    >>> weights_from([1, "1/2"], 2), weights_from([1, 1], 2)
    ((Fraction(1, 1), Fraction(1, 2)), None)
    """
    if values is None:
        return None
    if hasattr(values, "to_numpy"):
        values = values.to_numpy()
    if isinstance(values, (str, bytes)) or not (isinstance(values, Sequence) or getattr(values, "ndim", 0) == 1):
        raise InputError(f"{what} are not a list of numbers", text=repr(values), fix="give one positive number for each sample")
    if len(values) != samples:
        raise ShapeError(f"{what} (one per sample)", (samples,), (len(values),))
    found = []
    for i, value in enumerate(values):
        weight = read(value, f"{what}[{i}]")
        if weight <= 0:
            raise InputError(
                f"the weight of sample {i} is not positive",
                text=to_text(weight),
                fix="leave the sample out; 0 would do the same" if not weight else "weights are positive",
            )
        found.append(weight)
    return None if all(weight == 1 for weight in found) else tuple(found)


def class_weights(described: Any, targets: Matrix, weights: Vector | None) -> Vector:
    """Weights of samples by their class, as scikit-learn's `class_weight` has them.

    Parameters: `described`, ``"balanced"`` or a mapping from labels (for one-hot targets: the number of the class, from 0) to
    positive numbers, 1 for labels that it leaves out; `targets`, labels or one-hot rows; `weights` of the samples. A balanced
    class gets W / (K·W_c), with W the sum of all weights, W_c that of the class and K the number of classes.
    Exactness: exact. Raises: `InputError` for a label that no sample has, and for targets that are no classes.
    Source: King and Zeng 2001, as scikit-learn's `compute_class_weight`.

    >>> class_weights("balanced", ((Fraction(1),), (Fraction(-1),), (Fraction(-1),)), None)
    (Fraction(3, 2), Fraction(3, 4), Fraction(3, 4))
    """
    labels = [_label(row, i) for i, row in enumerate(targets)]
    own = weights or (Fraction(1),) * len(labels)
    if isinstance(described, str) and described == "balanced":
        total = {label: Fraction(0) for label in labels}
        for label, weight in zip(labels, own, strict=True):
            total[label] += weight
        return tuple(sum(own) / (len(total) * total[label]) for label in labels)
    if not isinstance(described, Mapping):
        raise InputError("class_weight is 'balanced' or a mapping", text=repr(described), fix="for example {1: 2, -1: 1}")
    by_label = {}
    for key, value in described.items():
        label, weight = exact(key, "label in class_weight"), exact(value, f"class_weight[{key!r}]")
        if label not in labels:
            known = ", ".join(map(to_text, sorted(set(labels))))
            raise InputError("class_weight names a label that no sample has", text=to_text(label), fix=f"labels: {known}")
        if weight <= 0:
            raise InputError(f"class_weight[{key!r}] is not positive", text=to_text(weight))
        by_label[label] = weight
    return tuple(by_label.get(label, Fraction(1)) for label in labels)


def _label(row: Vector, sample: int) -> Fraction:
    if len(row) == 1:
        return row[0]
    if sorted(row) != [0] * (len(row) - 1) + [1]:
        raise InputError(
            f"class_weight needs labels or one-hot targets; sample {sample} has another row", text=", ".join(map(to_text, row))
        )
    return Fraction(row.index(Fraction(1)))


def product_of_weights(*factors: Vector | None) -> Vector | None:
    """The products of weights sample by sample; None if all are 1."""
    given = [factor for factor in factors if factor is not None]
    if not given:
        return None
    found = given[0]
    for factor in given[1:]:
        found = tuple(a * b for a, b in zip(found, factor, strict=True))
    return None if all(weight == 1 for weight in found) else found
