"""The rule `one-sided curve` in words."""

from __future__ import annotations

import exactsurf as es


def test_the_text_says_on_which_side_units_go() -> None:
    problem = es.Problem(es.Network([1, 1, 1], "selu", biases=False), es.Data.from_arrays([1], [1]))
    certificate = es.decide(problem, problem.parameters(W1=[[0]], W2=[[0]])).certificate
    for text, power in ((es.markdown(certificate), "t²"), (es.latex(certificate), "$t^{2}$")):
        assert f"those of lower powers are not positive, and that of {power} is negative" in text
        assert "on the side of 0 into which its first coefficient" in text and "section 10" in text
