"""The check of the argument that says which problem is meant: what came instead, and how a problem is built."""

from __future__ import annotations

from exactsurf.errors import InputError, UnsupportedError
from exactsurf.model.activation import SMOOTH_VERBS
from exactsurf.model.network import Network
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RESTRICTED_VERBS, RestrictedProblem


def refuse_restricted(value: object, caller: str) -> None:
    """Raise `UnsupportedError` if `value` is a restricted problem, whose restriction `caller` would forget.

    >>> import exactsurf as es
    >>> data = es.Data.from_arrays([0], [1])
    >>> refuse_restricted(es.RestrictedProblem(es.diagonal(1), data), "landscape")
    Traceback (most recent call last):
        ...
    exactsurf.errors.UnsupportedError: landscape does not know restricted problems, and RestrictedProblem(Restriction(\
Network(1-1-1, linear, biases=False), 2 free parameters: w1_0, w2_0), Data(1 sample, 1 input, 1 target), squared) is one; \
es.decide, es.stationarity, es.polish, es.find_critical_box, problem.cell and es.landscape know restricted problems; \
problem.unrestricted is the problem in which all parameters are free
    """
    if isinstance(value, RestrictedProblem):
        raise UnsupportedError(f"{caller} does not know restricted problems, and {value!r} is one", RESTRICTED_VERBS)


def check_problem(value: object, caller: str) -> None:
    """Raise `InputError` unless `value` is a problem; `caller` needs it.

    >>> check_problem("problem.json", "find_critical_box")
    Traceback (most recent call last):
        ...
    exactsurf.errors.InputError: find_critical_box needs a Problem; got "'problem.json'"; build it with \
Problem(network, data, loss), or take the first of what read_problem(file) returns
    """
    refuse_restricted(value, caller)
    if not isinstance(value, Problem):
        fix = "build it with Problem(network, data, loss), or take the first of what read_problem(file) returns"
        raise InputError(f"{caller} needs a Problem", text=repr(value), fix=fix)


def check_piecewise_linear(value: object, caller: str) -> None:
    """Raise `InputError` unless `value` is a problem with a piecewise linear activation; `caller` needs it.

    >>> import exactsurf as es
    >>> check_piecewise_linear(es.Problem(es.Network([1, 1, 1], "tanh"), es.Data.from_arrays([0], [0])), "count_cells")
    Traceback (most recent call last):
        ...
    exactsurf.errors.InputError: count_cells needs a problem with a piecewise linear activation; \
got 'Problem(Network(1-1…1 target), squared) (73 characters)'; take one such as relu; \
decide, polish and find_critical_box answer for smooth activations, and problem.risk encloses the risk
    """
    check_problem(value, caller)
    if isinstance(value, Problem) and not value.network.is_piecewise_linear:
        raise InputError(
            f"{caller} needs a problem with a piecewise linear activation",
            text=repr(value),
            fix=f"take one such as relu; {SMOOTH_VERBS}",
        )


def piecewise_linear_network(value: Problem | Network, caller: str) -> Network:
    """The network of a problem, or the one that is given, with a piecewise linear activation; `caller` needs it.

    Exactness: nothing is computed. Raises: `InputError` for anything else. Source: none.

    >>> import exactsurf as es
    >>> piecewise_linear_network(es.Network([1, 1, 1], "tanh"), "equal_functions")
    Traceback (most recent call last):
        ...
    exactsurf.errors.InputError: equal_functions needs a piecewise linear activation; got 'Network(1-1-1, tanh)'; \
take one such as relu; this one is smooth
    """
    if not isinstance(value, Network):
        check_problem(value, caller)
    network = value if isinstance(value, Network) else value.network
    if not network.is_piecewise_linear:
        raise InputError(
            f"{caller} needs a piecewise linear activation", text=repr(network), fix="take one such as relu; this one is smooth"
        )
    return network
