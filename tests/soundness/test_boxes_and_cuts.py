"""Interval derivatives hold the true ones, and dual vectors never prove a bound above the global minimum."""

from __future__ import annotations

import copy
import json
import random
from fractions import Fraction
from typing import Any

import pytest
from mpmath import mp, mpf

import exactsurf as es
from exactsurf.surface.surface import landscape
from exactsurf.verifier.arithmetic.document import Field
from exactsurf.verifier.arithmetic.interval import Interval, enclose
from exactsurf.verifier.risk_jet import derivatives_on, risk_on
from exactsurf.verifier.smooth_problem import read_smooth_problem
from tests.soundness.degenerate import ACTIVATIONS
from tests.soundness.test_forgeries import accepted
from tests.verifier import smooth_examples

SMOOTH: list[dict[str, str]] = [{"name": name} for name in ("sigmoid", "tanh", "arctan", "softplus", "quadratic")]
SMOOTH += [{"name": "elu", "alpha": "3/7"}, {"name": "selu", "lambda": "21/20", "alpha": "5/3"}]
WIDTHS = ([2, 2], [1, 2, 1], [2, 2, 2], [1, 2, 2, 1], [1, 1, 1, 1, 1])


def ratio(rnd: random.Random) -> Fraction:
    return Fraction(rnd.randint(-20, 20), rnd.randint(1, 12))


def test_derivatives_on_boxes_hold_the_finite_differences_in_them():
    boxes = 0
    with mp.workdps(60):
        for seed in range(70):
            rnd = random.Random(seed)
            widths = rnd.choice(WIDTHS)
            biases = [rnd.random() < 0.5 for _ in widths[1:]]
            samples = range(rnd.randint(1, 2))
            data = {"x": [[str(ratio(rnd)) for _ in range(widths[0])] for _ in samples]}
            data["y"] = [[str(ratio(rnd)) for _ in range(widths[-1])] for _ in samples]
            problem = {"widths": widths, "biases": biases, "activation": rnd.choice(SMOOTH), "data": data}
            problem["loss"] = {"name": "squared", "scale": rnd.choice(["1/2", "3/7"])}
            centre = [ratio(rnd) for a, b, c in zip(widths, biases, widths[1:], strict=False) for _ in range((a + b) * c)]
            radius, bits = Fraction(1, rnd.choice([3, 50, 10**9])), rnd.choice([40, 128])
            sides = [rnd.choice([radius, radius, Fraction(0)]) for _ in centre]
            box = [enclose(v, bits, side) for v, side in zip(centre, sides, strict=True)]
            read = read_smooth_problem(Field(problem, "problem"), None)
            try:
                around = derivatives_on(read, box, bits)
            except ValueError:  # a corner of elu or selu
                assert problem["activation"]["name"] in ("elu", "selu")
                continue
            boxes += 1
            point = [
                v + side * rnd.choice([-1, 1, Fraction(rnd.randint(-9, 9), 10)]) for v, side in zip(centre, sides, strict=True)
            ]
            check_inside(problem, around, risk_on(read, box, bits), [mpf(v.numerator) / v.denominator for v in point])
    assert boxes > 50


def check_inside(problem: Any, around: Any, risk: Interval, point: list[Any]) -> None:
    gradient, hessian = smooth_examples.derivatives(problem, point, list(range(len(point))))
    # What central differences leave out is of the order of the square of their step, 10⁻³².
    slack, zero = mpf(10) ** -14 * max(1, *map(abs, hessian)), Interval(0, 0, risk.bits)

    def holds(interval: Interval, value: Any, slack: Any = 0) -> bool:
        low, high = (mpf(end) / mpf(2) ** interval.bits for end in (interval.low, interval.high))
        return bool(low - slack <= value <= high + slack)

    value = smooth_examples.risk(problem, point)
    assert holds(risk, value)
    assert holds(around.value, value)
    for p in range(len(point)):
        assert holds(around.gradient.get(p, zero), gradient[p], slack)
        assert all(holds(around.hessian.get((p, q), zero), hessian[p, q], slack) for q in range(p, len(point)))


