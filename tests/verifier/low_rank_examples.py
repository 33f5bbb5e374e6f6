"""Best fits of deep linear networks, put together by hand."""

from __future__ import annotations

import copy

from tests.verifier.examples import certificate, point
from tests.verifier.oracle import Document

LINEAR: Document = {"breakpoints": [], "slopes": ["1"], "value_at_0": "0"}
HALVED: Document = {"breakpoints": [], "slopes": ["1/2"], "value_at_0": "3"}
LOW_RANK: Document = {"local_minimum": {"rule": "low rank"}}


def low_rank_diagonal() -> Document:
    """Y = diag(2, 1) on the unit vectors: the best matrix of rank 1 keeps the 2."""
    here = point(W1=[[2, 0]], W2=[[1], [0]])
    identity = [[1, 0], [0, 1]]
    return certificate(
        "local minimum", [2, 1, 2], identity, [[2, 0], [0, 1]], here, LOW_RANK, biases=[False, False], activation=LINEAR
    )


def low_rank_tie() -> Document:
    """Two equal singular values: either may be kept, and neither is better."""
    here = point(W1=[[3, 0]], W2=[[1], [0]])
    identity = [[1, 0], [0, 1]]
    return certificate(
        "local minimum", [2, 1, 2], identity, [[3, 0], [0, 3]], here, LOW_RANK, biases=[False, False], activation=LINEAR
    )


def low_rank_biases() -> Document:
    """Slope 1/2, h(0) = 3, biases, a dependent input, and three outputs of which only the third is left out."""
    here = point(W1=[[2, 0, 0], [0, 2, 0]], b1=[1, -1], W2=[[5, 0], [0, 3], [0, 0]], b2=["-35/2", "-15/2", 7])
    corners = [[1, 1], [1, -1], [-1, 1], [-1, -1]]
    x = [[a, b, a + b] for a, b in corners]
    # Outputs 5 a and 3 b are fitted. The third, 7 + ab + 0·x, is constant but for what no linear map sees.
    y = [[5 * a, 3 * b, 7 + a * b] for a, b in corners]
    return certificate("local minimum", [3, 2, 3], x, y, here, LOW_RANK, biases=[True, True], activation=HALVED)


def low_rank_irrational() -> Document:
    """The complement has the eigenvalues of [[2, 1], [1, 1]], (3 ± √5)/2, below the 3 that is kept (squared, 9 > 6.8…)."""
    here = point(W1=[[3, 0, 0]], W2=[[1], [0], [0]])
    identity = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    y = [[3, 0, 0], [0, 2, 1], [0, 1, 1]]
    return certificate("local minimum", [3, 1, 3], identity, y, here, LOW_RANK, biases=[False, False], activation=LINEAR)


LOW_RANK_EXAMPLES = {
    example.__name__: example() for example in (low_rank_diagonal, low_rank_tie, low_rank_biases, low_rank_irrational)
}


def get_low_rank(name: str) -> Document:
    """A copy of an example, free to be changed."""
    return copy.deepcopy(LOW_RANK_EXAMPLES[name])
