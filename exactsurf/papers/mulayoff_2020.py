"""Mulayoff and Michaeli, "Unique Properties of Flat Minima in Deep Networks", ICML 2020: flat minima are balanced, in width 1."""

from __future__ import annotations

from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import HypothesisError, UnsupportedError
from exactsurf.exact.linear_algebra import dot
from exactsurf.minima.sharpness import sharpness
from exactsurf.model.data import Data
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.theorems.arguments import check_problem
from exactsurf.theorems.data_conditions import short
from exactsurf.theorems.hypotheses import NO_BIASES, SQUARED_LOSS
from exactsurf.theorems.network_conditions import linear_network, no_biases, squared_loss
from exactsurf.theorems.references import MULAYOFF_2020
from exactsurf.theorems.theorem import Check, Hypothesis, PointHypothesis, SharpnessExample, Theorem


def _chain(problem: Problem) -> Check:
    widths = problem.network.widths
    return set(widths) == {1} and len(widths) > 2, f"the widths are {'-'.join(map(str, widths))}", tuple(widths)


def _best_product(problem: Problem) -> tuple[Fraction, Fraction]:
    """p* = Σ x_i y_i / S and the second derivative sS of the risk by p; S = 0 raises `HypothesisError`."""
    x, y = ([row[0] for row in rows] for rows in (problem.data.x, problem.data.y))
    size = dot(x, x)
    if not size:
        raise HypothesisError("inputs", "all inputs are 0", "take one that is not")
    return dot(x, y) / size, 2 * problem.common_scale * size


def _correlated(problem: Problem) -> Check:
    try:
        product, _ = _best_product(problem)
    except HypothesisError as error:
        return False, str(error), ()
    return bool(product), f"the best product is {short(product)}", (product,)


def _minimum(problem: Problem, parameters: Parameters) -> Check:
    if not _chain(problem)[0]:
        return None, "the product is that of networks of width 1", ()
    product = Fraction(1)
    for ((weight,),) in parameters.weights:
        product *= weight
    try:
        best, _ = _best_product(problem)
    except HypothesisError as error:
        return None, str(error), ()
    return product == best, f"the product is {short(product)}, the best one {short(best)}", (product, best)


def flattest(problem: Problem) -> Parameters:
    """The flattest global minimum of a network of width 1, with all weights of one absolute value.

    Parameters: a `problem` with widths 1, h(z) = z, no biases and squared loss. Exactness: exact. Raises: `HypothesisError` if
    all inputs are 0, or if this minimum is not rational; `UnsupportedError` for other problems.
    Source: Mulayoff and Michaeli 2020, abstract; proofs/mulayoff_2020.

    >>> import exactsurf as es
    >>> chain = es.Problem(es.Network([1, 1, 1, 1], es.linear, biases=False), es.Data.from_arrays([1], [-8]))
    >>> point = es.papers.mulayoff_2020.flattest(chain)
    >>> point, es.sharpness(chain, point).largest.value
    (Parameters(W1=[[-2]], W2=[[2]], W3=[[2]]), Fraction(48, 1))
    """
    check_problem(problem)
    for check in (_chain, linear_network, no_biases, squared_loss):
        holds, witness, _ = check(problem)
        if not holds:
            raise UnsupportedError(witness, "take widths 1, es.linear, biases=False and the squared loss")
    best, _ = _best_product(problem)
    layers = problem.network.layers
    root = Fraction(_whole_root(abs(best.numerator), layers), _whole_root(best.denominator, layers))
    if root**layers != abs(best):
        raise HypothesisError("rational", f"|p| = {short(abs(best))} has no rational root of order {layers}", "take other data")
    signed = [root if best > 0 else -root] + [root] * (layers - 1)
    return problem.parameters(**{f"W{k}": [[w]] for k, w in enumerate(signed, start=1)})


def _whole_root(value: int, order: int) -> int:
    """The largest integer whose power is at most the value."""
    low, high = 0, 1 << (value.bit_length() // order + 1)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if middle**order <= value else (low, middle)
    return low


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    for check in (_chain, linear_network, no_biases, squared_loss):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    try:
        best, bend = _best_product(problem)
        found = sharpness(problem, parameters)
    except (HypothesisError, UnsupportedError) as error:
        return Verdict(Status.UNDECIDED, str(error))
    layers, largest = problem.network.layers, found.largest.value
    if largest is None:
        return Verdict(Status.UNDECIDED, "the largest eigenvalue is not rational, so the point is no minimum")
    bound = (bend * layers) ** layers * abs(best) ** (2 * layers - 2)
    balanced = len({abs(weight) for ((weight,),) in parameters.weights}) == 1
    told = f"the largest eigenvalue {short(largest)}, to the power {layers},"
    risk = problem.rational_risk(parameters)
    if largest < 0 or largest**layers < bound:
        return Verdict(Status.REFUTED, f"{told} is below {short(bound)}", found.certificate, risk=risk)
    if (largest**layers == bound) is not balanced:
        how = "is the bound, and the weights are not balanced" if not balanced else "is above it at balanced weights"
        return Verdict(Status.REFUTED, f"{told} {how}", found.certificate, risk=risk)
    how = "equals" if balanced else "is above"
    return Verdict(Status.PROVED, f"{told} {how} {short(bound)}", found.certificate, risk=risk)


def _examples() -> tuple[SharpnessExample, ...]:
    problem = Problem(Network([1, 1, 1], "linear", biases=False), Data.from_arrays([1], [2]))
    longer = Problem(Network([1, 1, 1, 1], "linear", biases=False), Data.from_arrays([1], [0]))
    saddle, corner = problem.parameters(W1=[[0]], W2=[[0]]), longer.parameters(W1=[[0]], W2=[[0]], W3=[[1]])
    return (
        SharpnessExample("minimum", "the saddle 0: the largest eigenvalue is 2, the bound 4", problem, saddle),
        SharpnessExample("p", "p = 0: at (0, 0, 1) the Hessian is 0, and the weights are not balanced", longer, corner),
    )


flattest_chain = Theorem(
    key="mulayoff_2020.flattest_chain",
    title="The flattest minima of linear networks of width 1 are the balanced ones",
    statement=(
        r"A linear network with $L$ layers of width 1 and no biases, the loss $\frac s2 \sum (f - y)^2$, $S = \sum x_i^2$, "
        r"$p = \sum x_i y_i / S \ne 0$. At every global minimum the largest eigenvalue of the Hessian is at least $s S L\, "
        r"|p|^{2 - 2/L}$, with equality if and only if all weights have one absolute value."
    ),
    reference=MULAYOFF_2020,
    hypotheses=(
        Hypothesis("chain", "all widths are 1", _chain, setting=True),
        Hypothesis("linear", "h(z) = z", linear_network, setting=True),
        NO_BIASES,
        SQUARED_LOSS,
        Hypothesis("p", "Σ x_i y_i is not 0", _correlated),
        PointHypothesis("minimum", "the point is a global minimum", _minimum),
    ),
    construct=flattest,
    conclude=_conclude,
    examples=_examples,
    remarks="The abstract is about linear networks of any widths; stated and proved here for width 1. Decided to the power L.",
)
