"""The rule `one-sided slope` in words."""

from __future__ import annotations

import exactsurf as es


def test_the_text_says_on_which_side() -> None:
    problem = es.Problem(es.Network([1, 2, 1], es.elu("1/2")), es.Data.from_arrays([1, 0, -1], [1, 2, 0]))
    certificate = es.decide(problem, problem.parameters(W1=[[1], [2]], b1=[0, 0], W2=[[1, -1]], b2=[1])).certificate
    for text in (es.markdown(certificate), es.latex(certificate)):
        assert "one-sided derivative" in text and "a slope on either side" in text
