"""The restriction of a certificate from its JSON value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exactsurf.certificate.reading.values import parameters_of
from exactsurf.model.network import Network
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.model.restriction import Restriction


def restriction_of(described: Mapping[str, Any], network: Network) -> Restriction:
    """The restriction in the field `problem`, whose free parameters are called u0, u1, ….

    Parameters: `described`, of an accepted certificate. Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 44.
    """
    stated = described["restriction"]
    return Restriction(network, parameters_of(stated["offset"]), map(parameters_of, stated["basis"]))


def restricted_problem_of(document: Mapping[str, Any], problem: Problem) -> RestrictedProblem:
    """The restricted problem of an accepted certificate, of its problem in which all parameters are free."""
    return RestrictedProblem.of(restriction_of(document["problem"], problem.network), problem)
