"""The losses by name. A further one is one line of data here: its gap, its breakpoints and its pieces."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from exactsurf.errors import InputError, nearest
from exactsurf.exact.convex_pieces import ConvexPieces, convex_pieces
from exactsurf.exact.number import Exact, exact, to_text
from exactsurf.model.analytic_losses import analytic_loss, cross_entropy, exponential, log_cosh, logistic, loss, poisson, power
from exactsurf.model.loss import Gap, Loss
from exactsurf.model.smooth_expression import tree_of

_GAPS = ("difference", "margin", "lead")


def _loss(gap: Gap, breakpoints: Sequence[Exact], pieces: Sequence[Sequence[Exact]], name: str, **constants: Fraction) -> Loss:
    function = convex_pieces(breakpoints, pieces, f"the {name.replace('_', ' ')} loss")
    return Loss(gap, function, name, constants=tuple(constants.items()))


squared = replace(_loss("difference", [], [(1, 0, 0)], "squared"), scale=Fraction(1, 2))
absolute = _loss("difference", [0], [(0, -1, 0), (0, 1, 0)], "absolute")
hinge = _loss("margin", [1], [(0, -1, 1), (0, 0, 0)], "hinge")
squared_hinge = _loss("margin", [1], [(1, -2, 1), (0, 0, 0)], "squared_hinge")
smoothed_hinge = _loss("margin", [0, 1], [(0, -1, "1/2"), ("1/2", -1, "1/2"), (0, 0, 0)], "smoothed_hinge")
"""0 for u ≥ 1, (1 − u)²/2 for 0 ≤ u ≤ 1, ½ − u for u ≤ 0. Source: Rennie and Srebro 2005, "Loss functions for preference
levels"."""


def huber(delta: Exact = 1) -> Loss:
    """Huber's loss: u²/2 for |u| ≤ δ, δ|u| − δ²/2 beyond, u = f − y.

    Parameters: δ > 0. Exactness: exact. Raises: `InputError` if δ ≤ 0. Source: Huber 1964.

    >>> import exactsurf as es
    >>> es.huber(1).value(Fraction(3), Fraction(0)), es.huber(1).subdifferential(Fraction(3), Fraction(0))
    (Fraction(5, 2), (Fraction(1, 1), Fraction(1, 1)))
    """
    d = exact(delta, "delta of the Huber loss")
    if d <= 0:
        raise InputError("delta of the Huber loss must be positive", text=to_text(d))
    half = Fraction(1, 2)
    return _loss("difference", [-d, d], [(0, -d, -half * d * d), (half, 0, 0), (0, d, -half * d * d)], "huber", delta=d)


def quantile(tau: Exact) -> Loss:
    """The quantile (pinball) loss: (1 − τ)·u for u ≥ 0, −τ·u for u ≤ 0, u = f − y.

    A best constant is a τ-quantile of the targets. Parameters: 0 < τ < 1. Exactness: exact.
    Raises: `InputError` for another τ. Source: Koenker and Bassett 1978.

    >>> import exactsurf as es
    >>> es.quantile("1/3").value(Fraction(3), Fraction(0)), es.quantile("1/3").value(Fraction(-3), Fraction(0))
    (Fraction(2, 1), Fraction(1, 1))
    """
    t = exact(tau, "tau of the quantile loss")
    if not 0 < t < 1:
        raise InputError("tau of the quantile loss must lie between 0 and 1", text=to_text(t), fix="for the median take 1/2")
    return _loss("difference", [0], [(0, -t, 0), (0, 1 - t, 0)], "quantile", tau=t)


