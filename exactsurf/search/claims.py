"""Claims: statements about loss surfaces that are decided on one instance after another, and may fail on some.

A claim is a function of a problem, or of a problem and a point, that answers `holds`, `fails` or `undecided`.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeAlias

from exactsurf import display
from exactsurf.certificate.encoding import CertificateDocument
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.model.activation import relu
from exactsurf.model.loss import Loss
from exactsurf.model.losses import loss_from, squared
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem


@dataclass(frozen=True)
class Answer:
    """What a claim says of one instance: a `verdict` (PROVED: the claim holds here, REFUTED: it fails here, UNDECIDED).

    `witness`, the points that show the failure; `certificates`, accepted by the verifier, about these points.
    Exactness: that of the claim. Source: `holds`, `fails` and `undecided` build one.
    """

    verdict: Verdict
    witness: tuple[Parameters, ...] = ()
    certificates: tuple[CertificateDocument, ...] = ()

    @property
    def status(self) -> Status:
        """The status of the verdict."""
        return self.verdict.status


def holds(reason: str) -> Answer:
    """The claim holds on this instance, proved.

    Parameters: `reason` in words. Exactness: that of the claim. Raises: nothing. Source: docs/guide/theorems.md.

    >>> import exactsurf as es
    >>> es.holds("so").verdict
    Verdict(PROVED: so)
    """
    return Answer(Verdict(Status.PROVED, reason))


def fails(reason: str, *witness: Parameters, certificates: Sequence[CertificateDocument] = ()) -> Answer:
    """The claim fails on this instance, proved.

    Parameters: `reason` in words; `witness`, the points that show it; `certificates` about them. Where none are given, a search
    certifies the local minima among the witnesses, as spurious where another witness is lower.
    Exactness: that of the claim. Raises: nothing. Source: docs/guide/theorems.md.

    >>> import exactsurf as es
    >>> es.fails("so").verdict
    Verdict(REFUTED: so)
    """
    certificate = certificates[0] if certificates else None
    return Answer(Verdict(Status.REFUTED, reason, certificate), witness, tuple(certificates))


def undecided(reason: str) -> Answer:
    """It is not decided whether the claim holds on this instance.

    Parameters: `reason` in words. Exactness: that of the claim. Raises: nothing. Source: docs/guide/theorems.md.

    >>> import exactsurf as es
    >>> es.undecided("so").verdict
    Verdict(UNDECIDED: so)
    """
    return Answer(Verdict(Status.UNDECIDED, reason))


Decide: TypeAlias = Callable[..., Answer | Verdict]


@dataclass(frozen=True)
class Claim:
    """A statement about all problems, or about all points of all problems, in a family of networks and losses.

    Attributes: `key`; `statement`; `decide`, called with a problem (and a point, if `is_about_a_point`); `networks` and
    `losses`, where a search looks unless told otherwise; `is_symmetric`: reordering samples, inputs, outputs or units and
    changing the sign of an input or an output on all samples never changes the answer, so a search may leave out images;
    `applies`, a quick test of a problem that a search asks first; `source`, a Python expression for the claim.
    Build one with `claim` or `claim_of`. Exactness: that of `decide`. Source: whoever states it.
    """

    key: str
    statement: str
    decide: Decide
    is_about_a_point: bool
    networks: tuple[Network, ...]
    losses: tuple[Loss, ...] = (squared,)
    is_symmetric: bool = True
    applies: Callable[[Problem], bool] | None = None
    source: str = ""

    def check(self, problem: Problem, parameters: Parameters | None = None) -> Answer:
        """The answer on one instance; what is too large or of another kind is undecided.

        Parameters: `parameters` for a claim about a point, and only then. Exactness: that of `decide`.
        Raises: `InputError` if a point is missing, or given and not asked for; `ShapeError`. Source: the claim.
        """
        if self.is_about_a_point != (parameters is not None):
            wanted = "a point" if self.is_about_a_point else "a problem, not a point"
            raise InputError(f"the claim {self.key!r} is about {wanted}", text=repr(parameters))
        if parameters is not None:
            problem.check_shapes(parameters)
        try:
            found = self.decide(problem) if parameters is None else self.decide(problem, parameters)
        except UnsupportedError as error:
            return undecided(str(error))
        if isinstance(found, Answer):
            return found
        points = (parameters, found.lower_point) if found.status is Status.REFUTED else ()
        certificates = () if found.certificate is None else (found.certificate,)
        return Answer(found, tuple(point for point in points if point is not None), certificates)

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Pickled by its key or its home: the decorator `claim` puts it in the place of its function, which no name leads to."""
        if display.ready_claim(self.key) is self:
            return display.ready_claim, (self.key,)
        home = (getattr(self.decide, "__module__", ""), getattr(self.decide, "__qualname__", ""))
        return (_claim_at, home) if _claim_at(*home) is self else super().__reduce__()

    def __repr__(self) -> str:
        return f"Claim({self.key!r}: {self.statement})"


