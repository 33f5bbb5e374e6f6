"""Layers that stay at 0 on a sample, whatever their weights: they have no bias and read nothing there."""

from __future__ import annotations

from exactsurf.model.point import Point


def still_samples(point: Point) -> tuple[frozenset[int], ...]:
    """For every hidden layer the samples on which its pre-activations are 0 at all parameters near the point.

    Parameters: `point`. Exactness: exact, by induction over the layers; sufficient.
    Raises: nothing. Source: proofs/FORMAT.md, section 4.3; proofs/rules/second_order.md.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 1, 1, 1], biases=False), es.Data.from_arrays([0, -1, 1], [0, 1, 1]))
    >>> theta = problem.parameters(W1=[[1]], W2=[[1]], W3=[[1]])
    >>> [sorted(samples) for samples in still_samples(Point(problem, theta))]
    [[0], [0, 1]]
    """
    problem, forward = point.problem, point.forward
    network, inputs, h = problem.network, problem.data.inputs, problem.network.activation
    found: list[frozenset[int]] = []
    for layer, has_bias in enumerate(network.biases[:-1]):
        if has_bias:
            found.append(frozenset())
        elif layer == 0:
            found.append(frozenset(i for i in range(inputs.rows) if not any(inputs.integer_row(i))))
        else:
            below, values = [h.pieces(z) for z in forward.pre_activations[layer - 1]], forward.activations[layer - 1]
            found.append(
                frozenset(
                    i
                    for i in range(inputs.rows)
                    if not any(value.numerators[i] for value in values)
                    and (i in found[-1] or not any(h.slopes[piece] for unit in below for piece in unit[i]))
                )
            )
    return tuple(found)
