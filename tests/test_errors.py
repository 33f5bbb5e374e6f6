"""Every error can be built, printed and pickled, is of the promised kinds, and says what, where and what to do."""

from __future__ import annotations

import copy
import pickle

import pytest

import exactsurf as es
from exactsurf import errors
from exactsurf.errors import (
    ExactsurfError,
    HypothesisError,
    InexactNumberError,
    InputError,
    InternalError,
    MissingExtraError,
    RejectedCertificate,
    ShapeError,
    SingularMatrixError,
    UndecidedComparison,
    UnsupportedError,
    shorten,
)

CASES: list[tuple[ExactsurfError, type[Exception], list[str]]] = [
    (
        InputError("a cell is no number", file="auto.csv", line=7, column="mpg", text="12,5", fix="write 12.5"),
        ValueError,
        ["a cell is no number", "auto.csv", "line 7", "'mpg'", "'12,5'", "write 12.5"],
    ),
    (InputError("only this"), ValueError, ["only this"]),
    (InputError("line zero counts", line=0), ValueError, ["line 0", "line zero counts"]),
    (
        InexactNumberError("0.1", "0.1", "3602879701896397/36028797018963968", where="W1[0][2]"),
        TypeError,
        ["W1[0][2]", "'0.1'", "exact_float(0.1)", "3602879701896397/36028797018963968"],
    ),
    (InexactNumberError("0.5", "0.5", "1/2"), TypeError, ["0.5 is a float", "'0.5'", "1/2"]),
    (ShapeError("W1", (2, 3), (3, 2)), ValueError, ["W1", "2 × 3", "3 × 2"]),
    (
        ShapeError("b1", (2,), "rows of different lengths"),
        ValueError,
        ["b1", "expected 2", "rows of different lengths"],
    ),
    (ShapeError("c", (), (1,)), ValueError, ["a single number", "got 1"]),
    (SingularMatrixError("the matrix", rank=1, size=2), ValueError, ["the matrix", "rank 1 of 2", "least_squares"]),
    (
        UnsupportedError("no such loss", "use the squared loss"),
        NotImplementedError,
        ["no such loss", "use the squared loss"],
    ),
    (UnsupportedError("no such loss"), NotImplementedError, ["no such loss"]),
    (
        UndecidedComparison("Ball(0.5 ± 0.25)", "<", ("1/4", "3/4"), ("2/3", "2/3")),
        ArithmeticError,
        ["Ball(0.5 ± 0.25) < 2/3 is not decided", "[1/4, 3/4] and [2/3, 2/3]", "more bits"],
    ),
    (
        HypothesisError("C1.2", "samples 0 and 3 coincide", "drop one"),
        ValueError,
        ["C1.2", "samples 0 and 3 coincide", "drop one"],
    ),
    (HypothesisError("C1.2", "samples 0 and 3 coincide"), ValueError, ["C1.2", "samples 0 and 3 coincide"]),
    (MissingExtraError("SymPy", "sympy"), ImportError, ["SymPy", "pip install 'exactsurf[sympy]'"]),
    (RejectedCertificate("claim.risk", "expected 3/4"), ValueError, ["claim.risk", "expected 3/4"]),
    (InternalError("1 = 2"), RuntimeError, ["1 = 2", "bug"]),
    (ExactsurfError(what="something"), Exception, ["what: something"]),
]


def test_every_class_is_tested() -> None:
    classes = {v for v in vars(errors).values() if isinstance(v, type) and issubclass(v, ExactsurfError)}
    assert classes == {type(error) for error, _, _ in CASES}


@pytest.mark.parametrize(("error", "kind", "parts"), CASES, ids=[type(error).__name__ for error, _, _ in CASES])
def test_messages_and_kinds(error: ExactsurfError, kind: type[Exception], parts: list[str]) -> None:
    assert isinstance(error, ExactsurfError) and isinstance(error, kind)
    message = str(error)
    assert all(part in message for part in parts), message
    assert "None" not in message and not message.endswith((";", "; ", ": ", ","))
    assert "\n" not in message


@pytest.mark.parametrize(("error", "kind", "parts"), CASES, ids=[type(error).__name__ for error, _, _ in CASES])
def test_pickling_and_copying(error: ExactsurfError, kind: type[Exception], parts: list[str]) -> None:
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        again = pickle.loads(pickle.dumps(error, protocol))
        assert type(again) is type(error) and str(again) == str(error) and again.fields == error.fields
    assert str(copy.deepcopy(error)) == str(copy.copy(error)) == str(error)
    assert type(error).__name__ in repr(error)


@pytest.mark.parametrize(("error", "kind", "parts"), CASES, ids=[type(error).__name__ for error, _, _ in CASES])
def test_fields_are_attributes(error: ExactsurfError, kind: type[Exception], parts: list[str]) -> None:
    for name, value in error.fields.items():
        assert getattr(error, name) == value
    with pytest.raises(kind):
        raise error


def test_public_errors_are_those_of_the_module() -> None:
    for name in ("ExactsurfError", "HypothesisError", "InexactNumberError", "InputError", "MissingExtraError",
                 "RejectedCertificate", "ShapeError", "UnsupportedError"):  # fmt: skip
        assert getattr(es, name) is getattr(errors, name)


def test_long_texts_are_shortened() -> None:
    error = InputError("not a number", text="7" * 10_000)
    assert len(str(error)) < 120 and "10000 characters" in str(error)
    assert error.fields["text"] == "7" * 10_000


@pytest.mark.parametrize(("limit", "text"), [(40, "x" * 40), (40, ""), (3, "abc")])
def test_short_texts_stay(limit: int, text: str) -> None:
    assert shorten(text, limit) == text


def test_shorten_keeps_both_ends() -> None:
    text = "".join(chr(97 + k % 26) for k in range(500))
    assert shorten(text).startswith(text[:19]) and text[-19:] in shorten(text) and "500 characters" in shorten(text)
