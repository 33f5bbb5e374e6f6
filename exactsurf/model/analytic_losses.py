"""The losses that are expressions, by name, and by an expression of one's own."""

from __future__ import annotations

from exactsurf.errors import InputError
from exactsurf.exact.number import Exact, exact, to_text
from exactsurf.model.loss import Gap, Loss
from exactsurf.model.loss_expression import bound
from exactsurf.model.smooth_expression import MAX_POWER, Tree, infix, read_expression

_PAIR = ("f", "y")

logistic = Loss("margin", ("softplus", ("-", "u")), "logistic")
"""log(1 + e^−u), u = y·f, labels −1 and 1; labels 0 and 1 are taken as these, as PyTorch's BCEWithLogitsLoss has them."""
exponential = Loss("margin", ("exp", ("-", "u")), "exponential")
"""e^−u, u = y·f: the loss of AdaBoost."""
log_cosh = Loss("difference", read_expression("log((exp(u) + exp(-u))/2)", ("u",)), "log_cosh")
"""log cosh(f − y): near u²/2 at 0, near |u| − log 2 far away."""
poisson = Loss("prediction", read_expression("exp(f) - y*f", _PAIR), "poisson")
"""e^f − y·f: minus the logarithm of the likelihood of counts y with mean e^f, but for log y!; PyTorch's PoissonNLLLoss."""
cross_entropy = Loss("classes", "u", "cross_entropy")
"""log Σ_k e^{f_k} − Σ_k y_k f_k: PyTorch's CrossEntropyLoss. Targets are one-hot, the index of a class, or add up to 1; with one
output and two labels it is `logistic`."""


def power(p: Exact) -> Loss:
    """The loss (f − y)^p.

    Parameters: `p`, an even integer from 4 to 64; for 2 there is `squared`. Exactness: exact. Raises: `InputError` for another p.
    Source: proofs/FORMAT.md, section 15.

    >>> import exactsurf as es
    >>> from fractions import Fraction
    >>> es.losses.power(4).jet(Fraction(3), Fraction(1))
    (Ball(16), Ball(32), Ball(48))
    """
    n = exact(p, "p of the power loss")
    if n.denominator != 1 or n % 2 or not 4 <= n <= MAX_POWER:
        fix = "for 2 take squared, for 1 absolute" if n in (1, 2) else ""
        raise InputError(f"p of the power loss must be an even integer from 4 to {MAX_POWER}", text=to_text(n), fix=fix)
    return Loss("difference", ("power", "u", int(n)), "power", constants=(("p", n),))


def loss(expression: object) -> Loss:
    """A differentiable loss of one's own: an expression in the prediction f and the target y.

    The expression is built as those of `smooth_activation`: rational numbers, ``+ - * /``, integer powers ``**``, ``exp``,
    ``log``, ``tanh``, ``arctan``, ``sigmoid``, ``softplus``. It need not be convex; whoever needs that it is asks for a proof.

    Parameters: `expression`, a text, or a SymPy expression in the symbols f and y. Exactness: values are enclosed, rational ones
    exact. Raises: `InputError` naming what is not understood. Source: proofs/FORMAT.md, section 15.

    >>> import exactsurf as es
    >>> from fractions import Fraction
    >>> es.loss("log(1 + (f - y)**2)").jet(Fraction(1), Fraction(0))[1:]
    (Ball(1), Ball(0))
    >>> es.loss("exp(f) - y*f").is_convex
    True
    """
    tree = read_expression(expression, _PAIR)
    if not _names(tree) & {"f"}:
        raise InputError("a loss is an expression in which the prediction f stands", text=infix(tree))
    return Loss("prediction", tree, "loss")


def _names(tree: Tree) -> set[str]:
    if isinstance(tree, tuple):
        return {name for part in tree[1:] if not isinstance(part, int) for name in _names(part)}
    return {tree} if isinstance(tree, str) else set()


def analytic_loss(gap: Gap, tree: Tree) -> Loss:
    """The loss of a certificate, by its name if it has one; the others become expressions in f and y.

    Parameters: `gap` and `tree`, as of `Loss`. Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 15.

    >>> analytic_loss("margin", ("softplus", ("-", "u"))), analytic_loss("difference", ("power", "u", 4))
    (logistic, power('4'))
    >>> analytic_loss("margin", ("exp", ("+", "u", "u")))
    loss('exp(y*f + y*f)')
    """
    for known in (logistic, exponential, log_cosh, poisson, cross_entropy):
        if (known.gap, known.shape) == (gap, tree):
            return known
    if gap == "difference" and isinstance(tree, tuple) and tree[:2] == ("power", "u") and tree[2] % 2 == 0 and tree[2] > 2:
        return power(int(tree[2]))
    gaps: dict[str, Tree] = {"difference": ("+", "f", ("-", "y")), "margin": ("*", "y", "f")}
    return Loss("prediction", bound(tree, {"u": gaps[gap]} if gap in gaps else {}), "loss")
