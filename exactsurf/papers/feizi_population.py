"""Feizi, Javadi, Zhang and Tse, 2018: the population risk of porcupine networks, pattern by pattern, with certificates.

Units relu(t u_l·x) with lengths t on given lines against ReLU teachers, on standard normal inputs: where all units keep the way
they look the risk is a quadratic in the sums of their lengths, with Cho and Saul's kernels as coefficients.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from exactsurf.certificate.claims.population_on_lines import GLOBAL_ON_LINES, SPURIOUS_ON_LINES
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError
from exactsurf.exact.linear_algebra import Matrix
from exactsurf.exact.number import Exact, whole_number
from exactsurf.minima.not_proved import NotProved
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.student_on_lines import StudentOnLines
from exactsurf.papers.feizi_lines import SETTING, units_on_lines
from exactsurf.theorems.arguments import number_table
from exactsurf.theorems.constructions.population_on_lines import Looking, PatternOnLines, RiskOnLines
from exactsurf.theorems.references import FEIZI_2018
from exactsurf.theorems.theorem import Check, PointHypothesis, Theorem


@dataclass(frozen=True)
class PorcupineMinima:
    """The local minima of a population risk of units on lines, by patterns.

    Attributes: `problem`; `minima`, patterns with local minima, each with a certificate that they are spurious or global, or an
    UNDECIDED verdict; `is_complete`: every region in which all units look in given ways has its least points among those of the
    patterns that were examined, and all of these are decided. A pattern stands for those with the same sums and units of length
    0 in the place of others that look the same way.
    Exactness: balls and certificates. Source: proofs/claims/population_on_lines.md.
    """

    problem: StudentOnLines
    minima: tuple[PatternOnLines, ...]
    is_complete: bool

    @property
    def spurious(self) -> tuple[PatternOnLines, ...]:
        """The patterns whose local minima are spurious."""
        return tuple(found for found in self.minima if found.kind == SPURIOUS_ON_LINES)

    @property
    def global_minima(self) -> tuple[PatternOnLines, ...]:
        """The patterns whose local minima are global."""
        return tuple(found for found in self.minima if found.kind == GLOBAL_ON_LINES)


def porcupine_population(
    lines: Sequence[Sequence[Exact]], teachers: Sequence[Sequence[Exact]], looking: Sequence[int | Sequence[int]]
) -> PatternOnLines:
    """The local minima of one pattern of ½ E (Σ relu(t u·x) − Σ_j relu(v_j·x))², x ~ N(0, I): spurious, global, or none.

    Parameters: `lines` u_l, at most 12, no two parallel; `teachers` v_j, on these lines (matched) or not; `looking`, for every
    line the sign 1, −1 or 0 of the length of its unit, or a list of signs, one for every unit on it.
    Returns: what was decided, with its certificate. Exactness: the answer is certified, or UNDECIDED with the reason.
    Raises: `InputError`, errors of `exact`. Source: Feizi et al. 2018; proofs/claims/population_on_lines.md.

    Two units on orthogonal lines that both look away from the teacher's are at a spurious local minimum, t = 1/(1 + π):

    >>> from exactsurf.papers.feizi_2018 import porcupine_population
    >>> found = porcupine_population([[1, 0], [0, 1]], [[-1, 0], [0, -1]], [1, 1])
    >>> found.verdict
    Verdict(PROVED: spurious local minima, of risk ≈ 0.620727)
    >>> round(float(found.sums[0].midpoint), 9)
    0.241453007
    >>> porcupine_population([[1, 0], [0, 1]], [[-1, 0], [0, -1]], [1, -1]).verdict
    Verdict(PROVED: the pattern has no local minimum)
    """
    signs = [_signs(entry) for entry in _listed(looking)]
    problem = _problem(lines, teachers, [len(entry) for entry in signs])
    return RiskOnLines(problem).decide(tuple((entry.count(1), entry.count(-1)) for entry in signs))


def porcupine_minima(
    lines: Sequence[Sequence[Exact]], teachers: Sequence[Sequence[Exact]], units: Sequence[int] | None = None
) -> PorcupineMinima:
    """All local minima of the population risk of units on lines, by patterns.

    Parameters: `lines` and `teachers` as in `porcupine_population`; `units`, how many there are on each line, one if not given;
    the regions, 2 for each line with one unit and 3 for each other one, multiply to at most 4,096.
    Exactness: as `porcupine_population`; see `PorcupineMinima` for what is complete. Raises: as there.
    Source: Feizi et al. 2018; proofs/claims/population_on_lines.md.

    >>> from exactsurf.papers.feizi_2018 import porcupine_minima
    >>> found = porcupine_minima([[1, 0], [0, 1]], [[-1, 0], [0, -1]])
    >>> [(one.looking, one.verdict.reason) for one in found.minima], found.is_complete
    ([(((1, 0), (1, 0)), 'spurious local minima, of risk ≈ 0.620727'), (((0, 1), (0, 1)), 'global minima, of risk 0')], True)
    """
    problem = _problem(lines, teachers, [1] * len(_listed(lines)) if units is None else _listed(units))
    risk = RiskOnLines(problem)
    found = [risk.decide(looking) for looking in risk.patterns()]
    minima = tuple(one for one in found if one.kind in (SPURIOUS_ON_LINES, GLOBAL_ON_LINES, None))
    return PorcupineMinima(problem, minima, all(one.kind for one in minima) and not risk.open_regions())


def _listed(values: object) -> list[object]:
    if isinstance(values, (str, bytes)) or not isinstance(values, Sequence):
        raise InputError("not a list with an entry for every line", text=repr(values), fix="for example [1, -1]")
    return list(values)


def _signs(entry: object) -> list[int]:
    signs = [entry] if isinstance(entry, int) else _listed(entry)
    if not signs or not all(isinstance(sign, int) and not isinstance(sign, bool) and -1 <= sign <= 1 for sign in signs):
        raise InputError("the signs of lengths are 1, −1 or 0", text=repr(entry), fix="for example 1, or [1, -1] for two units")
    return [sign for sign in signs if isinstance(sign, int)]


def _problem(lines: object, teachers: object, units: Sequence[object]) -> StudentOnLines:
    rows, goals = (tuple(map(tuple, number_table(t, what))) for t, what in ((lines, "the lines"), (teachers, "the teachers")))
    return StudentOnLines(rows, tuple(whole_number(count, "the number of units") for count in units), goals)


def _teacher(parameters: Parameters) -> tuple[Matrix, tuple[int, ...]] | NotProved:
    """The teacher's lines and the signs of its lengths, if it has one unit on each."""
    found = units_on_lines(parameters)
    if isinstance(found, NotProved):
        return found
    if len(found.directions) < len(found.units):
        return NotProved("two units lie on one line")
    return found.directions, tuple(1 if length > 0 else -1 for _, length in found.units)