def epsilon_insensitive(epsilon: Exact) -> Loss:
    """The ε-insensitive loss of support vector regression: max(0, |f − y| − ε).

    Parameters: ε ≥ 0. Exactness: exact. Raises: `InputError` if ε < 0. Source: Vapnik 1995.

    >>> import exactsurf as es
    >>> tube = es.epsilon_insensitive("1/2")
    >>> tube.value(Fraction(2), Fraction(0)), tube.value(Fraction(0), Fraction(0))
    (Fraction(3, 2), Fraction(0, 1))
    """
    e = exact(epsilon, "epsilon of the ε-insensitive loss")
    if e < 0:
        raise InputError("epsilon of the ε-insensitive loss must not be negative", text=to_text(e))
    flat = [(Fraction(0), Fraction(0), Fraction(0))] if e else []
    points = [-e, e] if e else [e]
    return _loss("difference", points, [(0, -1, -e), *flat, (0, 1, -e)], "epsilon_insensitive", epsilon=e)


def piecewise_quadratic(gap: Gap, breakpoints: Sequence[Exact], pieces: Sequence[Sequence[Exact]]) -> Loss:
    """A loss of one's own: a convex, continuous, piecewise quadratic function of a gap.

    Parameters: `gap`, ``difference`` (u = f − y), ``margin`` (u = y·f, labels −1 and 1) or ``lead`` (u = f_k − f_c for every
    wrong class k, one-hot targets); `breakpoints` in rising order; `pieces`, one more, each (a, b, c) for a·u² + b·u + c.
    Exactness: exact. Raises: `InputError` saying where the function is not sorted, continuous or convex, or if it has no least
    value. Source: proofs/FORMAT.md, section 2.

    >>> import exactsurf as es
    >>> asymmetric = es.piecewise_quadratic("difference", [0], [[0, -1, 0], [1, 0, 0]])
    >>> asymmetric.value(Fraction(0), Fraction(3)), asymmetric.value(Fraction(3), Fraction(0))
    (Fraction(3, 1), Fraction(9, 1))
    """
    if gap not in _GAPS:
        raise InputError("unknown gap of a loss", text=repr(gap), fix=f"{nearest(str(gap), _GAPS)}known: {', '.join(_GAPS)}")
    function = convex_pieces(breakpoints, pieces)
    if gap == "difference" and not function.breakpoints and not any(function.pieces[0][1:]):
        return replace(squared, scale=function.pieces[0][0])
    return Loss(gap, function)


@dataclass(frozen=True)
class _Family:
    """A loss by its name: `build` takes the constant `constant`, whose text in a fix is `example`."""

    build: Callable[..., Loss]
    constant: str | None = None
    example: str = ""
    has_default: bool = True


FAMILIES = {
    "squared": _Family(lambda: squared),
    "absolute": _Family(lambda: absolute),
    "huber": _Family(huber, "delta", "1/2"),
    "hinge": _Family(lambda: hinge),
    "squared_hinge": _Family(lambda: squared_hinge),
    "smoothed_hinge": _Family(lambda: smoothed_hinge),
    "quantile": _Family(quantile, "tau", "1/3", has_default=False),
    "epsilon_insensitive": _Family(epsilon_insensitive, "epsilon", "1/10", has_default=False),
    "logistic": _Family(lambda: logistic),
    "cross_entropy": _Family(lambda: cross_entropy),
    "exponential": _Family(lambda: exponential),
    "log_cosh": _Family(lambda: log_cosh),
    "poisson": _Family(lambda: poisson),
    "power": _Family(power, "p", "4", has_default=False),
}
"""Every loss that has a name, for problem files and the command line."""

_PIECES = ("gap", "breakpoints", "pieces")
_TREE = ("gap", "tree")
_FORMS = (*_PIECES, "tree")
_CALL = re.compile(r"(?P<name>\w+)(?:\((?P<constant>[^()]*)\)|[:=](?P<behind>[^()]+?))?(?P<mean>\.mean)?")
_FORMULA = re.compile(r"\bf\b.*[-+*/(]|[-+*/(].*\bf\b")


