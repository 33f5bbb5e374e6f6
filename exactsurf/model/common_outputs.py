"""What can be added to all outputs alike without a change of the risk, where the loss is one of their differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exactsurf.model.problem import Problem


def common_outputs(problem: Problem) -> tuple[bool, bool]:
    """Whether one change of the weights of all outputs alike, and one of their biases, leaves the risk as it is.

    Cross entropy and losses of leads are functions of the differences of the outputs. Weight decay penalises the weights, or
    all of them and the biases, and so singles one of these points out.

    Parameters: `problem`. Returns: two booleans, for the weights and for the bias of the output layer. Exactness: exact.
    Raises: nothing. Source: proofs/FORMAT.md, section 23; proofs/smooth.md, section 8.

    >>> import exactsurf as es
    >>> network, data = es.Network([1, 2]), es.Data.from_arrays([0, 1], [[0, 1], [1, 0]])
    >>> common_outputs(es.Problem(network, data, "cross_entropy")), common_outputs(es.Problem(network, data))
    ((True, True), (False, False))
    """
    relative = problem.loss.is_of_classes or problem.right_outputs is not None
    decay = problem.decay
    return relative and decay is None, relative and problem.network.biases[-1] and (decay is None or not decay.biases)
