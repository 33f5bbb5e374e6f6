"""Statements in a terminal: no LaTeX is left, and every number of the statement is still there."""

from __future__ import annotations

import re
import unicodedata

import pytest

import exactsurf as es
from exactsurf.show.text.statement_text import statement_text


@pytest.mark.parametrize("key", es.papers.THEOREMS)
def test_no_latex_is_left(key: str):
    statement = es.papers.THEOREMS[key].statement
    text = statement_text(statement)
    assert not re.search(r"[\\\\${}]", text)
    # ½ and low and high digits are digits to NFKC.
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    assert digits == re.sub(r"\D", "", statement)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (r"$W_{H+1}$, $a^*_j$ and $X X^T$", "W_(H+1), a^*ⱼ and X Xᵀ"),
        (r"$\frac{v_3+v_4}2$, $\frac13u$, $\frac12x$", "(v₃+v₄)/2, 1/3·u, ½x"),
        (r"$\binom np$ of $\{w : |w| \le 1\}$", "C(n, p) of (w : |w| ≤ 1)"),
        (r"$\Sigma = \sum_i \hat y_i$, $\mathrm{rank}\,W$", "Σ = Σᵢ ŷᵢ, rank W"),
    ],
)
def test_signs(source: str, expected: str):
    assert unicodedata.normalize("NFC", statement_text(source)) == expected