def loss_from(value: Loss | str | dict[str, Any]) -> Loss:
    """A loss from its name or from its description in a problem file.

    Parameters: a `Loss`; a name with its constant if it has one (``squared``, which is ½Σ(f−y)², ``absolute``, ``huber(1/2)``
    or ``huber:1/2``, ``hinge``, ``squared_hinge``, ``smoothed_hinge``, ``quantile(1/3)``, ``epsilon_insensitive(1/10)``,
    ``logistic``, ``cross_entropy``, ``exponential``, ``log_cosh``, ``poisson``, ``power(4)``), with ``.mean`` behind it for the
    mean; an expression in f and y, as `loss` takes it; or a dict ``{"name": …, "scale": …, "mean": true, "delta": …}``
    (``tau``, ``epsilon``, ``p`` for those losses) where ``scale`` replaces the factor of ℓ; or, with ``scale`` and ``mean``,
    ``{"expression": …}`` or ``{"gap": …, "breakpoints": […], "pieces": [[a, b, c], …]}``.
    Exactness: exact. Raises: `InputError` naming the known losses. Source: proofs/FORMAT.md, sections 2, 14 and 15.

    >>> import exactsurf as es
    >>> loss_from("squared.mean") == es.squared.mean, loss_from({"name": "squared", "scale": "1"}).scale
    (True, Fraction(1, 1))
    """
    if isinstance(value, Loss):
        return value
    if isinstance(value, str):
        call = _CALL.fullmatch(value)
        if call is None and _FORMULA.search(value):
            return loss(value)
        if call is None or call["name"] not in FAMILIES:
            raise _unknown(value, call["name"] if call else value.partition(".")[0])
        found = _of_family(call["name"], call["behind"] if call["constant"] is None else call["constant"])
        return found.mean if call["mean"] else found
    if isinstance(value, dict) and sum(any(key in value for key in keys) for keys in (("name",), _FORMS, ("expression",))) == 1:
        return _from_dict(value)
    raise InputError(
        "not a loss",
        text=repr(value),
        fix='write a name or {"name": "squared", "scale": "1/2"}, or {"gap": …, "breakpoints": […], "pieces": […]} with no name',
    )


NAMES_OF_FORMAT_1 = ("squared", "absolute", "huber", "hinge")
"""The losses that certificates of the first format know."""

_MSE = (
    'the mean of (f − y)² is {"name": "squared", "scale": "1", "mean": true} (in Python es.squared.scaled(2).mean); '
    "squared.mean is half of it"
)

__all__ = [
    "absolute",
    "cross_entropy",
    "epsilon_insensitive",
    "exponential",
    "hinge",
    "huber",
    "log_cosh",
    "logistic",
    "loss",
    "piecewise_quadratic",
    "poisson",
    "power",
    "quantile",
    "smoothed_hinge",
    "squared",
    "squared_hinge",
]
_MAE = "the mean of |f − y| is absolute.mean"
_CE = "PyTorch's CrossEntropyLoss is cross_entropy.mean: for one output a class, with one-hot targets or class indices"
_BCE = "PyTorch's BCEWithLogitsLoss is logistic.mean: for one output with labels 0 and 1, or −1 and 1"
_MEANT = {"mse": _MSE, "mean_squared_error": _MSE, "mseloss": _MSE, "mae": _MAE, "mean_absolute_error": _MAE, "l1loss": _MAE}
_MEANT |= dict.fromkeys(("crossentropy", "crossentropyloss", "softmax", "nll"), _CE)
_MEANT |= dict.fromkeys(("bce", "bceloss", "bcewithlogitsloss", "log_loss", "binary_cross_entropy"), _BCE)
_MEANT |= {"l1": "the sum of |f − y| is absolute", "l2": "half the sum of (f − y)² is squared"}


def _unknown(text: str, name: str) -> InputError:
    if text.lower() in _MEANT:
        return InputError("unknown loss", text=text, fix=_MEANT[text.lower()])
    return InputError(
        "unknown loss", text=text, fix=f"{nearest(name, FAMILIES)}known: {', '.join(FAMILIES)}, each also with .mean"
    )


def _of_family(name: str, constant: Any) -> Loss:
    family = FAMILIES[name]
    if constant is None:
        if not family.has_default:
            raise InputError(
                f"the loss {name} needs {family.constant}",
                fix=f'write {name}({family.example}), or {{"name": "{name}", "{family.constant}": "{family.example}"}}',
            )
        return family.build()
    if family.constant is None:
        raise InputError(f"the loss {name} has no constant", text=str(constant), fix=f"write {name}")
    return family.build(constant)


