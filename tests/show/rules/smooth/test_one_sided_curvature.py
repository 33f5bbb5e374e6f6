"""The rule `one-sided curvature` in words."""

from __future__ import annotations

import exactsurf as es


def test_the_text_says_why_both_cases_descend() -> None:
    problem = es.Problem(es.Network([1, 1, 1], es.elu(), biases=False), es.Data.from_arrays([2, 1, 0, -2], [0, 1, 1, 0]))
    certificate = es.decide(problem, problem.parameters(W1=[[0]], W2=[[0]])).certificate
    for text in (es.markdown(certificate), es.latex(certificate)):
        assert "a second derivative on either side" in text and "it falls along" in text and "section 9" in text
