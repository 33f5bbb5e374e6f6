"""What sort of local minimum a point is: strict, flat, differentiable, and how large the set of its equals is."""

from __future__ import annotations

from exactsurf.certificate.verdict import Kind
from exactsurf.exact.linear_algebra import rank
from exactsurf.minima.coordinate_vector import dimension
from exactsurf.minima.invariance import invariance_tangents
from exactsurf.minima.paths import Subdifferentials
from exactsurf.minima.tangent_fan import TangentFan
from exactsurf.model.forward import ForwardPass
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


def kind_of(
    problem: Problem,
    parameters: Parameters,
    forward: ForwardPass,
    subdifferentials: Subdifferentials,
    *,
    modulo_invariance: int | None = None,
) -> Kind:
    """What is known about a point that was proved to be a local minimum.

    Parameters: `forward` and the `subdifferentials` of the loss at the point; `modulo_invariance`, the dimension of the
    invariances if the minimum was proved strict modulo these.
    Exactness: exact; None where nothing was proved. Raises: nothing. Source: theory.md, sections 3 and 6.

    >>> from exactsurf.model.data import Data
    >>> from exactsurf.model.network import Network
    >>> problem = Problem(Network([1, 1, 1]), Data.from_arrays([-1, 0, 1, 2], [1, -2, 3, 1]))
    >>> theta = problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])
    >>> forward = problem.forward(theta)
    >>> kind_of(problem, theta, forward, problem.subdifferentials(forward.outputs), modulo_invariance=1)
    Kind(strict=False, isolated_modulo_invariance=True, flat=False, differentiable=None, dimension=1)
    """
    kinked = any(low is not high and low != high for low, high in subdifferentials)
    fan = TangentFan(problem, parameters, forward)
    # r = 0 wherever something could bend: then the risk has derivative 0 there.
    notable = {
        i
        for low, high in subdifferentials
        for i, pair in enumerate(zip(low.numerators, high.numerators, strict=True))
        if any(pair)
    }
    smooth = True if not kinked and not any(sample in notable for _, _, sample in fan.pairs) else None
    size = dimension(problem.network)
    tangents = invariance_tangents(problem, parameters, forward)
    moved = rank(tangents) if tangents else 0
    if moved == size or (not notable and problem.loss.name == "hinge"):
        return Kind(False, True if moved == size else None, True, True, size)
    if modulo_invariance is not None:
        return Kind(modulo_invariance == 0, True, False, smooth, modulo_invariance)
    if moved:
        return Kind(strict=False, differentiable=smooth, flat=False if _is_fitted(problem) else None)
    return Kind(differentiable=smooth)


def _is_fitted(problem: Problem) -> bool:
    """Whether the risk moves with the bias of an output: every strictly convex loss does, wherever it is minimal."""
    return problem.network.biases[-1] and problem.loss.name == "squared"