def _from_dict(value: dict[str, Any]) -> Loss:
    own = ("name",) if "name" in value else ("expression",) if "expression" in value else _TREE if "tree" in value else _PIECES
    constants = [family.constant for family in FAMILIES.values() if family.constant] if "name" in value else []
    known = (*own, "scale", "mean", *constants)
    unknown = set(value) - set(known)
    if unknown:
        wrong = min(map(str, unknown))
        raise InputError(f"unknown key {wrong!r} in the loss", fix=f"{nearest(wrong, known)}known keys: {', '.join(known)}")
    if "name" in value:
        name = value["name"]
        if not isinstance(name, str):
            raise InputError("the name of a loss is a text", text=repr(name), fix='write for example "name": "squared"')
        if name not in FAMILIES and not name.endswith(".mean"):
            raise _unknown(name, name)
        base, mean = name.removesuffix(".mean"), name.endswith(".mean")
        if base not in FAMILIES:
            raise _unknown(name, base)
        for constant in constants:
            if constant in value and constant != FAMILIES[base].constant:
                owner = next(key for key, family in FAMILIES.items() if family.constant == constant)
                raise InputError(f"{constant} belongs to the loss {owner} only", text=name)
        found = _of_family(base, value.get(FAMILIES[base].constant or ""))
    else:
        missing = [key for key in own if key not in value]
        if missing:
            raise InputError(f"missing key {missing[0]!r} in the loss", fix=f"needed keys: {', '.join(own)}")
        found, mean = _without_name(value), False
    if "scale" in value:
        scale = exact(value["scale"], "scale of the loss")
        if scale <= 0:
            raise InputError("the scale of a loss must be positive", text=to_text(scale))
        found = replace(found, scale=scale if "name" in value else found.scale * scale)
    flag = value.get("mean", mean)
    if not isinstance(flag, bool):
        raise InputError("mean is a truth value", text=repr(flag), fix='write "mean": true')
    return found.mean if flag or mean else found


def _without_name(value: dict[str, Any]) -> Loss:
    if "expression" in value:
        return loss(value["expression"])
    if "tree" in value:
        return analytic_loss(value["gap"], tree_of(value["tree"]))
    return piecewise_quadratic(value["gap"], value["breakpoints"], value["pieces"])


def named_multiple(loss: Loss, names: Container[str] = NAMES_OF_FORMAT_1) -> tuple[Loss, Fraction] | None:
    """A loss given by pieces that has a name, and the factor with which φ is a multiple of its φ; None if there is none.

    Parameters: `loss`, whose scale is left out; `names` that are looked for. Returns: a loss of labels has the gap ``margin``,
    also where leads were given. Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 2.

    >>> named_multiple(quantile("1/2")), named_multiple(quantile("1/3"))
    ((absolute, Fraction(1, 2)), None)
    >>> named_multiple(quantile("1/3"), FAMILIES)
    (quantile('1/3'), Fraction(1, 1))
    """
    if not loss.is_piecewise_quadratic:
        return None
    given = loss.function.of_affine(Fraction(-1), Fraction(0)) if loss.gap == "lead" else loss.function
    for candidate in _candidates(given):
        if candidate.name in names and candidate.is_of_labels == loss.is_of_labels:
            factor = Fraction(1) if given is candidate.function else given.multiple_of(candidate.function)
            if factor is not None:
                return candidate, factor
    return None


def _candidates(given: ConvexPieces) -> Iterator[Loss]:
    """The losses with names of which φ may be a multiple, by its breakpoints and slopes."""
    yield from (squared, absolute, hinge, squared_hinge, smoothed_hinge)
    last = max(given.breakpoints, default=Fraction(0))
    if last > 0:
        yield from (huber(last), epsilon_insensitive(last))
    if given.is_piecewise_linear and len(given.pieces) == 2:
        (_, low, _), (_, high, _) = given.pieces
        if low < 0 < high:
            yield quantile(-low / (high - low))
