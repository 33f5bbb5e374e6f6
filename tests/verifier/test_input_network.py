"""Networks on one region: outputs and derivatives along directions against the outputs by hand."""

from __future__ import annotations

import random
from fractions import Fraction

from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.input_network import coordinates, derivative_on, outputs_on, pieces_at, read_input_network
from tests.verifier.oracle import predict

STEP = Fraction(1, 10**12)


def test_outputs_and_derivatives() -> None:
    source = random.Random(6)
    described = {
        "widths": [2, 3, 2, 2],
        "biases": [True, False, True],
        "activation": {"breakpoints": ["-1", "1"], "slopes": ["0", "1", "1/2"], "value_at_0": "1/3"},
    }
    network, _ = read_input_network(Field(described, "problem"))
    shapes = {"W1": (3, 2), "b1": (3,), "W2": (2, 3), "W3": (2, 2), "b3": (2,)}
    assert network.size == 6 + 3 + 6 + 4 + 2

    def drawn() -> dict[str, list]:
        return {
            name: [Fraction(source.randint(-9, 9), 4) for _ in range(shape[0])]
            if len(shape) == 1
            else [[Fraction(source.randint(-9, 9), 4) for _ in range(shape[1])] for _ in range(shape[0])]
            for name, shape in shapes.items()
        }

    def text(value: object) -> object:
        return [text(item) for item in value] if isinstance(value, list) else str(value)

    def plus(a: object, b: object, step: Fraction) -> object:
        return [plus(p, q, step) for p, q in zip(a, b, strict=True)] if isinstance(a, list) else a + step * b

    met = 0
    for _ in range(40):
        point, direction, x = drawn(), drawn(), [Fraction(source.randint(-9, 9), 5) for _ in range(2)]
        theta, delta = (
            network.parameters(Field(text_of, "p"))
            for text_of in ({k: text(v) for k, v in d.items()} for d in (point, direction))
        )
        pieces, kink = pieces_at(network, theta, x)
        forms = outputs_on(network, theta, pieces, coordinates(2))
        values = [sum(a * v for a, v in zip(form, (*x, 1), strict=True)) for form in forms]
        assert values == predict(described, point, x)
        if kink:
            continue
        met += 1
        moves = derivative_on(network, theta, pieces, coordinates(2), delta)
        slopes = [sum(a * v for a, v in zip(form, (*x, 1), strict=True)) for form in moves]
        assert slopes == [row[0] for row in derivative_on(network, theta, pieces, [[v] for v in x], delta)]
        near = predict(described, {k: plus(point[k], direction[k], STEP) for k in point}, x)
        assert all(abs((b - a) / STEP - s) < Fraction(1, 10**6) for a, b, s in zip(values, near, slopes, strict=True))
    assert met > 30
