"""How long a question may take, and how much may be listed, before the answer is UNDECIDED: one value for all questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import wraps
from time import monotonic_ns
from typing import Any, ParamSpec, TypeAlias, TypeVar, cast

from exactsurf.errors import ExactsurfError, InputError

_SECOND = 1_000_000_000


class OutOfTime(ExactsurfError, RuntimeError):
    """The seconds of an effort are over. Attributes: ``seconds``, and ``tried``: what was being done, in words."""

    def __init__(self, seconds: Fraction | float | None, tried: str = "") -> None:
        super().__init__(seconds=seconds, tried=tried)

    def _text(self) -> str:
        tried = f": {self.fields['tried']}" if self.fields["tried"] else ""
        return f"out of time after {shown(Fraction(self.fields['seconds'] or 0))} s{tried}; raise effort=… (--effort)"


@dataclass(frozen=True)
class Effort:
    """Bounds on the work for one question. Whoever asks waits at most `seconds`, and what is cut says so.

    Attributes: `seconds`, None for as long as it takes; `cones`, the most cones of one unit; `fan`, the most tangent cones, or
    signed cells at a point, where units cannot be treated one by one; `programs`, the most quadratic programs of SOSP-CHECK;
    `fits`, the most signed cells that `polish` fits one after the other. A number stands for an effort of so many seconds.
    Exactness: an effort never changes what is true, only whether it is found. Raises: `InputError` for bounds below their least.
    Source: none; a limit.

    >>> import exactsurf as es
    >>> es.Effort.of(5), es.Effort.of("0.5").seconds, es.Effort.of(None) == es.Effort()
    (Effort(seconds=5), Fraction(1, 2), True)
    """

    seconds: Fraction | float | None = 60
    cones: int = 1_000_000
    fan: int = 4_096
    programs: int = 1_024
    fits: int = 64
    _end: int | None = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.seconds is not None:
            object.__setattr__(self, "seconds", _seconds(self.seconds))
        for name in _LIMITS:
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise InputError(f"{name} of an effort must be a whole number, at least 1", text=repr(value))

    @staticmethod
    def of(value: AnyEffort, default: Effort | None = None) -> Effort:
        """An effort from a number of seconds; None is `default`, which is an effort of 60 seconds unless it is given.

        Exactness: a limit, not a number of mathematics, so that floats are taken too.
        Raises: `InputError` for what is no positive number. Source: none.
        """
        if isinstance(value, Effort):
            return value
        base = default or _DEFAULT
        return base if value is None else replace(base, seconds=_seconds(value))

    def started(self) -> Effort:
        """The same effort with its clock running; one whose clock runs already is given back as it is."""
        if self._end is not None or self.seconds is None:
            return self
        return self._until(monotonic_ns() + int(Fraction(self.seconds) * _SECOND))

    def share(self, part: Fraction) -> Effort:
        """An effort that ends when this part of the time that is left is over; its clock runs."""
        running = self.started()
        if running._end is None or part == 1:
            return running
        now = monotonic_ns()
        return running._until(min(running._end, now + int(max(running._end - now, 0) * part)))

    def with_its_tenth(self) -> Effort:
        """An effort that ends a tenth of all its seconds later, for an answer that is found and must only be confirmed."""
        running = self.started()
        if running._end is None:
            return running
        return running._until(running._end + int(Fraction(self.seconds or 0) * _SECOND / 10))

    def _until(self, end: int) -> Effort:
        # Without `replace`, which would check all limits again: every rule that is asked has an effort of its own.
        found = object.__new__(Effort)
        found.__dict__.update(self.__dict__, _end=end)
        return found

    @property
    def seconds_left(self) -> Fraction | None:
        """The seconds that are left, at least 0; None if the clock does not run."""
        return None if self._end is None else Fraction(max(0, self._end - monotonic_ns()), _SECOND)

    @property
    def is_over(self) -> bool:
        """Whether the clock runs, and the seconds are over."""
        return self._end is not None and monotonic_ns() > self._end

    def check(self, tried: str = "") -> None:
        """Raise `OutOfTime` if the seconds are over; `tried` says in words what is being done."""
        if self._end is not None and monotonic_ns() > self._end:
            raise OutOfTime(self.seconds, tried)

    def check_ahead(self, seconds: Fraction, tried: str = "") -> None:
        """Raise `OutOfTime` if less than so many seconds are left: before a step that cannot be interrupted.

        Exactness: a limit. Raises: see above. Source: none.

        >>> import exactsurf as es
        >>> es.Effort(seconds=5).started().check_ahead(Fraction(1))
        >>> es.Effort(seconds=5).started().check_ahead(Fraction(9), "a large system is solved")
        Traceback (most recent call last):
            ...
        exactsurf.effort.OutOfTime: out of time after 5 s: a large system is solved; raise effort=… (--effort)
        """
        if self._end is not None and monotonic_ns() + seconds * _SECOND > self._end:
            raise OutOfTime(self.seconds, tried)

    @contextmanager
    def governs(self) -> Iterator[Effort]:
        """While this lasts, long steps far below, which are given no effort, ask this one: `look`.

        An effort around it that ends earlier stays the one that is asked. Exactness: a limit. Raises: `OutOfTime` from what is
        done inside. Source: none.

        >>> with Effort(seconds=5).started().governs():
        ...     look("a large system is solved", Fraction(9))
        Traceback (most recent call last):
            ...
        exactsurf.effort.OutOfTime: out of time after 5 s: a large system is solved; raise effort=… (--effort)
        """
        running, around = self.started(), _governing.get()
        if around is not None and around._end is not None and (running._end is None or around._end < running._end):
            running = around
        token = _governing.set(running)
        try:
            yield running
        finally:
            _governing.reset(token)

    def __repr__(self) -> str:
        base = _DEFAULT
        parts = [f"seconds={None if self.seconds is None else shown(Fraction(self.seconds))}"]
        parts += [f"{name}={getattr(self, name)}" for name in _LIMITS if getattr(self, name) != getattr(base, name)]
        return f"Effort({', '.join(parts)})"


_governing: ContextVar[Effort | None] = ContextVar("_governing", default=None)
P = ParamSpec("P")
R = TypeVar("R")


def look(tried: str = "", seconds: Fraction = Fraction(0)) -> None:
    """Raise `OutOfTime` if the effort that governs is over, or has less than so many seconds left; nothing where none governs.

    Exactness: a limit. Raises: see above. Source: none.

    >>> look("nobody asked for an end", Fraction(10**9))
    """
    running = _governing.get()
    if running is None:
        return
    if seconds:
        running.check_ahead(seconds, tried)
    else:
        running.check(tried)


@contextmanager
def to_the_end() -> Iterator[None]:
    """While this lasts, no effort governs: for a step of which a part would be worth nothing.

    Exactness: a limit. Raises: nothing. Source: none.

    >>> with Effort(seconds=5).started().governs(), to_the_end():
    ...     look("a batch is solved", Fraction(9))
    """
    token = _governing.set(None)
    try:
        yield
    finally:
        _governing.reset(token)


def governing() -> Effort:
    """The effort that governs; one without an end where none does. Exactness: a limit. Raises: nothing. Source: none."""
    return _governing.get() or UNBOUNDED


def keeps_effort(default: Effort | None = None) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For a function whose keyword `effort` governs all that it does, from its first line on; `default` where none is given.

    Exactness: a limit. Raises: `OutOfTime` from what is done inside, `InputError` for what is no effort. Source: none.

    >>> @keeps_effort()
    ... def solve(*, effort: AnyEffort = None) -> None:
    ...     look("a large system is solved", Fraction(9))
    >>> solve(effort=5)
    Traceback (most recent call last):
        ...
    exactsurf.effort.OutOfTime: out of time after 5 s: a large system is solved; raise effort=… (--effort)
    """

    def keeping(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def kept(*args: P.args, **options: P.kwargs) -> R:
            given = cast("dict[str, Any]", options)
            given["effort"] = Effort.of(given.get("effort"), default).started()
            with given["effort"].governs():
                return function(*args, **options)

        return kept

    return keeping


_LIMITS = ("cones", "fan", "programs", "fits")

AnyEffort: TypeAlias = Effort | Fraction | float | str | None
"""What a question takes as its effort: an `Effort`, or a number of seconds; None for the default."""

UNBOUNDED = Effort(seconds=None)
"""As long as it takes."""

RAISE_FAN = "raise Effort(fan=…) (--max-fan)"
RAISE_CONES = "raise Effort(cones=…) (--max-cones)"
"""What is advised where there are too many cones."""


def shown(seconds: Fraction) -> str:
    """A number of seconds in words: 5, 0.5 or 1/3."""
    if seconds.denominator == 1:
        return str(seconds.numerator)
    thousandths = seconds * 1000
    if thousandths.denominator > 1:
        return str(seconds)
    return f"{thousandths.numerator // 1000}.{thousandths.numerator % 1000:03}".rstrip("0")


def _seconds(value: object) -> Fraction:
    try:
        # A float is read as it is written: 0.2 is 1/5.
        found = Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        found = Fraction(0)
    if found <= 0:
        raise InputError(
            "an effort is a positive number of seconds", text=str(value), fix="give seconds, as in effort=10, or an Effort"
        )
    return found


_DEFAULT = Effort()
