"""What was built here is confirmed within the effort, by a clock; counted steps bound what is a stranger's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import exactsurf as es
from exactsurf import verifier
from exactsurf.certificate.check import accepted_with_more_bits, confirmed
from exactsurf.effort import Effort
from exactsurf.errors import InternalError
from exactsurf.verifier.arithmetic import effort as steps
from tests.test_effort import Clock


@pytest.fixture
def proof() -> Any:
    problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([5, 4, 3, 1, -1], [2, 1, 0, -3, 3]))
    return es.decide(problem, problem.parameters(W1=[[1]], b1=[-3], W2=[[1]], b2=[0])).certificate


def looks(monkeypatch: pytest.MonkeyPatch, between: int, asked: Callable[[], None]) -> None:
    """Look after so many steps, and do this before each look."""
    monkeypatch.setattr(steps, "STEPS_BETWEEN_WATCHES", between)
    verify = verifier.verify

    def watched(*args: Any, watch: Callable[[], None], **options: Any) -> Any:
        def step() -> None:
            asked()
            watch()

        return verify(*args, watch=step, **options)

    monkeypatch.setattr(verifier, "verify", watched)


def test_steps_that_are_counted_for_longer_than_they_take_lose_no_answer(monkeypatch: pytest.MonkeyPatch, proof: Any) -> None:
    Clock(monkeypatch)
    monkeypatch.setattr(steps, "STEPS_PER_SECOND", 1)
    with Effort(seconds=1).governs():
        assert confirmed(proof) is proof
    with pytest.raises(es.RejectedCertificate, match="refused"):
        es.verify(proof, effort=1)


@pytest.mark.parametrize(("late", "in_time"), [("0.99", True), ("1.09", True), ("1.11", False)])
def test_an_answer_that_is_found_late_has_a_tenth_to_be_confirmed(
    monkeypatch: pytest.MonkeyPatch, proof: Any, late: str, in_time: bool
) -> None:
    clock = Clock(monkeypatch)
    with Effort(seconds=1).governs():
        clock.wait(late)
        if in_time:
            assert confirmed(proof) is proof
            return
        with pytest.raises(es.OutOfTime, match="out of time after 1 s: the verifier's check of the certificate; raise"):
            confirmed(proof)


def test_the_clock_is_asked_while_the_verifier_runs(monkeypatch: pytest.MonkeyPatch, proof: Any) -> None:
    clock = Clock(monkeypatch)
    times = []

    def asked() -> None:
        times.append(clock.now)
        clock.wait("0.3")

    looks(monkeypatch, 1, asked)
    with Effort(seconds=1).governs(), pytest.raises(es.OutOfTime, match="the verifier's check"):
        confirmed(proof)
    assert len(times) == 4, "1.2 s are more than 1.1 s"
    with Effort(seconds=1).governs(), pytest.raises(es.OutOfTime):
        es.verify(proof)


def test_a_clock_changes_nothing_but_when_to_stop(monkeypatch: pytest.MonkeyPatch, proof: Any) -> None:
    """Neither the steps that are counted, nor the limit, nor what is accepted."""
    counted = []
    answers = [verifier.verify(proof.encoded, watch=watch) for watch in (None, lambda: counted.append(1))]
    assert answers[0] == answers[1]
    monkeypatch.setattr(steps, "STEPS_BETWEEN_WATCHES", 1)
    assert verifier.verify(proof.encoded, watch=lambda: counted.append(1)) == answers[0] and len(counted) == 5
    reasons = set()
    for watch in (None, lambda: counted.append(1)):
        with pytest.raises(verifier.Refused) as refused:
            verifier.verify(proof.encoded, effort=0, watch=watch)
        reasons.add(str(refused.value))
    assert len(reasons) == 1


def test_without_an_end_the_steps_bound_the_verifier(monkeypatch: pytest.MonkeyPatch, proof: Any) -> None:
    from exactsurf.certificate import check

    assert confirmed(proof) is proof
    monkeypatch.setattr(check, "OWN_EFFORT", 0)
    for ask in (es.verify, confirmed):
        with pytest.raises((es.RejectedCertificate, InternalError), match="beyond the limits"):
            ask(proof)


def test_what_no_clock_bounds_is_said(monkeypatch: pytest.MonkeyPatch, proof: Any) -> None:
    from exactsurf.certificate import check

    monkeypatch.setattr(check, "_UNCOUNTED", 0)
    with Effort(seconds=1).governs(), pytest.raises(es.OutOfTime, match=r"check of the certificate \(.*beyond the limits"):
        confirmed(proof)


def test_more_bits_are_tried_within_the_same_tenth(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock(monkeypatch)
    problem = es.Problem(es.Network([1, 1, 1], es.tanh), es.Data.from_arrays([1, -1, 2], [1, 2, 0]))
    certificate: Any = es.decide(problem, problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[1])).certificate
    running = Effort(seconds=1).started()
    clock.wait("1.05")
    assert accepted_with_more_bits(certificate, running) == certificate
    clock.wait("0.1")
    with pytest.raises(es.OutOfTime, match="the verifier's check"):
        accepted_with_more_bits(certificate, running)
