"""Numbers of one number field in the verifier: sums, products and signs in the field of √3."""

from __future__ import annotations

import json
from fractions import Fraction

from exactsurf.verifier.algebraic_ring import Ring, read_root
from exactsurf.verifier.arithmetic.document import read_document
from exactsurf.verifier.field_numbers import FieldNumbers

ROOT = read_root(read_document(json.dumps({"polynomial": ["-3", "0", "1"], "interval": ["1", "2"]}).encode()))
FIELD = FieldNumbers(Ring(ROOT), ROOT.enclosed(64))
ALPHA = ([Fraction(0), Fraction(1)], [0, 0])


def test_sums_and_products() -> None:
    assert FIELD.product(ALPHA, ALPHA, ALPHA)[0] == [0, 3]
    assert FIELD.sum_of([ALPHA, ALPHA, FIELD.ring.constant(1)])[0] == [1, 2]
    assert FIELD.combined([ALPHA, FIELD.ring.constant(5)], [2, Fraction(1, 5)])[0] == [1, 2]
    assert FIELD.equal(FIELD.minus(ALPHA, ALPHA), FIELD.ring.constant(0))


def test_signs() -> None:
    above, below = (FIELD.minus(ALPHA, FIELD.ring.constant(Fraction(n, 100))) for n in (173, 174))
    assert FIELD.is_positive(above) and FIELD.is_nowhere_negative(above)
    assert not FIELD.is_positive(below) and not FIELD.is_nowhere_negative(below)
    assert FIELD.is_nowhere_negative(FIELD.minus(FIELD.product(ALPHA, ALPHA), FIELD.ring.constant(3)))
