"""Random small problems whose levels are enclosed, of every loss and decay."""

from __future__ import annotations

import random
from typing import Any

import exactsurf as es

SETTINGS: dict[str, tuple[str, dict[str, Any], Any]] = {
    "free biases": ("squared", {"weight_decay": "1/10"}, True),
    "penalised biases": ("squared", {"weight_decay": "1/4", "decay_biases": True}, True),
    "no output bias": ("squared", {"weight_decay": "1/10"}, [True, False]),
    "no biases": ("huber", {"weight_decay": "1/10"}, False),
    "squared hinge": ("squared_hinge", {"weight_decay": "1/5"}, True),
    "logistic": ("logistic", {}, True),
    "logistic with decay": ("logistic", {"weight_decay": "1/10"}, [False, True]),
    "exponential": ("exponential", {}, True),
    "exponential with decay": ("exponential", {"weight_decay": "1/5"}, [False, True]),
    "log-cosh": ("log_cosh", {}, True),
    "log-cosh with decay": ("log_cosh", {"weight_decay": "1/10", "decay_biases": True}, True),
    "Poisson": ("poisson", {}, True),
    "Poisson with decay": ("poisson", {"weight_decay": 1}, True),
    "fourth power": ("power(4)", {}, True),
    "fourth power with decay": ("power(4)", {"weight_decay": "1/5"}, True),
}


def problem_of(name: str, seed: int) -> es.Problem:
    """A random small problem; every second one has two inputs."""
    loss, decay, biases = SETTINGS[name]
    source = random.Random(f"{name} {seed}")
    inputs, samples, units = (1, 4, 2) if seed % 2 else (2, 4, 1)
    x = [[source.randint(-3, 3) for _ in range(inputs)] for _ in range(samples)]
    choices = (
        [-1, 1] if loss in ("logistic", "exponential", "squared_hinge") else [0, 1, 2] if loss == "poisson" else [-2, -1, 0, 1, 3]
    )
    y = [source.choice(choices) for _ in range(samples)]
    return es.Problem(es.Network([inputs, units, 1], biases=biases), es.Data.from_arrays(x, y), loss, **decay)
