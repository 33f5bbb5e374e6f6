"""The functional dimension of a network: the rank of its predictions in the parameters, on data and over all inputs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from exactsurf.cells.coordinates import parameters_at, weight_names
from exactsurf.cells.inputs.affine_network import constants, coordinates_of_inputs, gradients_on, pieces_at
from exactsurf.cells.inputs.input_tree import Entry, InputRegion, input_tree
from exactsurf.certificate.check import confirmed
from exactsurf.certificate.claims.functional_dimension import DimensionCertificate
from exactsurf.effort import AnyEffort, Effort, keeps_effort
from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import Matrix, Vector, dot, identity, kernel, pivot_columns
from exactsurf.model.needed_problem import piecewise_linear_network
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters, check_parameters
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class FunctionalDimension:
    """The rank of the predictions in the parameters at a point.

    Attributes: `dimension`; `parameters`, how many numbers the network has; `bound`, the most that the dimension can be
    (parameters less hidden units if units can be rescaled, and no more than there are predictions); `kernel`, a basis of the
    directions along which no prediction moves to first order; `certificate`.
    Exactness: exact. Source: Grigsby, Lindsey, Meyerhoff and Wu 2022; proofs/claims/functional_dimension.md.
    """

    dimension: int
    parameters: int
    bound: int
    kernel: tuple[Parameters, ...]
    certificate: DimensionCertificate

    @property
    def hidden_symmetries(self) -> int:
        """How many dimensions the bound has more: directions that are not explained by rescaling units."""
        return self.bound - self.dimension

    def __repr__(self) -> str:
        return f"FunctionalDimension({self.dimension} of {self.parameters}, at most {self.bound})"


@keeps_effort()
def functional_dimension(problem: Problem | Network, parameters: Parameters, *, effort: AnyEffort = None) -> FunctionalDimension:
    """The rank of the predictions in the parameters at a point: on the data of a problem, or over all inputs of a network.

    On data it is the rank of the matrix of derivatives of all predictions by all parameters (the batch functional dimension).
    For a network it is the largest such rank over all finite batches of inputs at which no unit is at a breakpoint: on every
    region of inputs on which the network is affine, the derivatives are affine functions of the input, so that finitely many
    inputs decide.

    Parameters: `problem`, or a network alone; `parameters` of it; `effort`, which bounds the time.
    Returns: a `FunctionalDimension`, whose certificate holds a minor that is not 0 and a basis of the kernel.
    Exactness: exact. Raises: `InputError` for smooth activations, and naming the sample and the unit if a sample
    of the data is at a breakpoint, where predictions have no derivative; `ShapeError` for parameters of another network;
    `OutOfTime`. Source: Grigsby, Lindsey, Meyerhoff and Wu 2022; proofs/claims/functional_dimension.md.

    >>> import exactsurf as es
    >>> network = es.Network([2, 2, 2, 1])
    >>> theta = es.Parameters(W1=[[1, 2], [3, -1]], b1=[1, 2], W2=[[2, -1], [-3, 1]], b2=[-1, 7], W3=[[1, 2]], b3=[1])
    >>> es.functional_dimension(network, theta)
    FunctionalDimension(11 of 15, at most 11)
    >>> problem = es.Problem(network, es.Data.from_arrays([[0, 0], [1, 0], [0, 1]], [0, 1, 2]))
    >>> es.functional_dimension(problem, theta).dimension
    3
    """
    running = Effort.of(effort)
    network = piecewise_linear_network(problem, "functional_dimension")
    check_parameters(network, parameters)
    entries: tuple[Entry, ...] = ()
    if isinstance(problem, Network):
        tree = input_tree([(network, parameters)], running)
        regions = [region for region in tree.regions if region.is_ordinary]
        batch = tuple(x for region in regions for x in _spanning_inputs(region))
        rows = [row for region in regions for row in _coefficient_rows(network, parameters, region)]
        entries = tree.entries
    else:
        batch, rows = problem.data.x, []
    values = _batch_rows(network, parameters, batch)
    names = weight_names(network)
    null = kernel(rows or values) if batch else identity(len(names))
    chosen, columns = _minor(values)
    if isinstance(problem, Network):
        used = sorted({row // network.widths[-1] for row in chosen})
        batch = tuple(batch[i] for i in used)
        chosen = [used.index(row // network.widths[-1]) * network.widths[-1] + row % network.widths[-1] for row in chosen]
    directions = tuple(parameters_at(network, dict(zip(names, vector, strict=True))) for vector in null)
    minor = tuple(divmod(row, network.widths[-1]) for row in chosen)
    certificate = DimensionCertificate(
        network,
        parameters,
        None if isinstance(problem, Network) else batch,
        batch if isinstance(problem, Network) else (),
        minor,
        tuple(columns),
        directions,
        entries if null else (),
    )
    bound = largest_dimension(network)
    if not isinstance(problem, Network):
        bound = min(bound, len(values))
    return FunctionalDimension(len(columns), len(names), bound, directions, confirmed(certificate))


def largest_dimension(network: Network) -> int:
    """An upper bound on the functional dimension at all parameters: each hidden unit that can be rescaled takes one off.

    Parameters: `network`, piecewise linear. Exactness: exact; it need not be attained.
    Raises: errors of smooth activations. Source: proofs/claims/functional_dimension.md.

    >>> import exactsurf as es
    >>> [largest_dimension(es.Network([2, 3, 2, 1], h)) for h in (es.relu, es.hard_tanh)]
    [15, 20]
    """
    count = len(weight_names(network))
    return count - sum(network.widths[1:-1]) if network.activation.degree == 1 else count


def _coefficient_rows(network: Network, parameters: Parameters, region: InputRegion) -> list[Vector]:
    """For every output and every coefficient of an affine function, that coefficient of all derivatives."""
    found = gradients_on(network, parameters, region.pieces[0], coordinates_of_inputs(network.widths[0]))
    return [row for output in found for row in zip(*output, strict=True)]


def _spanning_inputs(region: InputRegion) -> list[Vector]:
    """Inputs of a region of which every input is an affine combination."""
    found = [region.witness]
    for k in range(len(region.witness)):
        room = [(dot(row[:-1], region.witness) + row[-1]) / abs(row[k]) for row in region.inequalities if row[k]]
        step = min([Fraction(2), *room]) / 2
        found.append(tuple(value + step * (i == k) for i, value in enumerate(region.witness)))
    return found


def _batch_rows(network: Network, parameters: Parameters, batch: Matrix) -> list[Vector]:
    """The derivatives of every prediction by all parameters, by input and then by output."""
    rows = []
    for i, x in enumerate(batch):
        pieces, wall = pieces_at(network, parameters, x)
        if wall is not None:
            raise InputError(
                f"unit {wall[1]} of layer {wall[0]} is at a breakpoint on sample {i}, so predictions have no derivative there",
                fix="move the parameters a little, or ask about the network: es.functional_dimension(problem.network, …)",
            )
        found = gradients_on(network, parameters, pieces, constants(x))
        rows += [tuple(value for (value,) in output) for output in found]
    return rows


def _minor(rows: Sequence[Vector]) -> tuple[list[int], list[int]]:
    """Rows and columns of a largest minor that is not 0."""
    chosen = pivot_columns(list(zip(*rows, strict=True)))
    return chosen, pivot_columns([rows[i] for i in chosen])
