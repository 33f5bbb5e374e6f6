"""Kawaguchi (2016), Corollary 3.2: ReLU networks whose paths are random, reduced to deep linear networks.

Choromanska et al. (2015) make seven assumptions; the corollary keeps weak forms of two of them. Under these the expected output
is that of a linear network with inputs qρx, so it is an ordinary problem, of which everything is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, InputError
from exactsurf.exact.number import Exact, exact
from exactsurf.minima.decide import decide
from exactsurf.model.activation import linear, relu
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.papers.choromanska_2015 import active_paths, independent_of_inputs
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.constructions.linear_network import global_or_saddle
from exactsurf.theorems.data_conditions import (
    short,
)
from exactsurf.theorems.hypotheses import (
    DISTINCT_EIGENVALUES,
    FEWER_TARGETS_THAN_INPUTS,
    FULL_RANK_CORRELATION,
    FULL_RANK_INPUTS,
    NO_BIASES,
    RELU,
    SOME_HIDDEN_LAYER,
    SQUARED_LOSS,
)
from exactsurf.theorems.network_conditions import hidden_layers, no_biases, relu_activation, squared_loss
from exactsurf.theorems.references import KAWAGUCHI_2016
from exactsurf.theorems.theorem import Check, PointHypothesis, Theorem


@dataclass(frozen=True)
class Assumption:
    """One of the seven assumptions of Choromanska et al.: its `name` in Kawaguchi's paper, `statement`, and what became of it.

    `kept` is the weak form in which the corollary keeps it, None for the five that fall. Exactness: none needed.
    Source: Kawaguchi 2016, section 3; proofs/kawaguchi_2016.
    """

    name: str
    statement: str
    kept: str | None = None


ASSUMPTIONS = (
    Assumption("A1p", "paths are active as Bernoulli variables of one law", "A1p-m: with one probability ρ"),
    Assumption("A2p", "the inputs are independent standard normal variables"),
    Assumption("A3p", "the weights of the paths are redundant: there are few unique ones"),
    Assumption("A4p", "the unique weights are uniformly distributed over the paths"),
    Assumption("A5u", "paths are active independently of inputs and weights", "A5u-m: independently of the inputs"),
    Assumption("A6u", "the inputs of different paths are independent"),
    Assumption("A7p", "the weights lie on a sphere"),
)


def reduced_problem(problem: Problem, rho: Exact, q: Exact = 1) -> Problem:
    """The deep linear problem whose risk is ½‖E Ŷ − Y‖², where each path is active with probability ρ and is multiplied by q.

    Parameters: a ReLU `problem` without biases; `rho` ρ and `q`, not 0. Returns: the problem with the same widths and targets,
    the activation z and the inputs qρx, of which the same parameters are points.
    Exactness: exact. Raises: `HypothesisError` for other networks, `InputError` for ρ outside (0, 1] or q = 0, errors of `exact`.
    Source: Kawaguchi 2016, Corollary 3.2.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1], biases=False), es.Data.from_arrays([-1, 1], [0, 1]))
    >>> reduced = reduced_problem(problem, "1/2")
    >>> reduced, [str(x) for (x,) in reduced.data.x]
    (Problem(Network(1-2-1, linear, biases=False), Data(2 samples, 1 input, 1 target), squared), ['-1/2', '1/2'])
    """
    check_problem(problem)
    for check in (hidden_layers(1), relu_activation, no_biases):
        holds, witness, _ = check(problem)
        if not holds:
            raise HypothesisError("Corollary 3.2", witness)
    share, factor = exact(rho, "rho"), exact(q, "q")
    if not 0 < share <= 1 or not factor:
        raise InputError("ρ is a probability that is not 0, and q is not 0", text=f"{rho}, {q}")
    rows = [[share * factor * value for value in row] for row in problem.data.x]
    data = Data.from_arrays(rows, [list(row) for row in problem.data.y], weights=problem.data.weights)
    return Problem(Network(problem.network.widths, linear, biases=False), data, problem.loss)


def _one_probability(problem: Problem, parameters: Parameters) -> Check:
    """Every path is active on the same share ρ > 0 of the samples."""
    paths = active_paths(problem, parameters)
    if paths is None:
        return None, "too many paths", ()
    shares = {path: Fraction(sum(flags), len(flags)) for path, flags in paths.items()}
    (first, share), *rest = shares.items()
    for path, other in rest:
        if other != share:
            return False, f"path {first} is active on {short(share)} of the samples, path {path} on {short(other)}", (first, path)
    return share > 0, f"every path is active on {short(share)} of the samples", (share,)


def contradiction(problem: Problem, parameters: Parameters, lower: Parameters) -> Verdict:
    """Whether a point contradicts the corollary, if it is read as one about the risk of the network itself.

    It does where both assumptions hold on the samples, the point is a global minimum of the reduced risk, and a local minimum of
    the network's risk that is not global.
    Parameters: a ReLU `problem`; `parameters`; `lower`, of lower risk. Returns: PROVED with the certificate of a spurious local
    minimum, or UNDECIDED with what is missing. Exactness: exact. Raises: `ShapeError`. Source: proofs/kawaguchi_2016.

    >>> verdict = contradiction(*contradicted_instance())
    >>> str(verdict.status), str(verdict.certificate.risk), verdict.certificate.kind
    ('PROVED', '1/6', 'spurious local minimum')
    """
    probable, why, data = _one_probability(problem, parameters)
    independent, because, _ = independent_of_inputs(problem, parameters)
    if not (probable and independent):
        return Verdict(Status.UNDECIDED, because if probable else why)
    reduced = global_or_saddle(reduced_problem(problem, data[0]), parameters)
    if reduced.status is not Status.PROVED or reduced.lower_point is not None:
        return Verdict(Status.UNDECIDED, f"of the reduced risk the point is not shown to be a global minimum: {reduced.reason}")
    if problem.rational_risk(lower) >= problem.rational_risk(parameters):
        return Verdict(Status.UNDECIDED, "the second point has no lower risk")
    found = decide(problem, parameters, lower=lower)
    if found.status is not Status.PROVED or found.certificate is None or found.certificate.kind != "spurious local minimum":
        return Verdict(Status.UNDECIDED, f"the point is not shown to be a spurious local minimum: {found.reason}")
    reason = f"a spurious local minimum of the network, while of the reduced risk it is this: {reduced.reason}"
    return Verdict(Status.PROVED, reason, found.certificate, lower, found.risk)


def contradicted_instance() -> tuple[Problem, Parameters, Parameters]:
    """Three samples and a point at which all units are active on all of them, so that both assumptions hold with ρ = 1.

    Returns: the problem, the point, of risk 1/6, and parameters of risk 0: max(x₁, x₂) = relu(x₁ − x₂) + relu(x₂).
    Exactness: exact. Raises: nothing. Source: ours; proofs/kawaguchi_2016.

    >>> problem, point, lower = contradicted_instance()
    >>> str(problem.risk(point)), str(problem.risk(lower))
    ('1/6', '0')
    """
    problem = Problem(Network([2, 2, 1], relu, biases=False), Data.from_arrays([[1, 0], [0, 1], [1, 1]], [1, 1, 1]))
    point = problem.parameters(W1=[["1/3", "1/3"], ["1/3", "1/3"]], W2=[[1, 1]])
    return problem, point, problem.parameters(W1=[[1, -1], [0, 1]], W2=[[1, 1]])


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """Theorem 2.3, (ii) and (iii), for the reduced risk at the point, with the share ρ that its paths have."""
    assert parameters is not None
    for check in (hidden_layers(1), relu_activation, no_biases, squared_loss):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    probable, why, data = _one_probability(problem, parameters)
    if not probable:
        return Verdict(Status.UNDECIDED, f"there is no ρ for which to reduce the risk: {why}")
    return global_or_saddle(reduced_problem(problem, data[0]), parameters)


corollary_3_2 = Theorem(
    key="kawaguchi_2016.corollary_3_2",
    title="ReLU networks with random paths have no poor local minima: reduced to deep linear networks",
    statement=(
        r"Let each path of a ReLU network be active with probability $\rho$, independently of the inputs (A1p-m, A5u-m). Then "
        r"$\frac12\|\mathbb{E}_Z \hat Y - Y\|^2 = \frac12\|q\rho W_{H+1} \cdots W_1 X - Y\|^2$, and what Theorem 2.3 says of "
        r"deep linear networks holds: local minima are global, other critical points are saddles."
    ),
    reference=KAWAGUCHI_2016,
    hypotheses=(
        SOME_HIDDEN_LAYER,
        RELU,
        NO_BIASES,
        SQUARED_LOSS,
        FULL_RANK_INPUTS,
        FULL_RANK_CORRELATION,
        FEWER_TARGETS_THAN_INPUTS,
        DISTINCT_EIGENVALUES,
        PointHypothesis("A1p-m", "every path is active with one probability ρ > 0", _one_probability),
        PointHypothesis("A5u-m", "which paths are active is independent of the inputs", independent_of_inputs),
    ),
    construct=reduced_problem,
    conclude=_conclude,
    without_example=(
        ("rank X", "the conclusion is that of Theorem 2.3, for which none is known"),
        ("rank XY", "the conclusion is that of Theorem 2.3, for which none is known"),
        ("d_y", "the conclusion is that of Theorem 2.3, for which none is known"),
        ("eigenvalues", "the conclusion is that of Theorem 2.3, for which none is known"),
        ("A1p-m", "without one ρ there is no reduced risk to conclude about"),
        ("A5u-m", "the reduced risk does not see it; what is not concluded is that it is the risk of an expected output"),
    ),
    remarks=(
        "Of the seven assumptions A1p, A2p, A3p, A4p, A5u, A6u, A7p of Choromanska et al. five fall (ASSUMPTIONS); the two kept "
        "are asked of the uniform law on the samples, where they hold together only if every path is active on every sample. The "
        "conclusion is about the reduced risk, never about the network's own: contradicted_instance has a certified spurious "
        "local minimum of a ReLU network at which both assumptions hold, and which is a global minimum of the reduced risk."
    ),
)
