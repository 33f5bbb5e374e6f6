"""The Hessian of a risk by pieces at a point that is on no wall, for questions about sharpness."""

from __future__ import annotations

from exactsurf.cells.activation_pattern import pattern_of
from exactsurf.cells.cell import cell_of
from exactsurf.cells.coordinates import coordinates
from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.minima.local.coordinate_vector import dimension
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem

MAX_PARAMETERS = 40
"""Parameters beyond which no characteristic polynomial is asked for."""


def hessian_of_cell(problem: Problem, parameters: Parameters, asker: str) -> tuple[Matrix, Vector]:
    """Hessian and gradient of the risk at a point, in the order of the parameters.

    Parameters: a `problem` with piecewise linear units; `parameters` on no wall; `asker`, who asks, for messages.
    Exactness: exact. Raises: `UnsupportedError` where there is no Hessian, for class losses, weight decay and more than 40
    parameters; `ShapeError`. Source: proofs/claims/sharpness.md.
    """
    problem.check_no_decay()
    problem.check_shapes(parameters)
    if not problem.loss.is_piecewise_quadratic or problem.right_outputs is not None:
        raise UnsupportedError(
            f"{asker} needs a loss by pieces that is none of classes; this is {problem.loss!r}", "take squared"
        )
    size = dimension(problem.network)
    if size > MAX_PARAMETERS:
        raise UnsupportedError(f"{asker} knows {MAX_PARAMETERS} parameters at most; these are {size}", "take a smaller network")
    _check_smooth(problem, parameters)
    risk, place = cell_of(problem, parameters).risk, coordinates(parameters)
    return risk.hessian_at(place), risk.gradient_at(place)


def _check_smooth(problem: Problem, parameters: Parameters) -> None:
    point = Point(problem, parameters)
    boundary = pattern_of(point).boundary
    if boundary:
        raise UnsupportedError(f"there is no Hessian here: {boundary[0]} is on a wall", "move the point off the wall")
    # Without biases a unit may be at a breakpoint for all parameters, which is no wall, but which section 33.2 leaves out.
    for layer, units in enumerate(point.forward.pre_activations, start=1):
        for unit, values in enumerate(units):
            for i, value in enumerate(values.fractions()):
                if value in problem.network.activation.breakpoints:
                    raise UnsupportedError(
                        f"unit {unit} of layer {layer} is at a breakpoint on sample {i} for all parameters near",
                        f"give layer {layer} biases, or leave out sample {i} (another risk unless it has constant outputs)",
                    )
    for row in problem.terms_at(problem.forward(parameters).outputs):
        for i, (function, value) in enumerate(row):
            if value in function.breakpoints:
                raise UnsupportedError(
                    f"the loss may have no second derivative at the prediction of sample {i}", "move the point"
                )
