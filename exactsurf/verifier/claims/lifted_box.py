"""The claim that a box of networks which are affine on the data holds a spurious local minimum (FORMAT.md, section 17)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from ..analytic.box import Derivatives, derivatives_on
from ..analytic.setting import Setting, prediction_rows, read_setting
from ..arithmetic.document import Field, at
from ..arithmetic.effort import price, spend
from ..arithmetic.interval import Interval, enclose
from ..arithmetic.interval_matrix import bad_pivot
from ..arithmetic.rational import Rational, display
from ..arithmetic.table import affine
from ..network import Parameters, Pass, forward, read_parameters
from ..submission import Submission, check_sentence, counted
from .analytic_point import check_lower
from .critical_box import check_risk, read_bits

Rows = list[list[Fraction]]


@dataclass(frozen=True)
class _Inputs:
    """Every input with 1 behind it: the columns that are free, and the number of outputs that are."""

    rows: Rows
    free: list[int]
    outputs: int


def check_lifted_box(submission: Submission) -> tuple[str, None]:
    """Check the claim and its evidence; its sentence."""
    done = submission.done
    format_field, claim, problem_field, parameters_field, evidence = submission.root.fields(
        "format", "claim", "problem", "parameters", "evidence"
    )
    submission.check_second_format(format_field)
    _, sentence_field, radius_field, units_field, risk_field = claim.fields("kind", "sentence", "radius", "units", "risk")
    bits_field, held_field, inverse_field, lower_field = evidence.fields("bits", "held", "inverse", "lower_point")
    setting = read_setting(problem_field, submission)
    samples = counted(len(setting.x.rows), "sample")
    done(f"problem: {samples}, {setting.architecture} network, a loss given by an expression")
    sentence = check_sentence(
        sentence_field,
        f"The box of networks around the given parameters holds a spurious local minimum of the risk of the "
        f"{setting.architecture} network on {samples}.",
    )
    parameters = read_parameters(parameters_field, setting.widths, setting.biases)
    if len(setting.widths) < 3 or not setting.biases[0]:
        raise problem_field.reject("the claim needs a hidden layer, and a bias in layer 1")
    bits, radius = read_bits(bits_field), Fraction(radius_field.positive())
    inputs = _read_inputs(setting, held_field)
    with at(parameters_field.place):
        passed = forward(setting.activation, parameters, setting.x)
        predictions = prediction_rows(passed)
    reach = [radius * sum((abs(row[j]) for j in inputs.free), Fraction(0)) for row in inputs.rows]
    _check_pieces(setting, parameters, passed, units_field, reach, inputs.outputs, parameters_field)
    done("on the whole box every unit stays strictly inside one piece, the same one on all samples")
    rows = [[enclose(row[j], bits) for j in inputs.free] for row in inputs.rows]
    with at(parameters_field.place):
        centre = [[enclose(f, bits) for f in row] for row in predictions]
        box = [
            [enclose(f, bits, far if k < inputs.outputs else 0) for k, f in enumerate(row)]
            for row, far in zip(predictions, reach, strict=True)
        ]
        size = inputs.outputs * len(inputs.free)
        here = derivatives_on(setting, centre, rows, inputs.outputs, bits, second=False)
        around = derivatives_on(setting, box, rows, inputs.outputs, bits)
    inverse = inverse_field.matrix(size, size)
    with at(inverse_field.place):
        _check_contraction(inverse, here, around, enclose(radius, bits), inverse_field)
        if bad_pivot([list(row) for row in around.hessian]) is not None:
            raise inverse_field.reject("the Hessian may not be positive definite on the box, as far as these bits tell")
    done(f"exactly one affine model in the box is critical, and a strict minimum (Krawczyk, {size} coordinates, {bits} bits)")
    low, high = check_risk(risk_field, around.value)
    done(f"its risk is from {display(low.numerator, low.denominator)} to {display(high.numerator, high.denominator)}")
    check_lower(setting, lower_field, low, bits)
    done("the lower point has a risk below that on the box")
    return sentence, None


def _read_inputs(setting: Setting, field: Field) -> _Inputs:
    """The inputs; every column that is held is the stated combination of those that are free."""
    rows = [[*(Fraction(v, d) for v, d in zip(row, setting.x.denominators, strict=True)), Fraction(1)] for row in setting.x.rows]
    width = len(rows[0])
    held: list[int] = []
    combinations: list[Field] = []
    for item in field.items():
        column_field, combination_field = item.fields("column", "combination")
        column = column_field.index(width)
        if held and column <= held[-1]:
            raise column_field.reject("columns must increase")
        held.append(column)
        combinations.append(combination_field)
    free = [j for j in range(width) if j not in held]
    for column, combination_field in zip(held, combinations, strict=True):
        combination = combination_field.vector(len(free))
        spend(2 * len(rows) * width)
        for row in rows:
            if sum((c * row[j] for c, j in zip(combination, free, strict=True)), Fraction(0)) != row[column]:
                raise combination_field.reject(f"column {column} of the inputs is not this combination of the free ones")
    outputs = setting.widths[-1] - (setting.loss.gap == "classes")
    return _Inputs(rows, free, outputs)


def _units(field: Field, setting: Setting) -> list[int]:
    """The units of layer 1 that carry the outputs."""
    found = [item.index(setting.widths[1]) for item in field.items(setting.widths[-1])]
    if len({*found}) < len(found):
        raise field.reject("the units must differ")
    return found


def _check_pieces(
    setting: Setting,
    parameters: Parameters,
    passed: Pass,
    units_field: Field,
    reach: list[Fraction],
    outputs: int,
    field: Field,
) -> None:
    """Every unit stays inside one piece, and the units of layer 1 move every output on their own."""
    units = _units(units_field, setting)
    slopes: list[list[Fraction]] = []
    for layer, places in enumerate(passed.positions, 1):
        for unit, where in enumerate(places):
            if where[0] % 2 or len({*where}) > 1:
                raise field.reject(f"unit {unit} of layer {layer} is not strictly inside one piece on all samples")
        slopes.append([Fraction(setting.activation.left(where[0])) for where in places])
    moves: Rows = [[Fraction(int(j == unit)) for unit in units] for j in range(setting.widths[1])]
    inverse = _inverse(_carried(parameters, slopes, moves)[-1], units_field)
    moves = [[sum((a * inverse[m][k] for m, a in enumerate(row)), Fraction(0)) for k in range(len(units))] for row in moves]
    breakpoints = setting.activation.breakpoints
    for layer, (table, shifts) in enumerate(zip(passed.inputs, _carried(parameters, slopes, moves)[:-1], strict=False)):
        with at(field.place):
            columns = affine(table, parameters.weights[layer], parameters.biases[layer])
        for unit, (column, shift) in enumerate(zip(columns, shifts, strict=True)):
            factor, piece = sum(map(abs, shift[:outputs]), Fraction(0)), passed.positions[layer][unit][0] // 2
            spend(4 * len(reach) * price(column.denominator.bit_length()))
            for value, far in zip(column.numerators, reach, strict=True):
                z = Fraction(value, column.denominator)
                beyond = (piece and z - factor * far <= breakpoints[piece - 1]) or (
                    piece < len(breakpoints) and z + factor * far >= breakpoints[piece]
                )
                if beyond:
                    raise field.reject(f"unit {unit} of layer {layer + 1} may leave its piece on the box")


def _carried(parameters: Parameters, slopes: list[list[Fraction]], moves: Rows) -> list[Rows]:
    """How the pre-activations of all layers move if those of layer 1 do."""
    found = [moves]
    for weights, slope in zip(parameters.weights[1:], slopes, strict=True):
        below = [[s * value for value in row] for s, row in zip(slope, found[-1], strict=True)]
        spend(2 * len(weights) * len(below) * len(moves[0]))
        columns = list(zip(*below, strict=True))
        found.append(
            [[sum((a * b for a, b in zip(row, column, strict=True)), Fraction(0)) for column in columns] for row in weights]
        )
    return found


def _inverse(matrix: Rows, field: Field) -> Rows:
    """The inverse, by elimination."""
    size = len(matrix)
    spend(size**3)
    rows = [[*row, *(Fraction(int(i == j)) for j in range(size))] for i, row in enumerate(matrix)]
    for k in range(size):
        pivot = next((i for i in range(k, size) if rows[i][k]), None)
        if pivot is None:
            raise field.reject("the stated units of layer 1 do not move every output on their own")
        rows[k], rows[pivot] = rows[pivot], rows[k]
        rows[k] = [Fraction(value, rows[k][k]) for value in rows[k]]
        for i in range(size):
            if i != k and rows[i][k]:
                rows[i] = [a - rows[i][k] * b for a, b in zip(rows[i], rows[k], strict=True)]
    return [row[size:] for row in rows]


def _check_contraction(
    inverse: list[list[Rational]], centre: Derivatives, around: Derivatives, radius: Interval, field: Field
) -> None:
    """|Y g(m)| + |I − Y H(X)| r < r in every coordinate."""
    bits = radius.bits
    zero, one = Interval(0, 0, bits), Interval(1 << bits, 1 << bits, bits)
    spend(2 * len(inverse) ** 3 * price(bits))
    for i, row in enumerate(inverse):
        y = [enclose(value, bits) for value in row]
        shift, spread = _dot(y, centre.gradient, zero).magnitude(), 0
        for j, column in enumerate(around.hessian):
            spread += (_dot(y, column, zero) - (one if i == j else zero)).magnitude()
        if (shift << bits) + spread * radius.high >= radius.low << bits:
            raise Field(None, f"{field.place}[{i}]").reject("Krawczyk's operator does not map the box into its interior")


def _dot(first: list[Interval], second: list[Interval], zero: Interval) -> Interval:
    return sum((a * b for a, b in zip(first, second, strict=True)), zero)
