"""The claims `functional dimension` and `batch functional dimension` (FORMAT.md, section 34.1)."""

from __future__ import annotations

from collections.abc import Sequence

from ..arithmetic.document import Field, at
from ..arithmetic.effort import spend
from ..arithmetic.rational import Rational
from ..arithmetic.table import common_denominator, numerators
from ..input_network import (
    Form,
    InputNetwork,
    coordinates,
    derivative_on,
    pieces_at,
    read_input_network,
    read_inputs,
)
from ..input_tree import regions
from ..network import Parameters, vector_of
from ..submission import Submission, check_sentence, counted

PRIMES = (2**61 - 1, 2**89 - 1, 2**107 - 1, 2**127 - 1, 2**521 - 1)


def check_functional_dimension(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    names = ("format", "claim", "problem", "parameters", "evidence")
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(*names)
    submission.check_second_format(format_field)
    over_all = submission.kind == "functional dimension"
    _, sentence_field, dimension_field = claim.fields("kind", "sentence", "dimension")
    network, inputs_field = read_input_network(problem_field, *([] if over_all else ["inputs"]))
    rows_field, columns_field, kernel_field, *others = evidence.fields(
        "rows", "columns", "kernel", *(["batch", "tree"] if over_all else [])
    )
    batch_field = others[0] if over_all else inputs_field[0]
    parameters, batch = network.parameters(parameters_field), read_inputs(batch_field, network)
    if not over_all and not batch:
        raise batch_field.reject("expected at least one input")
    submission.done(f"problem: {network.architecture} network")
    dimension = dimension_field.size()
    where = "" if over_all else f" on {counted(len(batch), 'input')}"
    sentence = check_sentence(
        sentence_field,
        f"The functional dimension of the {network.architecture} network at the given parameters{where} is {dimension}.",
    )
    pieces = []
    for item, x in zip(batch_field.items(), batch, strict=True):
        with at(item.place):
            found, at_kink = pieces_at(network, parameters, x)
        if at_kink:
            raise item.reject("a unit is at a kink on this input")
        pieces.append(found)
    with at(rows_field.place):
        _check_minor(network, parameters, batch, pieces, dimension, rows_field, columns_field)
    submission.done(f"a minor of {counted(dimension, 'row')} is not 0")
    kernel = [network.parameters(item) for item in kernel_field.items(network.size - dimension)]
    with at(kernel_field.place):
        if not _is_invertible_part([vector_of(vector) for vector in kernel]):
            raise kernel_field.reject("these directions are not independent")
        if over_all:
            count = _check_kernel_on_regions(others[1], network, parameters, kernel_field, kernel)
        else:
            count = _check_kernel_on_inputs(network, parameters, batch, pieces, kernel_field, kernel)
    submission.done(f"no output moves along {counted(len(kernel), 'independent direction')}, on {count}")
    return sentence, None


def _unit_directions(network: InputNetwork, columns: Sequence[int]) -> list[Parameters]:
    """For every column the direction that moves this parameter alone."""
    found = []
    for column in columns:
        weights: list[list[list[Rational]]] = [
            [[0] * below for _ in range(width)] for below, width in zip(network.widths, network.widths[1:], strict=False)
        ]
        biases: list[list[Rational] | None] = [
            [0] * width if has else None for width, has in zip(network.widths[1:], network.biases, strict=True)
        ]
        rest = column
        for layer, rows in enumerate(weights):
            if rest < len(rows) * len(rows[0]):
                rows[rest // len(rows[0])][rest % len(rows[0])] = 1
                break
            rest -= len(rows) * len(rows[0])
            own = biases[layer]
            if own is not None:
                if rest < len(own):
                    own[rest] = 1
                    break
                rest -= len(own)
        found.append(Parameters(weights, biases))
    return found


def _check_minor(
    network: InputNetwork,
    parameters: Parameters,
    batch: list[list[Rational]],
    pieces: list[list[list[int]]],
    dimension: int,
    rows_field: Field,
    columns_field: Field,
) -> None:
    columns = [item.index(network.size) for item in columns_field.items(dimension)]
    if len({*columns}) < len(columns):
        raise columns_field.reject("a column occurs twice")
    rows = []
    for item in rows_field.items(dimension):
        first, second = item.items(2)
        rows.append((first.index(len(batch)), second.index(network.widths[-1])))
    if len({*rows}) < len(rows):
        raise rows_field.reject("a row occurs twice")
    spend(network.size * (1 + len(columns)))
    directions = _unit_directions(network, columns)
    moves = {
        i: [derivative_on(network, parameters, pieces[i], [[value] for value in batch[i]], direction) for direction in directions]
        for i in {i for i, _ in rows}
    }
    matrix = [[move[k][0] for move in moves[i]] for i, k in rows]
    if not _is_invertible_part(matrix):
        raise rows_field.reject("this minor is 0, as far as it is looked at")


def _is_invertible_part(matrix: Sequence[Sequence[Rational]]) -> bool:
    """Whether the rows are independent, which is seen modulo a prime."""
    whole = []
    for row in matrix:
        common = common_denominator(row, len(row))
        whole.append(numerators(row, common))
    return any(_rank(whole, prime) == len(whole) for prime in PRIMES)


def _rank(rows: Sequence[Sequence[int]], prime: int) -> int:
    left = [[value % prime for value in row] for row in rows]
    rank = 0
    for column in range(len(left[0]) if left else 0):
        pivot = next((i for i in range(rank, len(left)) if left[i][column]), None)
        if pivot is None:
            continue
        left[rank], left[pivot] = left[pivot], left[rank]
        inverse = pow(left[rank][column], -1, prime)
        spend(1 + (len(left) * len(left[0]) >> 2))
        for i in range(rank + 1, len(left)):
            if factor := left[i][column] * inverse % prime:
                left[i] = [(a - factor * b) % prime for a, b in zip(left[i], left[rank], strict=True)]
        rank += 1
    return rank


def _check_still(field: Field, index: int, moves: list[Form]) -> None:
    if any(any(move) for move in moves):
        raise field.items()[index].reject("an output moves along this direction")


def _check_kernel_on_inputs(
    network: InputNetwork,
    parameters: Parameters,
    batch: list[list[Rational]],
    pieces: list[list[list[int]]],
    field: Field,
    kernel: list[Parameters],
) -> str:
    for x, chosen in zip(batch, pieces, strict=True):
        for index, vector in enumerate(kernel):
            _check_still(field, index, derivative_on(network, parameters, chosen, [[value] for value in x], vector))
    return counted(len(batch), "input")


def _check_kernel_on_regions(
    tree: Field, network: InputNetwork, parameters: Parameters, field: Field, kernel: list[Parameters]
) -> str:
    if not kernel:
        tree.items(0)
        return "all inputs"
    count = 0
    for region in regions(tree, network, [parameters]):
        count += 1
        if not region.at_kink:
            for index, vector in enumerate(kernel):
                moves = derivative_on(network, parameters, region.pieces[0], coordinates(network.widths[0]), vector)
                _check_still(field, index, moves)
    return counted(count, "region")
