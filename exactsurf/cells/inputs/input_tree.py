"""All regions of input space on which networks are affine, by a tree of splits whose empty children are proved empty."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from exactsurf.cells.inputs.affine_network import Pieces, coordinates_of_inputs, layer_of, on_piece
from exactsurf.effort import UNBOUNDED, Effort
from exactsurf.errors import UnsupportedError
from exactsurf.exact.linear_algebra import Matrix, Vector, dot
from exactsurf.exact.strict_system import MotzkinMultipliers, solve_strict_system
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters

Entry = tuple[tuple[int, Fraction], ...]
"""Of a child: nothing if it has inputs, else multipliers of its inequalities that show that it has none."""

MAX_REGIONS = 100_000
_ZERO, _ONE = Fraction(0), Fraction(1)


@dataclass(frozen=True)
class InputRegion:
    """An open, not empty set of inputs on which every hidden unit stays on one piece of the activation.

    Attributes: `pieces`, for every network the pieces of its units by layer; `inequalities` a·x + c > 0 that define the region,
    as vectors (a, c); `witness`, an input in it; `outputs`, for every network its outputs there as vectors (a, c);
    `is_ordinary`, whether no unit is at a breakpoint on all of it; `weak`, the numbers of inequalities that are ≥ 0 instead.
    Exactness: exact. Source: proofs/FORMAT.md, section 34.
    """

    pieces: tuple[Pieces, ...]
    inequalities: Matrix
    witness: Vector
    outputs: tuple[Matrix, ...]
    is_ordinary: bool
    weak: frozenset[int] = frozenset()

    def contains(self, x: Sequence[Fraction]) -> bool:
        """Whether an input lies in the region."""
        values = (dot(row[:-1], x) + row[-1] for row in self.inequalities)
        return all(value > 0 or (value == 0 and k in self.weak) for k, value in enumerate(values))


@dataclass(frozen=True)
class InputTree:
    """The regions, in the order in which the tree reaches them, and its entries (proofs/FORMAT.md, section 34)."""

    regions: tuple[InputRegion, ...]
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class _Node:
    """A region in which some units have their pieces: those of the networks that are done, and of one that is not yet."""

    done: tuple[tuple[Pieces, Matrix], ...]
    pieces: Pieces
    chosen: tuple[int, ...]
    pre: Matrix
    post: Matrix
    inequalities: Matrix
    witness: Vector
    is_ordinary: bool
    weak: frozenset[int] | None


def input_tree(
    networks: Sequence[tuple[Network, Parameters]], effort: Effort = UNBOUNDED, *, half_open: bool = False
) -> InputTree:
    """The regions of input space on which all of the networks are affine.

    Parameters: `networks`, each with its parameters, of the same number of inputs; `effort`, which bounds the time; `half_open`,
    whether a unit at a breakpoint belongs to the piece on the left of it, so that regions cover all inputs and may be thin.
    Exactness: exact: every region has a witness, every set that is left out a proof that it is empty.
    Raises: `UnsupportedError` for more than 100,000 regions; `OutOfTime`. Source: proofs/claims/functional_dimension.md.

    >>> import exactsurf as es
    >>> theta = es.Parameters(W1=[[1], [1]], b1=[0, -1], W2=[[1, -2]], b2=[0])
    >>> found = input_tree([(es.Network([1, 2, 1]), theta)])
    >>> [(region.pieces[0], region.outputs[0][0]) for region in found.regions][2]
    (((1, 1),), (Fraction(-1, 1), Fraction(2, 1)))
    >>> len(found.regions), len(found.entries)
    (3, 6)
    """
    size = networks[0][0].widths[0]
    start = _start(networks, 0, (), _Node((), (), (), (), (), (), (_ZERO,) * size, True, frozenset() if half_open else None))
    regions: list[InputRegion] = []
    entries: list[Entry] = []
    stack: list[_Node | Entry] = [start]
    while stack:
        effort.check("the regions of input space")
        node = stack.pop()
        if isinstance(node, tuple):
            entries.append(node)
            continue
        if len(node.done) == len(networks):
            regions.append(_region(node))
            if len(regions) > MAX_REGIONS:
                raise UnsupportedError(f"there are more than {MAX_REGIONS} regions of inputs", "take a smaller network")
            continue
        stack.extend(reversed(list(_children(networks, node))))
    return InputTree(tuple(regions), tuple(entries))


def _region(node: _Node) -> InputRegion:
    pieces, outputs = zip(*node.done, strict=True)
    return InputRegion(pieces, node.inequalities, node.witness, outputs, node.is_ordinary, node.weak or frozenset())


def _start(
    networks: Sequence[tuple[Network, Parameters]], index: int, done: tuple[tuple[Pieces, Matrix], ...], node: _Node
) -> _Node:
    """The node at the first layer of a network, or with nothing left."""
    node = replace(node, done=done, pieces=(), chosen=(), pre=(), post=())
    if index == len(networks):
        return node
    network, parameters = networks[index]
    size = network.widths[0]
    pre = layer_of(parameters, 0, coordinates_of_inputs(size), size + 1)
    return _after_layer(networks, replace(node, pre=pre)) if network.layers == 1 else replace(node, pre=pre)


def _after_layer(networks: Sequence[tuple[Network, Parameters]], node: _Node) -> _Node:
    """The node at the next layer, all units of its layer having their pieces; `pre` of a last layer are the outputs."""
    index = len(node.done)
    network, parameters = networks[index]
    pieces, layer = node.pieces, len(node.pieces)
    if layer < network.layers - 1:
        pieces = (*pieces, node.chosen)
        pre = layer_of(parameters, layer + 1, node.post, network.widths[0] + 1)
        node = replace(node, pieces=pieces, chosen=(), pre=pre, post=())
    if len(pieces) == network.layers - 1:
        return _start(networks, index + 1, (*node.done, (pieces, node.pre)), node)
    return node


def _children(networks: Sequence[tuple[Network, Parameters]], node: _Node) -> Iterator[_Node | Entry]:
    """In the order of a certificate: for every child its entry and, if it has inputs, the child."""
    network = networks[len(node.done)][0]
    breakpoints = network.activation.breakpoints
    z = node.pre[len(node.chosen)]
    if not any(z[:-1]):
        yield _with_piece(networks, node, bisect_left(breakpoints, z[-1]), z[-1] not in breakpoints)
        return
    here = dot(z[:-1], node.witness) + z[-1]
    home = None if here in breakpoints and node.weak is None else bisect_left(breakpoints, here)
    for piece in range(len(breakpoints) + 1):
        rows, weak = node.inequalities, node.weak
        if piece > 0:
            rows = (*rows, (*z[:-1], z[-1] - breakpoints[piece - 1]))
        if piece < len(breakpoints):
            weak = None if weak is None else weak | {len(rows)}
            rows = (*rows, (*(-a for a in z[:-1]), breakpoints[piece] - z[-1]))
        found = node.witness if piece == home else witness_of(rows, weak or frozenset())
        if isinstance(found, dict):
            yield tuple(sorted(found.items()))
        else:
            yield ()
            yield _with_piece(networks, replace(node, inequalities=rows, witness=found, weak=weak), piece, True)


def witness_of(rows: Sequence[Vector], weak: frozenset[int] = frozenset()) -> Vector | dict[int, Fraction]:
    """An input with a·x + c > 0 for all rows (≥ 0 for those in `weak`), or multipliers of rows that show that there is none.

    Parameters: `rows`, at least one. Exactness: exact. Raises: nothing for rows of one length. Source: Motzkin's theorem.

    >>> one = Fraction(1)
    >>> witness_of([(one, -one), (-one, one)]), witness_of([(one, -one), (-one, one)], frozenset({0, 1}))
    ({0: Fraction(1, 2), 1: Fraction(1, 2)}, (Fraction(1, 1),))
    """
    strict = [k for k in range(len(rows)) if k not in weak]
    soft = sorted(weak)
    infinity = (*(_ZERO,) * (len(rows[0]) - 1), _ONE)
    found = solve_strict_system([*(rows[k] for k in strict), infinity], (), [rows[k] for k in soft])
    if isinstance(found, MotzkinMultipliers):
        pairs = [*zip(strict, found.strict[:-1], strict=True), *zip(soft, found.weak, strict=True)]
        return {k: value for k, value in pairs if value}
    return tuple(value / found[-1] for value in found[:-1])


def _with_piece(networks: Sequence[tuple[Network, Parameters]], node: _Node, piece: int, is_ordinary: bool) -> _Node:
    network, chosen = networks[len(node.done)][0], (*node.chosen, piece)
    post = (*node.post, on_piece(network, node.pre[len(node.chosen)], piece))
    moved = replace(node, chosen=chosen, post=post, is_ordinary=node.is_ordinary and is_ordinary)
    return _after_layer(networks, moved) if len(chosen) == len(node.pre) else moved
