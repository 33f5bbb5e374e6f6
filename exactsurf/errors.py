"""Every error that exactsurf raises on purpose.

One base class, `ExactsurfError`; each child also inherits the built-in exception that fits, so ``except ValueError``
works as a user expects. Every message says what, where, expected and got, and what to do next. The fields are kept as
attributes, and every error can be printed and pickled (multiprocessing sends errors between processes).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any


class ExactsurfError(Exception):
    """Base class of all errors that exactsurf raises on purpose."""

    def __init__(self, **fields: Any) -> None:
        self.fields = fields
        for name, value in fields.items():
            setattr(self, name, value)
        super().__init__(self._text())

    def _text(self) -> str:
        return ", ".join(f"{name}: {value}" for name, value in self.fields.items())

    def __str__(self) -> str:
        return self._text()

    def __reduce__(self) -> tuple[Callable[..., ExactsurfError], tuple[type[ExactsurfError], dict[str, Any]]]:
        return _rebuild, (type(self), self.fields)


def _rebuild(kind: type[ExactsurfError], fields: dict[str, Any]) -> ExactsurfError:
    return kind(**fields)


class InputError(ExactsurfError, ValueError):
    """Something that a user handed in cannot be used.

    Attributes: ``problem`` (what is wrong), and where known ``file``, ``line``, ``column``, ``text`` (the offending
    text, shortened) and ``fix`` (what to do next).
    """

    def __init__(
        self,
        problem: str,
        *,
        file: str | None = None,
        line: int | None = None,
        column: str | None = None,
        text: str | None = None,
        fix: str | None = None,
    ) -> None:
        self.problem = problem
        super().__init__(problem=problem, file=file, line=line, column=column, text=text, fix=fix)

    def _text(self) -> str:
        f = self.fields
        place = [f["file"]] if f["file"] else []
        place += [f"line {f['line']}"] if f["line"] is not None else []
        place += [f"column {f['column']!r}"] if f["column"] is not None else []
        parts = [f"{', '.join(place)}: {f['problem']}" if place else f["problem"]]
        if f["text"] is not None:
            parts.append(f"got {shorten(f['text'])!r}")
        if f["fix"]:
            parts.append(f["fix"])
        return "; ".join(parts)


class InexactNumberError(ExactsurfError, TypeError):
    """A float stood where an exact number is needed.

    Attributes: ``value`` (its text), ``decimal`` and ``binary`` (its two readings, the second empty beyond all doubles),
    ``where``, ``in_file`` (whether it stands in a file, where no function can be called), ``fix`` (what else there is to do).
    """

    def __init__(self, value: str, decimal: str, binary: str, where: str = "", in_file: bool = False, fix: str = "") -> None:
        super().__init__(value=value, decimal=decimal, binary=binary, where=where, in_file=in_file, fix=fix)

    def _text(self) -> str:
        f = self.fields
        place = f"{f['where']}: " if f["where"] else ""
        if f["in_file"]:
            readings = f'write "{f["decimal"]}" if you mean the decimal'
            if f["binary"]:
                readings += f', or "{f["binary"]}" if you mean the binary value'
            return f"{place}{f['value']} is a float and exactsurf needs exact numbers; {readings}"
        return (
            f"{place}{f['value']} is a float and exactsurf needs exact numbers; write {f['decimal']!r} if you mean the "
            f"decimal, or exact_float({f['value']}) if you mean the binary value {f['binary']}{f['fix'] and '; '}{f['fix']}"
        )


class ShapeError(ExactsurfError, ValueError):
    """Two shapes that must agree do not. Attributes: ``what``, ``expected``, ``got``, and where known ``fix``."""

    def __init__(self, what: str, expected: tuple[int, ...] | str, got: tuple[int, ...] | str, fix: str = "") -> None:
        super().__init__(what=what, expected=expected, got=got, fix=fix)

    def _text(self) -> str:
        expected, got = (_shape(self.fields[key]) for key in ("expected", "got"))
        fix = f"; {self.fields['fix']}" if self.fields["fix"] else ""
        return f"{self.fields['what']} has the wrong shape: expected {expected}, got {got}{fix}"


def _shape(shape: tuple[int, ...] | str) -> str:
    return shape if isinstance(shape, str) else " × ".join(map(str, shape)) or "a single number"


class SingularMatrixError(ExactsurfError, ValueError):
    """A linear system has no unique solution. Attributes: ``what``, ``rank``, ``size``."""

    def __init__(self, what: str, rank: int, size: int) -> None:
        super().__init__(what=what, rank=rank, size=size)

    def _text(self) -> str:
        f = self.fields
        return f"{f['what']} is singular: rank {f['rank']} of {f['size']}; use least_squares or kernel instead"


class UnsupportedError(ExactsurfError, NotImplementedError):
    """exactsurf cannot do this (yet). Attributes: ``what`` and ``instead``."""

    def __init__(self, what: str, instead: str = "") -> None:
        super().__init__(what=what, instead=instead)

    def _text(self) -> str:
        return "; ".join(filter(None, (self.fields["what"], self.fields["instead"])))


class UndecidedComparison(ExactsurfError, ArithmeticError):
    """Two enclosed numbers are not told apart. Attributes: ``left`` and ``sign``, ``left_ends`` and ``right_ends``."""

    def __init__(self, left: str, sign: str, left_ends: tuple[str, str], right_ends: tuple[str, str]) -> None:
        super().__init__(left=left, sign=sign, left_ends=left_ends, right_ends=right_ends)

    def _text(self) -> str:
        f = self.fields
        first, second = f["left_ends"], f["right_ends"]
        right = shorten(second[0]) if second[0] == second[1] else "another ball"
        ends = [f"[{shorten(low)}, {shorten(high)}]" for low, high in (first, second)]
        return (
            f"{f['left']} {f['sign']} {right} is not decided: the intervals {' and '.join(ends)} meet; "
            "compute with more bits, for example problem.risk(parameters, bits=512)"
        )


class HypothesisError(ExactsurfError, ValueError):
    """A hypothesis of a theorem fails. Attributes: ``hypothesis`` (its name), ``witness`` and ``fix``."""

    def __init__(self, hypothesis: str, witness: str, fix: str = "") -> None:
        super().__init__(hypothesis=hypothesis, witness=witness, fix=fix)

    def _text(self) -> str:
        f = self.fields
        return "; ".join(filter(None, (f"hypothesis {f['hypothesis']} fails: {f['witness']}", f["fix"])))


class MissingExtraError(ExactsurfError, ImportError):
    """An optional package is not installed. Attributes: ``package`` and ``extra``."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(package=package, extra=extra)

    def _text(self) -> str:
        f = self.fields
        return f"{f['package']} is not installed; install it with: pip install 'exactsurf[{f['extra']}]'"


