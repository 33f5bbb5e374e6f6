"""A training problem: network, data and loss. The risk is its objective."""

from __future__ import annotations

from dataclasses import dataclass, fields
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from exactsurf import display
from exactsurf.errors import InputError, ShapeError, UnsupportedError
from exactsurf.exact.balls import BITS, Ball
from exactsurf.exact.convex_pieces import ConvexPieces
from exactsurf.exact.linear_algebra import Matrix, Vector
from exactsurf.exact.scaled_vector import ScaledVector
from exactsurf.model.class_margins import from_wrong_classes, lead_of_wrong_classes, right_outputs
from exactsurf.model.data import Data
from exactsurf.model.enclosed_risk import known_risk, risk_ball
from exactsurf.model.forward import ForwardPass, forward_pass
from exactsurf.model.input_lines import InputLine, input_lines
from exactsurf.model.label_targets import fitted_to_labels
from exactsurf.model.loss import Loss
from exactsurf.model.losses import loss_from, named_multiple, squared
from exactsurf.model.network import Network
from exactsurf.model.parameters import Parameters, check_parameters, parameters_from
from exactsurf.model.sample_weights import class_weights, product_of_weights, weights_from
from exactsurf.model.weight_decay import WeightDecay, weight_decay_from

if TYPE_CHECKING:
    from exactsurf.display import Cell


