"""Heuristics that the benchmark rates: each takes a point and says minimum, not a minimum, or that it does not know."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from float_network import FloatNetwork

import exactsurf as es

MINIMUM, NONE, UNKNOWN = "local minimum", "not a local minimum", "unknown"
GRADIENT, CURVATURE = 1e-6, 1e-6
"""Below these a number counts as 0, as is usual."""

Method = Callable[[es.Problem, es.Parameters], str]


def gradient_norm(precision: type) -> Method:
    """A minimum is where the gradient is short."""

    def answer(problem: es.Problem, parameters: es.Parameters) -> str:
        net = FloatNetwork.of(problem, parameters, precision)
        return MINIMUM if np.linalg.norm(net.gradient(net.theta)) <= GRADIENT else NONE

    return answer


def hessian(problem: es.Problem, parameters: es.Parameters) -> str:
    """A minimum is where the gradient is short and no eigenvalue of the Hessian is clearly negative."""
    net = FloatNetwork.of(problem, parameters)
    if np.linalg.norm(net.gradient(net.theta)) > GRADIENT:
        return NONE
    return NONE if np.linalg.eigvalsh(net.hessian(net.theta))[0] < -CURVATURE else MINIMUM


def definite_hessian(problem: es.Problem, parameters: es.Parameters) -> str:
    """The same by the textbook: a minimum is where all eigenvalues are clearly positive; with one near 0 nothing is known."""
    net = FloatNetwork.of(problem, parameters)
    if np.linalg.norm(net.gradient(net.theta)) > GRADIENT:
        return NONE
    least = np.linalg.eigvalsh(net.hessian(net.theta))[0]
    return MINIMUM if least > CURVATURE else NONE if least < -CURVATURE else UNKNOWN


def sampling(problem: es.Problem, parameters: es.Parameters) -> str:
    """A minimum is where none of 3,000 points nearby, at distances of about 10⁻², 10⁻³ and 10⁻⁴, is lower."""
    net, rng = FloatNetwork.of(problem, parameters), np.random.default_rng(0)
    here = net.risk(net.theta)
    steps = rng.standard_normal((3000, len(net.theta))) * np.repeat([1e-2, 1e-3, 1e-4], 1000)[:, None]
    return NONE if np.min(net.risk(net.theta + steps)) < here * (1 - 1e-12) else MINIMUM


def descent(problem: es.Problem, parameters: es.Parameters) -> str:
    """A minimum is where gradient descent from ten points at distances of about 10⁻³ does not get lower in 1,000 steps.

    A step that would rise is halved, one that falls makes the next longer by a tenth.
    """
    net, rng = FloatNetwork.of(problem, parameters), np.random.default_rng(0)
    here = net.risk(net.theta)
    points = net.theta + 1e-3 * rng.standard_normal((10, len(net.theta)))
    risks, steps = net.risk(points), np.full(10, 1e-3)
    for _ in range(1000):
        tried = points - steps[:, None] * net.gradient(points)
        reached = net.risk(tried)
        falls = reached <= risks
        points, risks = np.where(falls[:, None], tried, points), np.where(falls, reached, risks)
        steps *= np.where(falls, 1.1, 0.5)
    return NONE if np.min(risks) < here * (1 - 1e-6) else MINIMUM


def sosp(problem: es.Problem, parameters: es.Parameters) -> str:
    """SOSP-CHECK of Yun, Sra and Jadbabaie, in exact arithmetic; a second-order stationary point may be a minimum or not."""
    try:
        found = es.sosp_check(problem, parameters)
    except (es.UnsupportedError, es.HypothesisError):
        return UNKNOWN
    return {"local minimum": MINIMUM, "descent direction": NONE}.get(str(found.output), UNKNOWN)


def exactly(problem: es.Problem, parameters: es.Parameters) -> str:
    """`es.decide`, which made the answers: not a competitor, but the check that the file says what it says today."""
    status = es.decide(problem, parameters).status
    return {es.Status.PROVED: MINIMUM, es.Status.REFUTED: NONE}.get(status, UNKNOWN)


METHODS: dict[str, Method] = {
    "gradient norm, binary32": gradient_norm(np.float32),
    "gradient norm": gradient_norm(np.float64),
    "Hessian": hessian,
    "definite Hessian": definite_hessian,
    "sampling": sampling,
    "descent": descent,
    "SOSP-CHECK": sosp,
    "es.decide": exactly,
}
