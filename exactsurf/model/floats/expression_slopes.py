"""Values and slopes of expressions at many numbers at once, in floats: for proposals only."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from exactsurf.model.smooth_expression import Tree

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[Any]


def value_and_slope(tree: Tree, z: Floats) -> tuple[Floats, Floats]:
    """An expression in z and its derivative, at every entry of an array.

    Parameters: `tree`, from `read_expression`; `z`. Exactness: none, doubles; not a number where the expression has no value.
    Raises: nothing. Source: the chain rule.

    >>> import numpy as np
    >>> from exactsurf.model.smooth_expression import read_expression
    >>> [part.tolist() for part in value_and_slope(read_expression("z**2 + exp(-z)"), np.array([0.0]))]
    [[1.0], [-1.0]]
    """
    import numpy as np

    if isinstance(tree, Fraction):
        return np.full_like(z, float(tree)), np.zeros_like(z)
    if not isinstance(tree, tuple):
        return z, np.ones_like(z)
    operation, (a, da) = tree[0], value_and_slope(tree[1], z)
    if operation in ("+", "*", "/"):
        b, db = value_and_slope(tree[2], z)
        if operation == "+":
            return a + b, da + db
        return (a * b, da * b + a * db) if operation == "*" else (a / b, (da - a / b * db) / b)
    if operation == "power":
        return a ** tree[2], tree[2] * a ** (tree[2] - 1) * da
    value, slope = _of_function(operation, a)
    return value, slope * da


def _of_function(name: str, a: Floats) -> tuple[Floats, Floats]:
    import numpy as np

    match name:
        case "-":
            return -a, -np.ones_like(a)
        case "exp":
            return np.exp(a), np.exp(a)
        case "log":
            return np.log(a), 1 / a
        case "tanh":
            return np.tanh(a), 1 - np.tanh(a) ** 2
        case "arctan":
            return np.arctan(a), 1 / (1 + a * a)
    sigmoid = np.exp(-np.logaddexp(0, -a))
    return (sigmoid, sigmoid * (1 - sigmoid)) if name == "sigmoid" else (np.logaddexp(0, a), sigmoid)