@dataclass(frozen=True, init=False)
class Problem:
    """The problem of minimising the risk L(θ) = Σ_i ω_i ℓ(f_θ(x_i), y_i) over the parameters θ of a network.

    Parameters: `network`; `data`; `loss`, a `Loss` or a name (`squared`, the default, is ½Σ(f−y)²); `sample_weight`, N
    positive numbers, and `class_weight`, ``"balanced"`` or ``{label: weight}``, multiply the weights ω of the data, which then
    are those of `problem.data`; `weight_decay`, λ > 0, adds (λ/2)·Σ w² over all weights, with `decay_biases` over all biases too
    (see `WeightDecay`); then `decide` answers for one hidden layer and one output, `polish` and `find_critical_box` for any
    network, and what has no answer raises.
    Exactness: exact, or enclosed where the activation is smooth. Raises: `ShapeError` if the data do not fit the network,
    `InputError` if the loss does not fit the labels or a weight is not positive.
    Source: theory.md, sections 1 and 7; scikit-learn for the words.

    >>> import exactsurf as es
    >>> problem = es.Problem(es.Network([1, 2, 1]), es.Data.from_arrays([[0], [1], [2], [3]], [0, 1, 0, 2]))
    >>> problem
    Problem(Network(1-2-1, relu), Data(4 samples, 1 input, 1 target), squared)
    >>> problem.risk(problem.parameters(W1=[["1/2"], [0]], b1=[1, 1], W2=[[1, 0]], b2=[-1]))
    Fraction(3, 4)

    With a smooth activation the risk is a rational number where it is known to be one, and else enclosed in a `Ball`:

    >>> curved = es.Problem(es.Network([1, 1, 1], "tanh"), es.Data.from_arrays([0, 1], [0, 1]))
    >>> curved.risk(curved.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0]))
    Ball(≈ 0.0284186732372 ± 8.61e-40)
    >>> curved.risk(curved.parameters(W1=[[1]], b1=[0], W2=[[0]], b2=[0]))
    Fraction(1, 2)
    """

    network: Network
    data: Data
    loss: Loss
    decay: WeightDecay | None

    def __init__(
        self,
        network: Network,
        data: Data,
        loss: Loss | str | dict[str, Any] = squared,
        *,
        sample_weight: Any = None,
        class_weight: Any = None,
        weight_decay: Any = None,
        decay_biases: bool = False,
    ) -> None:
        for what, wanted, given in (("network", Network, network), ("data", Data, data)):
            if not isinstance(given, wanted):
                raise InputError(f"the {what} of a problem must be a {wanted.__name__}", text=repr(given))
        chosen, data = fitted_to_labels(loss_from(loss), network.widths[-1], data)
        for what, option, width, got in (
            ("inputs", "inputs", network.widths[0], data.inputs.columns),
            ("targets", "target", network.widths[-1], data.targets.columns),
        ):
            if width != got:
                fix = f"{option}= of Data.from_csv, in a terminal --{option}, chooses columns by name" if data.report else ""
                shapes = (data.inputs.rows, width), (data.inputs.rows, got)
                raise ShapeError(f"the table of {what} (columns) for {network!r}", *shapes, fix)
        weights = product_of_weights(data.weights, weights_from(sample_weight, len(data), "sample_weight"))
        if class_weight is not None:
            weights = product_of_weights(weights, class_weights(class_weight, data.y, weights))
        decay = weight_decay_from(weight_decay, decay_biases)
        object.__setattr__(self, "network", network)
        object.__setattr__(self, "data", data if weights == data.weights else data.weighted(weights))
        object.__setattr__(self, "loss", chosen)
        object.__setattr__(self, "decay", decay)
        if chosen.is_of_labels and not chosen.is_of_classes and self.right_outputs is None:
            chosen.check_one_output()
            for sample, (label,) in enumerate(data.targets):
                chosen.check_label(label, sample)

    @cached_property
    def right_outputs(self) -> tuple[int, ...] | None:
        """For losses of labels with several outputs the output of every sample's class, else None."""
        several = self.loss.is_of_labels and not self.loss.is_of_classes and self.network.widths[-1] > 1
        return right_outputs(self.data.y, self.loss.title) if several else None

    @cached_property
    def shares(self) -> Vector:
        """What multiplies scale · ℓ of every sample: its weight, divided by the sum of all if the loss is a mean."""
        self.check_no_decay()
        weights = self.data.weights or (Fraction(1),) * len(self.data)
        total = self.data.total_weight if self.loss.averaged else Fraction(1)
        return tuple(weight / total for weight in weights)

    @cached_property
    def without_decay(self) -> Problem:
        """The problem without its weight decay; itself if it has none."""
        return self if self.decay is None else Problem(self.network, self.data, self.loss)

    def with_decay(self, decay: WeightDecay | None) -> Problem:
        """The problem, which has none, with this weight decay."""
        if decay is None:
            return self
        return Problem(self.network, self.data, self.loss, weight_decay=decay.factor, decay_biases=decay.biases)

    def penalty(self, parameters: Parameters) -> Fraction:
        """What weight decay adds to the risk: (factor/2) Σ w² over the penalised entries."""
        return Fraction(0) if self.decay is None else self.decay.value(parameters)

    def check_no_decay(self) -> None:
        """Raise `UnsupportedError` if there is weight decay: for everybody whose answer would forget it."""
        if self.decay is not None:
            raise UnsupportedError(
                "this is not known for risks with weight decay",
                "es.decide and problem.risk know weight decay; problem.without_decay is the problem without it",
            )

    @property
    def has_equal_weights(self) -> bool:
        """Whether all samples weigh the same."""
        return len(set(self.data.weights or ())) < 2

    @property
    def common_scale(self) -> Fraction:
        """What multiplies Σ ℓ if all samples weigh the same; raises `UnsupportedError` if they do not."""
        if not self.has_equal_weights:
            raise UnsupportedError("this needs samples of equal weights", "leave the weights out, or repeat samples")
        return self.loss.scale * self.shares[0]

    @property
    def loss_in_words(self) -> str:
        """The name of the loss, and whether samples have different weights."""
        return f"{self.loss.title} loss{'' if self.has_equal_weights else ' with samples of different weights'}"

    @property
    def is_least_squares(self) -> bool:
        """Whether the risk is Σ(f − y)² over all samples and outputs, up to a factor: squared loss and equal weights."""
        return self.decay is None and self.loss.is_squared and self.has_equal_weights

    @cached_property
    def as_named_loss(self) -> tuple[Loss, Fraction] | None:
        """The squared, absolute, Huber or hinge loss of which the risk adds up a multiple, and the factor; None if there is none.

        Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 2.
        """
        found = None if self.decay is not None or not self.has_equal_weights else named_multiple(self.loss)
        return None if found is None else (found[0], found[1] * self.common_scale)

    def term_function(self, sample: int, term: int) -> ConvexPieces:
        """The convex function of which a number of `loss_terms` adds the value to the risk, with scale and weight.

        Exactness: exact. Raises: nothing. Source: theory.md, section 1.
        """
        found = self._term_functions.get((sample, term))
        if found is None:
            target = self.data.y[sample][term] if self.right_outputs is None else Fraction(-1)
            found = self._term_functions[sample, term] = self.loss.of_prediction(target).scaled(self.shares[sample])
        return found

    def terms_at(self, outputs: tuple[ScaledVector, ...]) -> list[list[tuple[ConvexPieces, Fraction]]]:
        """By term and sample, every number of `loss_terms` with its `term_function`; the zero function for right classes.

        Exactness: exact.
        """
        zero = Fraction(0)
        nothing = ConvexPieces((), ((zero, zero, zero),))
        return [
            [
                (self.term_function(i, k) if self.term_outputs(i, k) else nothing, value)
                for i, value in enumerate(vector.fractions())
            ]
            for k, vector in enumerate(self.loss_terms(outputs))
        ]

    @cached_property
    def input_lines(self) -> tuple[InputLine | None, ...]:
        """For every sample the line through 0 that x̃_i spans, with the bias of layer 1; None where x̃_i = 0.

        Exactness: exact. Raises: nothing. Source: proofs/FORMAT.md, section 4.2 (hyperplanes).
        """
        return input_lines(self.data.inputs, has_one=self.network.biases[0])

    @cached_property
    def _term_functions(self) -> dict[tuple[int, int], ConvexPieces]:
        return {}

    def __getstate__(self) -> dict[str, Any]:
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def parameters(self, **named: Any) -> Parameters:
        """Exact parameters from ``W1=…, b1=…, …``; see `parameters_from` for shapes and errors.

        >>> import exactsurf as es
        >>> problem = es.Problem(es.Network([1, 1]), es.Data.from_arrays([[0], [1]], [0, 1]))
        >>> problem.parameters(W1=[["0.5"]], b1=[0])
        Parameters(W1=[['1/2']], b1=[0])
        """
        return parameters_from(self.network, **named)

    def cell(self, parameters: Parameters, *, side: Parameters | Literal["left", "right"] | None = None) -> Cell:
        """The cell of parameter space that holds `parameters`; its outputs and squared risk are exact polynomials.

        Parameters: `parameters` of this network; at a boundary point `side` chooses a cell; see `exactsurf.cells.cell.cell_of`.
        Exactness: exact. Raises: `ShapeError` for parameters of another network, `InputError` naming the boundary pairs at a
        point on a wall. Source: theory.md, section 1.

        >>> import exactsurf as es
        >>> problem = es.Problem(es.Network([1, 1, 1]), es.Data.from_arrays([-1, 2], [0, 1]))
        >>> problem.cell(problem.parameters(W1=[[1]], b1=[0], W2=[[1]], b2=[0])).risk
        Polynomial(10 terms in 4 variables, degree 4)
        """
        return display.cell(self, parameters, side)

    def forward(self, parameters: Parameters) -> ForwardPass:
        """The exact forward pass on all samples.

        Exactness: exact. Raises: `ShapeError` for parameters of another network, `UnsupportedError` for a smooth activation.
        """
        self.check_shapes(parameters)
        if not self.network.is_piecewise_linear:
            what = f"forward passes are rational for piecewise linear activations, and {self.network.activation!r} is smooth"
            raise UnsupportedError(what, "problem.predictions and problem.risk enclose what is not rational")
        return forward_pass(self.network, self.data.inputs, parameters)

    def predictions(self, parameters: Parameters) -> Matrix:
        """f_θ(x_i) for every sample: N rows of n_{L+1} Fractions; see `enclosed_predictions` for smooth activations."""
        columns = [vector.fractions() for vector in self.forward(parameters).outputs]
        return tuple(zip(*columns, strict=True))

    def risk(self, parameters: Parameters, *, bits: int = BITS) -> Fraction | Ball:
        """L(θ): a `Fraction` where it is known to be rational, as where activation and loss are given by pieces; else a `Ball`.

        Parameters: `parameters` of this network; `bits`, the working precision of a ball. Exactness: exact, or enclosed.
        Raises: `ShapeError` naming both shapes, `UnsupportedError` for values beyond all bounds.
        Source: theory.md, sections 1 and 7.
        """
        if self.network.is_piecewise_linear and self.loss.is_piecewise_quadratic:
            return self.rational_risk(parameters)
        self.check_shapes(parameters)
        known = known_risk(self, parameters)
        return risk_ball(self, parameters, bits) if known is None else known

    def rational_risk(self, parameters: Parameters) -> Fraction:
        """L(θ), which is rational for a piecewise linear activation.

        Parameters: `parameters` of this network. Exactness: exact. Raises: `ShapeError` naming both shapes, `UnsupportedError`
        for a smooth activation. Source: theory.md, section 1.
        """
        if self.decay is not None:
            return self.without_decay.rational_risk(parameters) + self.decay.value(parameters)
        return self.risk_of(self.forward(parameters).outputs)

    def risk_of(self, outputs: tuple[ScaledVector, ...]) -> Fraction:
        """The risk of given predictions, one vector over the samples per output."""
        self.check_no_decay()
        total = Fraction(0)
        weights = self.data.weights
        for k, vector in enumerate(self.loss_terms(outputs)):
            target = self.data.targets.column(k)
            if self.loss.is_squared:
                residual = vector.minus(target)
                other = residual if weights is None else residual.times(ScaledVector.from_fractions(weights))
                total += self.loss.scale * other.dot(residual)
                continue
            known = self.right_outputs
            for i, (f, y) in enumerate(zip(vector.fractions(), target.fractions(), strict=True)):
                if known is None or known[i] != k:
                    value = self.loss.value(f, y if known is None else Fraction(-1))
                    total += value if weights is None else weights[i] * value
        return total / self.data.total_weight if self.loss.averaged else total

    def loss_terms(self, outputs: tuple[ScaledVector, ...]) -> tuple[ScaledVector, ...]:
        """The numbers, one per output and sample, of which the loss is a sum of convex functions.

        The predictions f_k; for losses of labels with several outputs f_k − f_y, with y the class of the sample.
        Exactness: exact.
        """
        return outputs if self.right_outputs is None else lead_of_wrong_classes(outputs, self.right_outputs)

    def term_outputs(self, sample: int, term: int) -> tuple[tuple[int, int], ...]:
        """A number of `loss_terms` as a sum of outputs: pairs (output, 1 or −1)."""
        right = None if self.right_outputs is None else self.right_outputs[sample]
        if right is None:
            return ((term, 1),)
        return () if term == right else ((term, 1), (right, -1))

    def term_slopes(self, outputs: tuple[ScaledVector, ...]) -> tuple[tuple[ScaledVector, ScaledVector], ...]:
        """For every term of the loss the left and the right derivatives in it, with the full scale.

        Any choice between left and right, one for each term and sample, gives a subgradient of the risk in the outputs.
        Exactness: exact.
        """
        shares, found = self.shares, []
        weights = ScaledVector.from_fractions(shares)
        for k, vector in enumerate(self.loss_terms(outputs)):
            target = self.data.targets.column(k)
            if self.loss.is_squared:
                slope = vector.minus(target)
                equal = self.has_equal_weights
                slope = slope if equal else slope.times(weights)
                slope = slope.scaled(2 * self.loss.scale * (shares[0] if equal else 1))
                found.append((slope, slope))
                continue
            if self.right_outputs is None:
                pairs = [self.loss.subdifferential(*pair) for pair in zip(vector.fractions(), target.fractions(), strict=True)]
            else:
                none, wrong = (Fraction(0), Fraction(0)), Fraction(-1)
                known = zip(vector.fractions(), self.right_outputs, strict=True)
                pairs = [none if right == k else self.loss.subdifferential(lead, wrong) for lead, right in known]
            low, high = (ScaledVector.from_fractions([pair[side] for pair in pairs]).times(weights) for side in (0, 1))
            found.append((low, high))
        return tuple(found)

    def subdifferentials(self, outputs: tuple[ScaledVector, ...]) -> tuple[tuple[ScaledVector, ScaledVector], ...]:
        """For every output the left and the right derivatives of the loss at the predictions, with the full scale.

        A choice between left and right, one for each output, is a subgradient if the outputs are the terms of the loss
        (see `term_slopes`), or if left and right agree. Exactness: exact.
        """
        slopes = self.term_slopes(outputs)
        if self.right_outputs is None:
            return slopes
        low, high = ([pair[side] for pair in slopes] for side in (0, 1))
        first, second = (from_wrong_classes(one, self.right_outputs) for one in (low, high))
        sides = []
        for k, (a, b) in enumerate(zip(first, second, strict=True)):
            swapped = [right == k for right in self.right_outputs]
            pairs = [(y, x) if swap else (x, y) for x, y, swap in zip(a.fractions(), b.fractions(), swapped, strict=True)]
            left, right = zip(*pairs, strict=True)
            sides.append((ScaledVector.from_fractions(left), ScaledVector.from_fractions(right)))
        return tuple(sides)

    def check_shapes(self, parameters: Parameters) -> None:
        """Raise `ShapeError` naming both shapes unless `parameters` (or a direction) belong to this network."""
        check_parameters(self.network, parameters)

    def __repr__(self) -> str:
        decay = "" if self.decay is None else f", {self.decay!r}"
        return f"Problem({self.network!r}, {self.data!r}, {self.loss!r}{decay})"

    def _repr_html_(self) -> str:
        return display.problem_html(self)