def _claim_at(module: str, name: str) -> object:
    """What stands at a name of a module, None if nothing does."""
    found: object = import_module(module) if module else None
    for part in name.split("."):
        found = getattr(found, part, None)
    return found


def claim(
    statement: str,
    *,
    networks: Sequence[Network] | None = None,
    losses: Sequence[Loss | str] = (squared,),
    is_symmetric: bool = True,
    key: str = "",
    source: str = "",
) -> Callable[[Decide], Claim]:
    """The decorator that makes a claim of a function.

    Parameters: `statement` in words; `networks` and `losses` to search by default (networks: small ReLU networks with one
    hidden layer and one output); `is_symmetric`, see `Claim`: say False if the answer depends on signs or on order; `key`, by
    default the name of the function. The function takes a problem, or a problem and a point, and returns `holds(reason)`,
    `fails(reason, point, …)`, `undecided(reason)` or a `Verdict`. It must decide exactly.
    Exactness: that of the function. Raises: `InputError` if the function takes neither one nor two arguments.
    Source: docs/guide/theorems.md, "A claim of your own".

    >>> import exactsurf as es
    >>> @es.claim("the lowest risk of one hidden unit is that of the affine fit", networks=[es.Network([1, 1, 1])])
    ... def a_unit_is_no_better(problem):
    ...     best = es.landscape(problem).global_minimum
    ...     affine = sum(r.dot(r) for r in problem.data.affine_fit.residuals) / 2
    ...     if best.risk < affine:
    ...         return es.fails(f"the lowest risk is {best.risk}, that of the affine fit {affine}", best.parameters)
    ...     return es.holds("no lower")
    >>> found = es.find_counterexample(a_unit_is_no_better, samples=4).found
    >>> len(found.problem.data), found.verdict.reason
    (3, 'the lowest risk is 0, that of the affine fit 1/12')
    """

    def build(decide: Decide) -> Claim:
        count = len(inspect.signature(decide).parameters)
        if count not in (1, 2):
            raise InputError("a claim is a function of a problem, or of a problem and a point", text=repr(decide))
        chosen = SMALL_NETWORKS if networks is None else tuple(networks)
        name = key or getattr(decide, "__name__", "claim")
        return Claim(
            name, statement, decide, count == 2, chosen, tuple(map(loss_from, losses)), is_symmetric, source=source or name
        )

    return build


def _small_networks() -> tuple[Network, ...]:
    found = []
    for inputs in (1, 2):
        for units in (1, 2, 3):
            for biases in ([False, False], [True, False], [True, True]):
                found.append(Network([inputs, units, 1], relu, biases=biases))
    return tuple(found)


SMALL_NETWORKS = _small_networks()
"""ReLU networks with one hidden layer of at most three units, at most two inputs and one output."""