class RejectedCertificate(ExactsurfError, ValueError):
    """The verifier does not accept a certificate. Attributes: ``field`` (the place), ``reason``, ``refused`` (stopped early)."""

    def __init__(self, field: str, reason: str, refused: bool = False) -> None:
        super().__init__(field=field, reason=reason, refused=refused)

    def _text(self) -> str:
        place = self.fields["field"] or "the file"
        if self.fields["refused"]:
            return f"certificate refused at {place}: {self.fields['reason']}; nothing is known about it"
        return f"certificate rejected at {place}: {self.fields['reason']}; do not rely on it, and build it again if it is yours"


class InternalError(ExactsurfError, RuntimeError):
    """exactsurf contradicted itself: a bug, please report it. Attribute: ``what``."""

    def __init__(self, what: str) -> None:
        super().__init__(what=what)

    def _text(self) -> str:
        return f"internal contradiction, nothing was concluded: {self.fields['what']}; please report this as a bug"


class InputWarning(UserWarning):
    """Something that a user handed in is used as it is, but may not be what was meant; the text says so and what to do."""


def shorten(text: str, limit: int = 40) -> str:
    """`text`, with its middle left out if it is longer than `limit`.

    >>> shorten("0123456789" * 10, 12)
    '01234…56789 (100 characters)'
    """
    if len(text) <= limit:
        return text
    half = (limit - 1) // 2
    return f"{text[:half]}…{text[-half:]} ({len(text)} characters)"


def nearest(text: str, names: Iterable[str]) -> str:
    """The beginning of a suggestion, "did you mean …? ", or nothing if no name is near.

    >>> nearest("Irsi", ["iris", "xor"]), nearest("moon", ["iris", "xor"])
    ("did you mean 'iris'? ", '')
    """
    lower = {name.lower(): name for name in names}
    close = get_close_matches(text.lower(), lower, n=1)
    return f"did you mean {lower[close[0]]!r}? " if close else ""


def check_kind(value: object, kinds: type | tuple[type, ...], caller: str, fix: str = "") -> None:
    """Raise `InputError` unless `value` is of one of the kinds that `caller` needs; `fix` says where one comes from.

    >>> check_kind(None, dict, "to_rows", "give a dict")
    Traceback (most recent call last):
        ...
    exactsurf.errors.InputError: to_rows needs a dict; got 'None'; give a dict
    """
    if not isinstance(value, kinds):
        names = " or ".join(kind.__name__ for kind in (kinds if isinstance(kinds, tuple) else (kinds,)))
        article = "an" if names[0] in "AEIOUaeiou" else "a"
        raise InputError(f"{caller} needs {article} {names}", text=repr(value), fix=fix)