def _one_a_line(problem: Problem, parameters: Parameters) -> Check:
    if problem.network.layers != 2:
        return None, "the family has one hidden layer", ()
    found = _teacher(parameters)
    if isinstance(found, NotProved):
        return False, found.reason, ()
    return True, f"{len(found[0])} lines, with a unit each and output weights 1", found[0]


def opposite_directions(parameters: Parameters) -> PatternOnLines:
    """The pattern in which every unit looks opposite to the teacher's, whose rows of W1 are the teachers."""
    found = _teacher(parameters)
    if isinstance(found, NotProved):
        raise InputError(found.reason, fix="give a teacher with output weights 1 and one unit on every line")
    lines, signs = found
    problem = StudentOnLines(lines, (1,) * len(lines), tuple(parameters.weights[0]))
    looking: Looking = tuple((int(sign < 0), int(sign > 0)) for sign in signs)
    return RiskOnLines(problem).decide(looking)


def _conclude(problem: Problem, parameters: Parameters | None, _: Parameters | None) -> Verdict:
    """The parameters are the teacher."""
    assert parameters is not None
    holds, witness, _data = _one_a_line(problem, parameters)
    if not holds:
        return Verdict(Status.UNDECIDED, witness)
    verdict = opposite_directions(parameters).verdict
    if verdict.status is Status.UNDECIDED:
        return verdict
    kind = "are" if verdict.certificate is not None and verdict.certificate.kind == SPURIOUS_ON_LINES else "are no"
    return Verdict(Status.PROVED, f"for this teacher there {kind} such local minima: {verdict.reason}", verdict.certificate)


def _construct(problem: Problem, teacher: Sequence[Sequence[Exact]]) -> PatternOnLines:
    rows = number_table(teacher, "the teacher")
    return opposite_directions(problem.parameters(W1=rows, W2=[[1] * len(rows)]))


opposite_pattern = Theorem(
    key="feizi_2018.opposite_pattern",
    title="Units on lines, normal inputs: when all units looking away from the teacher is a spurious local minimum",
    statement=(
        r"Let the teacher $\sum_j [v_j \cdot x]_+$ have pairwise non-parallel $v_j$, let the student have one unit "
        r"$[t_j v_j \cdot x]_+$ on each of these lines, $x \sim N(0, I)$, $K_{ij} = \mathbb{E}[v_i \cdot x]_+[v_j \cdot x]_+$, "
        r"$b_i = \sum_j \mathbb{E}[v_i \cdot x]_+[-v_j \cdot x]_+$. The region $t < 0$ holds a local minimum of the population "
        r"risk if and only if all entries of $K^{-1}b$ are positive; then it is $t = -K^{-1}b$, and it is spurious."
    ),
    reference=FEIZI_2018,
    hypotheses=(*SETTING, PointHypothesis("lines", "one unit on every line, and output weights 1", _one_a_line)),
    construct=_construct,
    conclude=_conclude,
    without_example=(("lines", "the statement is about one unit on each line"),),
    remarks=(
        "Ours, an instance of the paper's regions in which bad local optima may exist, of which the abstract was read; "
        "proofs/claims/population_on_lines.md. The parameters are the teacher, samples are not used: the law of the inputs is "
        "normal. Certified for both answers, for at most 12 lines. porcupine_population decides any pattern and any teachers, "
        "porcupine_minima all patterns."
    ),
)
