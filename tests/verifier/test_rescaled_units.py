"""Parameters and the hidden units that they come into and go out of."""

from __future__ import annotations

import pytest

from exactsurf.verifier import Rejected
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.problem import read_problem
from exactsurf.verifier.rescaled_units import check_shape, units_of
from tests.verifier.verdicts import golden


def test_a_chain_and_a_network_with_biases() -> None:
    chain = read_problem(Field(golden("exact_rescaling_chain")["problem"], "problem"), None, 2)
    assert units_of(chain) == [((0, 0), None), ((1, 0), (0, 0)), (None, (1, 0))]
    two = read_problem(Field(golden("exact_rescaling_eigenvalue")["problem"], "problem"), None, 2)
    first, second = (0, 0), (0, 1)
    assert units_of(two) == [
        (first, None),
        (second, None),
        (first, None),
        (second, None),
        (None, first),
        (None, second),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("activation", "why"),
    [({"breakpoints": ["1"], "slopes": ["0", "1"], "value_at_0": "0"}, "h(cz) = c h(z)")],
)
def test_what_is_not_rescaled(activation: object, why: str) -> None:
    document = {**golden("exact_rescaling_chain")["problem"], "activation": activation}
    problem = read_problem(Field(document, "problem"), None, 2)
    with pytest.raises(Rejected) as caught:
        check_shape(problem, Field(document, "problem"))
    assert why in caught.value.reason
