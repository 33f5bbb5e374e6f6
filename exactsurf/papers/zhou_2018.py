"""Zhou and Liang, "Critical Points of Linear Neural Networks", ICLR 2018: forms that are necessary and sufficient, and values.

The forms are written with products and projectors, which are rational where the paper's singular vectors are not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.exact.linear_algebra import Matrix, from_flint, rank, to_flint
from exactsurf.minima.local.directional import selected_gradient
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.parameters import Parameters
from exactsurf.model.point import Point
from exactsurf.model.problem import Problem
from exactsurf.theorems.constructions.linear_network import column_projector, is_critical, linear_without_biases, product
from exactsurf.theorems.data_conditions import explained_covariance, full_rank_inputs, short
from exactsurf.theorems.hypotheses import CRITICAL, LINEAR, NO_BIASES, ONE_HIDDEN_LAYER, RELU, SOME_HIDDEN_LAYER, SQUARED_LOSS
from exactsurf.theorems.network_conditions import no_biases, relu_activation, squared_loss
from exactsurf.theorems.outcome import NothingClaimed
from exactsurf.theorems.references import ZHOU_2018
from exactsurf.theorems.theorem import ABOUT_CRITICAL_POINTS, Check, Hypothesis, PointHypothesis, Theorem


def captured(problem: Problem, parameters: Parameters) -> Matrix | None:
    """P Σ for the projector P onto the column space of A_2 A_1, if A_2 A_1 = P Y Xᵀ(X Xᵀ)⁻¹ and P Σ = Σ P, else None.

    Parameters: a linear `problem` without biases, X Xᵀ invertible. Exactness: exact, although eigenvectors may be irrational.
    Raises: `ShapeError`. Source: papers.md, A5 (Zhou and Liang) and Baldi and Hornik, Fact 3.
    """
    whole, data = product(parameters), problem.data
    sigma, projector = to_flint(explained_covariance(data)), to_flint(column_projector(whole))
    x, y = to_flint(data.x), to_flint(data.y)
    best = (x.transpose() * x).solve(x.transpose() * y).transpose()
    if projector * best != to_flint(whole) or projector * sigma != sigma * projector:
        return None
    return from_flint(projector * sigma)


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    for check in (linear_without_biases, squared_loss, full_rank_inputs):
        holds, witness, _data = check(problem)
        if not holds:
            return Verdict(Status.UNDECIDED, witness)
    risk = problem.rational_risk(parameters)
    part = captured(problem, parameters)
    critical, witness, _data = is_critical(problem, parameters)
    if part is None:
        if critical:
            return Verdict(Status.REFUTED, "critical, but the product has not the form", risk=risk)
        return NothingClaimed(Status.PROVED, f"nothing is claimed about this point: {witness}", risk=risk)
    total = sum((value**2 for row in problem.data.y for value in row), Fraction(0))
    trace = sum((part[i][i] for i in range(len(part))), Fraction(0))
    value = problem.common_scale * (total - trace)
    if value != risk:
        return Verdict(Status.REFUTED, f"the form gives the value {short(value)}, the risk is {short(risk)}", risk=risk)
    kind = "critical" if critical else "not critical"
    reason = f"the product is of rank {rank(product(parameters))}, captures eigenvalues of Σ with sum {short(trace)} ({kind})"
    return Verdict(Status.PROVED, f"{reason}, and the risk is that of the form: {short(value)}", risk=risk)


def has_critical_form(weights: Sequence[Matrix], x: Matrix, y: Matrix) -> Check:
    """Whether factors A_1, …, A_h with the product M have the form of a critical point of ‖M X − Y‖².

    With S = Σ x xᵀ, T = Σ y xᵀ and P_k the projector onto the columns of A_h ⋯ A_{k+1} (P_h = I): M S = P_1 T, and
    (P_k − P_1) T (A_{k−1} ⋯ A_1)ᵀ = 0 for k = 2, …, h.
    Parameters: `weights`, at least two matrices; `x`, `y`, one row for each sample. Exactness: exact. Raises: nothing.
    Source: proofs/linear_networks (critical points of deep networks); papers.md, A5 (Zhou and Liang).

    >>> one, two = (((Fraction(1),),), ((Fraction(2),),))
    >>> has_critical_form([one, two], one, two)[0], has_critical_form([one, one], one, two)[0]
    (True, False)
    """
    count = len(weights)
    inputs, targets = to_flint(x), to_flint(y)
    below = [to_flint(weights[0])]
    for matrix in weights[1:]:
        below.append(to_flint(matrix) * below[-1])
    above = [to_flint(weights[-1])]
    for matrix in reversed(weights[1:-1]):
        above.append(above[-1] * to_flint(matrix))
    moment = targets.transpose() * inputs
    first = to_flint(column_projector(from_flint(above[-1])))
    if below[-1] * (inputs.transpose() * inputs) != first * moment:
        return False, "M Σ x xᵀ is not P Σ y xᵀ, with the projector P onto the columns of the layers above the first", (1,)
    rest = moment - first * moment
    for k in range(2, count + 1):
        seen = rest if k == count else to_flint(column_projector(from_flint(above[count - 1 - k]))) * rest
        if any((seen * below[k - 2].transpose()).entries()):
            return False, f"(P_{k} − P_1) Σ y xᵀ is not 0 on the rows of the layers below layer {k}", (k,)
    return True, "the product captures what the layers above see, and no layer sees more of the targets", ()


def _sum_of_squares(rows: Matrix) -> Fraction:
    return sum((value**2 for row in rows for value in row), Fraction(0))


def _captured_part(whole: Matrix, x: Matrix, y: Matrix) -> Fraction:
    """tr(M Tᵀ) = Σ y·Mx: what a critical point takes off tr Y Yᵀ."""
    fitted = from_flint(to_flint(x) * to_flint(whole).transpose())
    return sum((a * b for row, goal in zip(fitted, y, strict=True) for a, b in zip(row, goal, strict=True)), Fraction(0))


def _equivalent(critical: bool, witness: str, form: Check, value: Fraction, risk: Fraction) -> Verdict:
    """Whether form and criticality agree, and with them the value."""
    if critical is not form[0]:
        return Verdict(Status.REFUTED, f"{witness}, but the form says otherwise: {form[1]}", risk=risk)
    if not critical:
        return Verdict(Status.PROVED, f"neither critical nor of the form: {form[1]}", risk=risk)
    if value != risk:
        return Verdict(Status.REFUTED, f"the form gives the value {short(value)}, the risk is {short(risk)}", risk=risk)
    return Verdict(Status.PROVED, f"critical and of the form, with its value {short(value)}", risk=risk)


def _conclude_form(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    if not linear_without_biases(problem)[0] or not problem.is_least_squares or problem.network.layers < 2:
        return Verdict(Status.UNDECIDED, "the form is that of a linear network with the squared loss, without biases")
    x, y = tuple(problem.data.x), tuple(problem.data.y)
    value = problem.common_scale * (_sum_of_squares(y) - _captured_part(product(parameters), x, y))
    critical, witness, _data = is_critical(problem, parameters)
    form = has_critical_form(parameters.weights, x, y)
    return _equivalent(bool(critical), witness, form, value, problem.rational_risk(parameters))


def active_samples(problem: Problem, parameters: Parameters) -> tuple[tuple[int, ...], tuple[int, ...]] | NotProved:
    """The units that are active on some sample, and the samples on which all of them are active, if these are the same for all.

    Parameters: a ReLU `problem` with one hidden layer; `parameters`. Returns: units and samples, or why the point is in no cone
    of the theorem. Exactness: exact. Raises: `ShapeError`. Source: papers.md, A5 (Zhou and Liang).
    """
    if problem.network.layers != 2:
        return NotProved("the form is that of one hidden layer")
    units, shared = [], None
    for j, row in enumerate(problem.forward(parameters).pre_activations[0]):
        if not all(row.numerators):
            return NotProved(f"unit {j} is at its kink on sample {row.numerators.index(0)}")
        samples = tuple(i for i, value in enumerate(row.numerators) if value > 0)
        if samples:
            units.append(j)
            if shared not in (None, samples):
                return NotProved(f"units {units[0]} and {j} are active on different samples")
            shared = samples
    return tuple(units), shared or ()


def _in_a_cone(problem: Problem, parameters: Parameters) -> Check:
    found = active_samples(problem, parameters)
    if isinstance(found, NotProved):
        return (False if problem.network.layers == 2 else None), found.reason, ()
    return True, f"{len(found[0])} units are active, on {len(found[1])} samples", found


def _conclude_relu(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    assert parameters is not None
    shaped = relu_activation(problem)[0] and no_biases(problem)[0]
    found = active_samples(problem, parameters) if shaped else NotProved("the form is that of ReLU units without biases")
    if isinstance(found, NotProved):
        return Verdict(Status.UNDECIDED, found.reason)
    if not problem.is_least_squares:
        return Verdict(Status.UNDECIDED, "the form is that of the squared loss")
    units, samples = found
    gradient = selected_gradient(Point(problem, parameters))
    critical = not any(value for matrix in gradient.weights for row in matrix for value in row)
    x, y = (tuple(tuple(rows)[i] for i in samples) for rows in (problem.data.x, problem.data.y))
    first = tuple(parameters.weights[0][j] for j in units)
    last = tuple(tuple(row[j] for j in units) for row in parameters.weights[1])
    if units:
        whole, form = product(Parameters((first, last), (None, None))), has_critical_form([first, last], x, y)
    else:
        whole, form = ((Fraction(0),) * len(problem.data.x[0]),) * len(last), (True, "every unit is off on all samples", ())
    part = _captured_part(whole, x, y) if units else Fraction(0)
    value = problem.common_scale * (_sum_of_squares(tuple(problem.data.y)) - part)
    witness = "the gradient is zero" if critical else "the gradient is not zero"
    return _equivalent(critical, witness, form, value, problem.rational_risk(parameters))


critical_points = Theorem(
    key="zhou_2018.critical_points",
    title="Linear networks with one hidden layer: the form and the value of every critical point",
    statement=(
        r"Let $XX^T$ be invertible. If $(A_1, A_2)$ is a critical point of $\frac12\|A_2 A_1 X - Y\|^2$, the product is "
        r"$P\,YX^T(XX^T)^{-1}$ with a projector $P$ that commutes with $\Sigma = YX^T(XX^T)^{-1}XY^T$, and the value is "
        r"$\frac12(\mathrm{tr}\,YY^T - \sum_i p_i \sigma_i)$, $p_i$ the dimension that $P$ takes of the eigenspace of "
        r"$\sigma_i$."
    ),
    reference=ZHOU_2018,
    hypotheses=(
        LINEAR,
        ONE_HIDDEN_LAYER,
        SQUARED_LOSS,
        Hypothesis("rank X", "X Xᵀ is invertible", full_rank_inputs),
        CRITICAL,
    ),
    conclude=_conclude,
    without_example=(
        ("rank X", "the form of the critical points is stated with (X Xᵀ)⁻¹"),
        ("critical", ABOUT_CRITICAL_POINTS),
    ),
    remarks=(
        "The abstract was read; the form is Baldi and Hornik's Fact 3 with repeated eigenvalues allowed. That one-hidden-layer "
        "ReLU networks have local minima that are not global: see yun_2019.theorem_1."
    ),
)

_FORM = (
    r"with $M = A_h \cdots A_1$ and $P_k$ the projector onto the columns of $A_h \cdots A_{k+1}$, $P_h = I$: "
    r"$M XX^T = P_1 YX^T$ and $(P_k - P_1) YX^T (A_{k-1} \cdots A_1)^T = 0$ for $k = 2, \dots, h$"
)

deep_critical_points = Theorem(
    key="zhou_2018.deep_critical_points",
    title="Deep linear networks: a form of the critical points that is necessary and sufficient, and their values",
    statement=(
        r"A point $(A_1, \dots, A_h)$, $h \ge 2$, is a critical point of $\frac12\|A_h \cdots A_1 X - Y\|^2$ if and only if, "
        rf"{_FORM}. "
        r"The value is $\frac12(\mathrm{tr}\,YY^T - \mathrm{tr}\,M XY^T)$."
    ),
    reference=ZHOU_2018,
    hypotheses=(
        LINEAR,
        SOME_HIDDEN_LAYER,
        SQUARED_LOSS,
        PointHypothesis("point", "any point", lambda problem, parameters: (True, "any point", ()), setting=True),
    ),
    conclude=_conclude_form,
    remarks=(
        "Recalled: the paper writes the forms with singular vectors and free matrices. Here they are conditions on the factors, "
        "with rational projectors, and proved in proofs/linear_networks; X Xᵀ need not be invertible. At points that are not "
        "critical the form fails, and the answer names the layer."
    ),
)

relu_critical_points = Theorem(
    key="zhou_2018.relu_critical_points",
    title="One hidden ReLU layer: critical points where all active units see the same samples",
    statement=(
        r"Let the units $I$ of one hidden ReLU layer be active exactly on the samples $J$, the others on none, and none at its "
        rf"kink. The point is critical if and only if the factors of the units in $I$ have the form of a critical point on the "
        rf"samples in $J$: {_FORM}, $h = 2$. The value is $\frac12(\mathrm{{tr}}\,YY^T - \mathrm{{tr}}\,M X_J Y_J^T)$."
    ),
    reference=ZHOU_2018,
    hypotheses=(
        ONE_HIDDEN_LAYER,
        RELU,
        NO_BIASES,
        SQUARED_LOSS,
        PointHypothesis("cone", "all active units are active on the same samples, and none is at its kink", _in_a_cone),
    ),
    conclude=_conclude_relu,
    without_example=(("cone", "elsewhere the form, which is that of one linear network, is not stated"),),
    remarks="Recalled, and proved in proofs/linear_networks. Whether such a critical point is a local minimum, decide says.",
)
