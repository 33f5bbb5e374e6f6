"""Losses: convex functions ℓ(f, y) of a prediction, with exact values and subdifferentials."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, TypeAlias

from exactsurf.errors import InputError, nearest
from exactsurf.exact.number import Exact, exact, to_text


@dataclass(frozen=True)
class Loss:
    """A convex loss, summed over samples and outputs and multiplied by `scale`; divided by N if `averaged`.

    Attributes: `name` (``squared``, ``absolute``, ``huber`` or ``hinge``), `scale`, `averaged`, and `delta` for Huber's.
    ``squared`` is (f − y)², so `es.squared`, which is ½Σ(f−y)², has scale ½. ``hinge`` is max(0, 1 − y·f) for one output with
    labels −1 and 1; for several outputs, one a class, and one-hot targets it is Σ max(0, 1 + f_k − f_y) over the wrong
    classes k, y being the right one (see `Problem.loss_terms`).
    Exactness: exact. Source: theory.md, section 1; proofs/FORMAT.md, section 2.

    >>> squared.value(Fraction(3), Fraction(1)), squared.mean.total_scale(4)
    (Fraction(2, 1), Fraction(1, 8))
    """

    name: str
    scale: Fraction = Fraction(1)
    averaged: bool = False
    delta: Fraction | None = None

    @property
    def mean(self) -> Loss:
        """The same loss, divided by the number of samples."""
        return replace(self, averaged=True)

    def scaled(self, factor: Exact) -> Loss:
        """The same loss times a positive rational. ``squared.scaled(2).mean`` is the mean squared error."""
        value = exact(factor, "factor of a loss")
        if value <= 0:
            raise InputError("the factor of a loss must be positive", text=to_text(value))
        return replace(self, scale=self.scale * value)

    def total_scale(self, samples: int) -> Fraction:
        """What multiplies Σ ℓ for this number of samples."""
        return self.scale / samples if self.averaged else self.scale

    @property
    def is_smooth(self) -> bool:
        """Whether the loss is differentiable everywhere."""
        return self.name in ("squared", "huber")

    def value(self, f: Fraction, y: Fraction) -> Fraction:
        """scale · ℓ(f, y), without the division by N."""
        return self.scale * _VALUES[self.name](f, y, self.delta)

    def subdifferential(self, f: Fraction, y: Fraction) -> tuple[Fraction, Fraction]:
        """The interval ∂ℓ(f, y) times `scale`: its ends are the left and the right derivative in f."""
        low, high = _SUBDIFFERENTIALS[self.name](f, y, self.delta)
        return self.scale * low, self.scale * high

    def check_label(self, y: Fraction, sample: int) -> None:
        """Raise `InputError` where the hinge loss of one output is not defined: its labels are −1 and 1."""
        if self.name == "hinge" and abs(y) != 1:
            raise InputError(
                f"the hinge loss of one output needs labels −1 and 1; sample {sample} has another",
                text=to_text(y),
                fix="for several classes take one output for each, and one-hot targets",
            )

    def __repr__(self) -> str:
        text = f"huber({to_text(self.delta)!r})" if self.delta is not None else self.name
        default = Fraction(1, 2) if self.name == "squared" else Fraction(1)
        text += f".scaled({to_text(self.scale / default)!r})" if self.scale != default else ""
        return text + (".mean" if self.averaged else "")


def _huber(f: Fraction, y: Fraction, delta: Fraction | None) -> Fraction:
    u = abs(f - y)
    assert delta is not None
    return u * u / 2 if u <= delta else delta * u - delta * delta / 2


def _sign_interval(u: Fraction) -> tuple[Fraction, Fraction]:
    sign = Fraction((u > 0) - (u < 0))
    return (sign, sign) if u else (Fraction(-1), Fraction(1))


def _huber_slope(f: Fraction, y: Fraction, delta: Fraction | None) -> tuple[Fraction, Fraction]:
    assert delta is not None
    slope = max(-delta, min(delta, f - y))
    return slope, slope


def _hinge_slope(f: Fraction, y: Fraction, _: Fraction | None) -> tuple[Fraction, Fraction]:
    zero, slope = Fraction(0), -y
    if y * f > 1:
        return zero, zero
    return (slope, slope) if y * f < 1 else (min(zero, slope), max(zero, slope))


_Delta: TypeAlias = Fraction | None
_VALUES: dict[str, Callable[[Fraction, Fraction, _Delta], Fraction]] = {
    "squared": lambda f, y, _: (f - y) ** 2,
    "absolute": lambda f, y, _: abs(f - y),
    "huber": _huber,
    "hinge": lambda f, y, _: max(Fraction(0), 1 - y * f),
}
_SUBDIFFERENTIALS: dict[str, Callable[[Fraction, Fraction, _Delta], tuple[Fraction, Fraction]]] = {
    "squared": lambda f, y, _: (2 * (f - y), 2 * (f - y)),
    "absolute": lambda f, y, _: _sign_interval(f - y),
    "huber": _huber_slope,
    "hinge": _hinge_slope,
}

squared = Loss("squared", Fraction(1, 2))
absolute = Loss("absolute")
hinge = Loss("hinge")


def huber(delta: Exact = 1) -> Loss:
    """Huber's loss: u²/2 for |u| ≤ δ, δ|u| − δ²/2 beyond, u = f − y.

    Parameters: δ > 0. Exactness: exact. Raises: `InputError` if δ ≤ 0. Source: Huber 1964.

    >>> huber(1).value(Fraction(3), Fraction(0)), huber(1).subdifferential(Fraction(3), Fraction(0))
    (Fraction(5, 2), (Fraction(1, 1), Fraction(1, 1)))
    """
    value = exact(delta, "delta of the Huber loss")
    if value <= 0:
        raise InputError("delta of the Huber loss must be positive", text=to_text(value))
    return Loss("huber", delta=value)


NAMED = {"squared": squared, "absolute": absolute, "hinge": hinge, "huber": huber(1)}


def loss_from(value: Loss | str | dict[str, Any]) -> Loss:
    """A loss from its name or from its description in a problem file.

    Parameters: a `Loss`; a name (``squared`` is ½Σ(f−y)², ``absolute``, ``hinge``, ``huber``), with ``.mean`` behind it
    for the mean; or a dict ``{"name": …, "scale": …, "mean": true, "delta": …}`` where ``scale`` replaces the factor of ℓ.
    Exactness: exact. Raises: `InputError` naming the known losses. Source: proofs/FORMAT.md, section 2.

    >>> loss_from("squared.mean") == squared.mean, loss_from({"name": "squared", "scale": "1"}).scale
    (True, Fraction(1, 1))
    """
    if isinstance(value, Loss):
        return value
    if isinstance(value, str):
        name, _, suffix = value.partition(".")
        if name in NAMED and suffix in ("", "mean"):
            return NAMED[name].mean if suffix else NAMED[name]
        raise InputError("unknown loss", text=value, fix=f"{nearest(name, NAMED)}known: {', '.join(NAMED)}, each also with .mean")
    if isinstance(value, dict) and isinstance(value.get("name"), str):
        unknown = set(value) - {"name", "scale", "mean", "delta"}
        if unknown:
            raise InputError(f"unknown key {min(unknown)!r} in the loss", fix="known keys: name, scale, mean, delta")
        if "delta" in value and value["name"] != "huber":
            raise InputError("delta belongs to the loss huber only", text=value["name"])
        loss = huber(value["delta"]) if "delta" in value else loss_from(value["name"])
        if "scale" in value:
            scale = exact(value["scale"], "scale of the loss")
            if scale <= 0:
                raise InputError("the scale of a loss must be positive", text=to_text(scale))
            loss = replace(loss, scale=scale)
        mean = value.get("mean", loss.averaged)
        if not isinstance(mean, bool):
            raise InputError("mean is a truth value", text=repr(mean), fix='write "mean": true')
        return replace(loss, averaged=True) if mean or loss.averaged else loss
    raise InputError("not a loss", text=repr(value), fix='write a name or {"name": "squared", "scale": "1/2"}')
