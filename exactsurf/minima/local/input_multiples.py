"""Samples whose predictions are a multiple of another sample's, whatever the parameters: a symmetry of the network."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.rules.kinked_paths import Multiple
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.activation import Activation
from exactsurf.model.problem import Problem

_ONE = Fraction(1)


def input_multiples(problem: Problem) -> tuple[Multiple, ...]:
    """The samples i with f_i = c f_m at all parameters, for an earlier sample m, as (i, m, c).

    Equal inputs have equal predictions. Without biases a homogeneous activation makes the network homogeneous, an odd one makes
    it odd; an even one makes it even if the first layer has no bias.

    Parameters: `problem` with a piecewise linear activation. Returns: the multiples, by rising i; no m is itself one of the i.
    Exactness: exact. Raises: nothing. Source: proofs/rules/kinked_paths.md, "Multiples".

    >>> import exactsurf as es
    >>> network = es.Network([1, 2, 1], es.absolute_value, biases=False)
    >>> input_multiples(es.Problem(network, es.Data.from_arrays([2, 0, -1, 2], [0, 0, 0, 0])))
    ((2, 0, Fraction(1, 2)), (3, 0, Fraction(1, 1)))
    """
    h, biases = problem.network.activation, problem.network.biases
    scales = not any(biases) and is_homogeneous(h)
    turns = -1 if not any(biases) and is_symmetric(h, -1) else 1 if not biases[0] and is_symmetric(h, 1) else 0
    first: dict[Vector, tuple[int, Fraction]] = {}
    found = []
    for i, x in enumerate(problem.data.x):
        lead = next((value for value in x if value), _ONE)
        size = abs(lead) if scales else _ONE
        side = -1 if turns and lead < 0 else 1
        factor = size * (turns if side < 0 else 1)
        m, base = first.setdefault(tuple(side * value / size for value in x), (i, factor))
        if m != i:
            found.append((i, m, factor / base))
    return tuple(found)


def is_homogeneous(h: Activation) -> bool:
    """Whether h(c z) = c h(z) for all c > 0.

    Parameters: a piecewise linear `h`. Exactness: exact. Raises: nothing. Source: the definition.

    >>> import exactsurf as es
    >>> is_homogeneous(es.relu), is_homogeneous(es.relu6)
    (True, False)
    """
    bends = (t for t, left, right in zip(h.breakpoints, h.slopes, h.slopes[1:], strict=False) if left != right)
    return not h.value_at_0 and not any(bends)


def is_symmetric(h: Activation, sign: int) -> bool:
    """Whether h(−z) = sign · h(z) for all z: for the sign 1 an even function, for −1 an odd one.

    Parameters: a piecewise linear `h`; `sign`. Exactness: exact: both sides are linear between the places that are compared.
    Raises: nothing. Source: the definition.

    >>> import exactsurf as es
    >>> is_symmetric(es.absolute_value, 1), is_symmetric(es.hard_tanh, -1), is_symmetric(es.relu, 1)
    (True, True, False)
    """
    places: Sequence[Fraction] = sorted({Fraction(0), *(abs(t) for t in h.breakpoints)})
    places = (*places, places[-1] + 1)
    return all(h(-z) == sign * h(z) for z in places)