@pytest.mark.slow
def test_no_evidence_proves_a_bound_above_the_minimum_or_a_barrier_at_another_level():
    forged = 0
    for seed in range(14):
        rnd = random.Random(seed)
        inputs, units = rnd.choice([(1, 1), (1, 2), (2, 1)])
        x = [[rnd.randint(-2, 3) for _ in range(inputs)] for _ in range(rnd.randint(2, 4))]
        activation = rnd.choice([h for h in ACTIVATIONS if h.breakpoints])
        network = es.Network([inputs, units, 1], activation, biases=[rnd.random() < 0.5, rnd.random() < 0.5])
        loss = rnd.choice([es.squared, es.absolute, es.huber(1)])
        problem = es.Problem(network, es.Data.from_arrays(x, [[rnd.choice([-2, -1, 0, 1, 2])] for _ in x]), loss)
        land = landscape(problem, workers=1, max_cells=2000)
        documents = [json.loads(es.certify_global_minimum(problem).encoded)]
        reached = [valley for valley in land.valleys if valley.parameters is not None]
        try:
            documents += [
                json.loads(es.certify_spurious_valley(land, valley.parameters).encoded)
                for valley in reached[:3]
                if valley.is_spurious and valley.parameters is not None
            ]
            if len(reached) > 1:
                documents.append(json.loads(es.certify_barrier(land, reached[0].parameters, reached[1].parameters).encoded))
        except es.UnsupportedError:  # a lowest path that is only approached
            pass
        for document in documents:
            assert accepted(document)
            for _ in range(6):
                false = falsified(rnd, document)
                for _ in range(4):
                    attempt = copy.deepcopy(false)
                    for _ in range(rnd.randrange(4)):
                        change_duals(rnd, attempt["evidence"]["duals"], len(x))
                    forged += 1
                    assert not accepted(attempt), (seed, attempt["claim"])
    assert forged > 300


def falsified(rnd: random.Random, document: Any) -> Any:
    """The claim with another number: a bound above the minimum, or a level that is not that of the barrier."""
    other = copy.deepcopy(document)
    claim, change = other["claim"], Fraction(1, rnd.choice([2, 1000, 10**6]))
    if claim["kind"] in ("global minimum", "lower bound"):
        bound = Fraction(claim.get("risk") or claim["bound"]) + change
        problem = other["problem"]
        samples = len(problem["data"]["x"])
        about = f"the {'-'.join(map(str, problem['widths']))} network on {samples} samples"
        sentence = f"The {problem['loss']['name']} risk of {about} is at least {bound} at all parameters."
        other["claim"] = {"kind": "lower bound", "sentence": sentence, "bound": str(bound)}
        other.pop("parameters", None)
        return other
    key = "barrier" if "barrier" in claim else "level"
    old = claim[key]
    claim[key] = str(Fraction(old) + rnd.choice([-1, 1]) * change)
    claim["sentence"] = claim["sentence"].replace(f"at least {old}", f"at least {claim[key]}")
    return other


def change_duals(rnd: random.Random, duals: list[list[str]], samples: int) -> None:
    how = rnd.randrange(4) if duals else 0
    if how == 0:
        duals.append([str(Fraction(rnd.randint(-3, 3), rnd.randint(1, 4))) for _ in range(samples)])
    elif how == 1:
        vector = rnd.choice(duals)
        i, j = rnd.randrange(samples), rnd.randrange(samples)
        vector[i], vector[j] = vector[j], vector[i]
    elif how == 2:
        vector, factor = rnd.choice(duals), rnd.choice([Fraction(-1), Fraction(2), Fraction(9, 10)])
        vector[:] = [str(factor * Fraction(value)) for value in vector]
    else:
        duals.append([str((Fraction(a) + Fraction(b)) / 2) for a, b in zip(rnd.choice(duals), rnd.choice(duals), strict=True)])
