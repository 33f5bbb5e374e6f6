"""Efforts: what a number stands for, a clock that runs once, and parts of the time that is left."""

from __future__ import annotations

import pickle
from fractions import Fraction
from itertools import count

import pytest

import exactsurf as es
from exactsurf import effort as module
from exactsurf.effort import Effort, OutOfTime, governing, keeps_effort, look
from exactsurf.errors import InputError


class Clock:
    """Nanoseconds that pass only when the test says so."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 0
        monkeypatch.setattr(module, "monotonic_ns", lambda: self.now)

    def wait(self, seconds: str) -> None:
        self.now += int(Fraction(seconds) * 10**9)


def test_the_clock_runs_once_from_the_first_start(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    running = Effort.of(2).started()
    clock.wait("1.5")
    running.started().check()
    assert not running.is_over
    clock.wait("0.6")
    assert running.is_over and running.started().is_over
    with pytest.raises(OutOfTime, match=r"out of time after 2 s: counting; raise effort=… \(--effort\)"):
        running.check("counting")
    assert not Effort.of(2).is_over, "an effort that was not started has no end"


def test_a_share_ends_before_the_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    running = Effort(seconds=10).started()
    clock.wait("2")
    half = running.share(Fraction(1, 2))
    clock.wait("3.9")
    assert not half.is_over
    clock.wait("0.2")
    assert half.is_over and not running.is_over
    clock.wait("5")
    assert running.is_over and running.share(Fraction(1, 2)).is_over, "of what is over no part is left"
    assert not Effort(seconds=None).share(Fraction(1, 2)).is_over


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        (3, 3),
        (0.5, Fraction(1, 2)),
        (0.2, Fraction(1, 5)),
        (1e-7, Fraction(1, 10**7)),
        ("0.25", Fraction(1, 4)),
        (Fraction(1, 3), Fraction(1, 3)),
    ],
)
def test_a_number_is_seconds(given: object, seconds: Fraction) -> None:
    assert Effort.of(given).seconds == seconds and Effort.of(given) == Effort(seconds=seconds)  # type: ignore[arg-type]


@pytest.mark.parametrize("given", [0, -1, float("nan"), float("inf"), "soon", [1], object()])
def test_what_is_no_time_is_refused(given: object) -> None:
    with pytest.raises(InputError, match="positive number of seconds"):
        Effort.of(given)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["cones", "fan", "programs", "fits"])
def test_limits_are_whole_and_positive(name: str) -> None:
    for wrong in (0, -3, Fraction(3, 2), True):
        with pytest.raises(InputError, match=name):
            Effort(**{name: wrong})  # type: ignore[arg-type]


def test_efforts_are_values() -> None:
    assert es.Effort(fan=9) == es.Effort.of(es.Effort(fan=9)) != es.Effort()
    assert repr(es.Effort(seconds="2.5", fan=9)) == "Effort(seconds=2.5, fan=9)"  # type: ignore[arg-type]
    assert pickle.loads(pickle.dumps(es.Effort(cones=7))) == es.Effort(cones=7)
    assert Effort(seconds=3).started() == Effort(seconds=3), "when it began is not part of what was allowed"
    assert pickle.loads(pickle.dumps(OutOfTime(2, "counting"))).args == OutOfTime(2, "counting").args


def test_a_long_linear_system_is_left_when_time_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    from exactsurf.exact.bounded_system import solve_bounded_system

    steps = count()
    monkeypatch.setattr(module, "monotonic_ns", lambda: next(steps) * 3 * 10**8)
    size = 40
    vectors = [[Fraction((i * j + i + 1) % 7 - 2) for i in range(size)] for j in range(2 * size)]
    target = [Fraction(sum(vector[i] for vector in vectors)) for i in range(size)]
    bounds = [Fraction(0)] * len(vectors), [None] * len(vectors)
    with pytest.raises(OutOfTime):
        solve_bounded_system(vectors, target, *bounds, Effort(seconds=1).started())


def test_what_governs_is_asked_far_below(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    look("nothing governs"), look("nor for long", Fraction(10**6))
    with Effort(seconds=5).governs() as running:
        assert governing() is running
        look("in time", Fraction(4))
        with pytest.raises(OutOfTime, match="out of time after 5 s: too long"):
            look("too long", Fraction(6))
        clock.wait("6")
        with pytest.raises(OutOfTime, match="late"):
            look("late")
    look("nothing governs any more")
    assert governing().seconds is None


@pytest.mark.parametrize("inner", [Effort(seconds=50), Effort(seconds=None)])
def test_an_effort_that_ends_earlier_goes_on_to_govern(monkeypatch: pytest.MonkeyPatch, inner: Effort) -> None:
    clock = Clock(monkeypatch)
    with Effort(seconds=5).governs(), inner.governs():
        clock.wait("6")
        with pytest.raises(OutOfTime, match="after 5 s"):
            look()
    with Effort(seconds=50).governs(), Effort(seconds=5).governs():
        clock.wait("6")
        with pytest.raises(OutOfTime, match="after 5 s"):
            look()


def test_the_clock_of_a_function_runs_from_its_first_line(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)

    @keeps_effort(Effort(seconds=3))
    def ask(waits: str, *, effort: object = None) -> Effort:
        """Its text."""
        clock.wait(waits)
        look("a step")
        return Effort.of(effort)  # type: ignore[arg-type]

    assert ask("1", effort=2).seconds == 2 and ask("2").seconds == 3 and ask.__doc__ == "Its text."
    for waits, effort in (("2.5", 2), ("3.5", None)):
        with pytest.raises(OutOfTime):
            ask(waits, effort=effort)
    with pytest.raises(InputError, match="positive number of seconds"):
        ask("0", effort=-1)


def test_a_long_step_of_linear_algebra_is_foreseen(monkeypatch: pytest.MonkeyPatch) -> None:
    """FLINT takes minutes for 200 × 200 numbers of 20,000 bits: the clock stands still here, only the estimate refuses."""
    from exactsurf.exact import linear_algebra
    from exactsurf.exact.ldlt import ldlt

    Clock(monkeypatch)
    called = []
    monkeypatch.setattr(linear_algebra, "to_flint", lambda *_: called.append(1))
    # Fifty columns stand twice, so that counting modulo a prime answers nothing.
    columns = [*range(150), *range(50)]
    long = [[Fraction((1 << 20_000) + (i * i * j + 7 * i * j * j + j) % 1009, 3 + i) for j in columns] for i in range(200)]
    with Effort(seconds=10).governs():
        for ask in (linear_algebra.rank, linear_algebra.kernel, linear_algebra.pivot_columns):
            with pytest.raises(OutOfTime, match="a system of linear equations is solved"):
                ask(long)
        with pytest.raises(OutOfTime):
            linear_algebra.solve(long, [Fraction(1)] * 200)
        with pytest.raises(OutOfTime):
            linear_algebra.least_squares(long, [Fraction(1)] * 200)
    assert not called
    monkeypatch.undo()
    with Effort(seconds=10).governs():
        # Empty matrices, without rows and without columns.
        assert ldlt(()).inertia == (0, 0, 0) and linear_algebra.rank([(), ()]) == 0 and linear_algebra.kernel([()]) == ()
        assert linear_algebra.kernel([() for _ in range(200)]) == ()
        assert linear_algebra.rank([[Fraction(i + j) for j in range(20)] for i in range(20)]) == 2
