"""A training problem whose parameters are restricted to an affine subspace."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, NoReturn

from exactsurf import display
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.exact.balls import BITS, Ball
from exactsurf.exact.linear_algebra import Vector
from exactsurf.model.data import Data
from exactsurf.model.loss import Loss
from exactsurf.model.losses import squared
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restriction import Restriction

if TYPE_CHECKING:
    from exactsurf.display import RestrictedCell

RESTRICTED_VERBS = (
    "es.decide, es.stationarity, es.polish, es.find_critical_box, problem.cell and es.landscape know restricted problems; "
    "problem.unrestricted is the problem in which all parameters are free"
)


@dataclass(frozen=True, init=False)
class RestrictedProblem:
    """The problem of minimising the risk of a network over the free parameters u of a restriction θ(u) only.

    Parameters: `restriction`, with its network; `data`, `loss` and the others as those of `Problem`. With `weight_decay` λ the
    risk has the term (λ/2) Σ w² over the weights w of θ(u) (and the biases with `decay_biases`), fixed and shared ones included.
    Points are `Parameters` of the network that obey the restriction, as `parameters` builds them. It is not a `Problem`: what
    does not know restrictions refuses it. `unrestricted` is the problem in which all parameters are free.
    Exactness: exact. Raises: as `Problem`. Source: proofs/FORMAT.md, section 44.

    >>> import exactsurf as es
    >>> filter = es.convolution(4, [2], strides=2, head=[1, 1])
    >>> problem = es.RestrictedProblem(filter, es.Data.from_arrays([[1, 0, 0, 1], [0, 1, 1, 0]], [2, 2]))
    >>> problem.risk(problem.parameters(w1_0=1, w1_1=1)), es.decide(problem, problem.parameters(w1_0=1, w1_1=1)).status
    (Fraction(0, 1), <Status.PROVED: 'PROVED'>)
    """

    restriction: Restriction
    unrestricted: Problem

    def __init__(
        self,
        restriction: Restriction,
        data: Data,
        loss: Loss | str | dict[str, Any] = squared,
        *,
        sample_weight: Any = None,
        class_weight: Any = None,
        weight_decay: Any = None,
        decay_biases: bool = False,
    ) -> None:
        if not isinstance(restriction, Restriction):
            fix = "es.restriction(network, W2=[[1, 1]]) builds one"
            raise InputError("a restricted problem needs a Restriction", text=repr(restriction), fix=fix)
        weights = {"sample_weight": sample_weight, "class_weight": class_weight}
        problem = Problem(restriction.network, data, loss, **weights, weight_decay=weight_decay, decay_biases=decay_biases)
        object.__setattr__(self, "restriction", restriction)
        object.__setattr__(self, "unrestricted", problem)

    @classmethod
    def of(cls, restriction: Restriction, problem: Problem) -> RestrictedProblem:
        """A problem of the same network, whose parameters were free, restricted."""
        if problem.network != restriction.network:
            fix = f"build one of {problem.network!r}"
            raise InputError("the restriction is one of another network", text=repr(restriction), fix=fix)
        decay = problem.decay
        if decay is None:
            return cls(restriction, problem.data, problem.loss)
        return cls(restriction, problem.data, problem.loss, weight_decay=decay.factor, decay_biases=decay.biases)

    def parameters(self, /, **named: Any) -> Parameters:
        """Parameters from values of the free ones; see `Restriction.parameters`."""
        return self.restriction.parameters(**named)

    def values(self, parameters: Parameters) -> Vector:
        """The values of the free parameters; raises `InputError` where `parameters` do not obey the restriction."""
        return self.restriction.values(parameters)

    def risk(self, parameters: Parameters, *, bits: int = BITS) -> Fraction | Ball:
        """L(θ) at parameters that obey the restriction; see `Problem.risk`. Raises: `InputError` if they do not."""
        self.restriction.values(parameters)
        return self.unrestricted.risk(parameters, bits=bits)

    def cell(self, parameters: Parameters, *, side: Parameters | Literal["left", "right"] | None = None) -> RestrictedCell:
        """The cell of `parameters`, with outputs and risk as polynomials in the free parameters; see `restricted_cell_of`.

        >>> import exactsurf as es
        >>> problem = es.RestrictedProblem(es.diagonal(1, shared=True), es.Data.from_arrays([1], [2]))
        >>> problem.cell(problem.parameters(w_0=1)).risk
        Polynomial(1/2*w_0^4 - 2*w_0^2 + 2)
        """
        return display.restricted_cell(self, parameters, side)

    def __getattr__(self, name: str) -> NoReturn:
        if not name.startswith("_") and (name in Problem.__dataclass_fields__ or hasattr(Problem, name)):
            raise UnsupportedError(f"this is not known for restricted problems, and {self!r} is one", RESTRICTED_VERBS)
        raise AttributeError(f"a restricted problem has no attribute {name!r}", name=name, obj=self)

    def __repr__(self) -> str:
        inner = self.unrestricted
        decay = "" if inner.decay is None else f", {inner.decay!r}"
        return f"RestrictedProblem({self.restriction!r}, {inner.data!r}, {inner.loss!r}{decay})"
