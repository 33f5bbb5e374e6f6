"""The form of a published theorem: hypotheses checked with witnesses, its conclusion on instances, a construction, examples."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import wraps
from inspect import signature
from typing import Any, TypeAlias

from exactsurf import display
from exactsurf.certificate.verdict import Status, Verdict
from exactsurf.errors import InputError, UnsupportedError
from exactsurf.model.needed_problem import check_piecewise_linear, check_problem
from exactsurf.model.parameters import Parameters
from exactsurf.model.problem import Problem
from exactsurf.model.restricted_problem import RestrictedProblem
from exactsurf.theorems.outcome import Outcome, conclusion_word, outcome_of
from exactsurf.theorems.report_forms import html_report, latex_report

Check: TypeAlias = tuple[bool | None, str, tuple[Any, ...]]
"""Whether a hypothesis holds (None: not decided), the witness in words, the witness as values."""

AnyProblem: TypeAlias = Problem | RestrictedProblem

_STATUS = {True: Status.PROVED, False: Status.REFUTED, None: Status.UNDECIDED}
_WORDS = {Status.PROVED: "holds", Status.REFUTED: "FAILS", Status.UNDECIDED: "undecided"}


def _answer(check: Callable[..., Check], *asked: Any) -> Check:
    """What a check says; what it cannot be asked of (a loss by expression, an output too large) is undecided."""
    try:
        return check(*asked)
    except UnsupportedError as error:
        return None, str(error), ()


@dataclass(frozen=True)
class Finding:
    """What was found about one hypothesis: `status` PROVED (it holds), REFUTED (it fails) or UNDECIDED, and why.

    `witness` says it in words, `data` holds it exactly (the coinciding rows, the affine fit, the slopes).
    """

    name: str
    statement: str
    status: Status
    witness: str
    data: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Hypothesis:
    """A hypothesis on network, data and loss: its name in the paper, its statement, and an exact check.

    `setting` marks what the paper is about at all: where it fails, the theorem does not apply.
    """

    name: str
    statement: str
    check: Callable[[Any], Check]
    setting: bool = False

    def finding(self, problem: AnyProblem, parameters: Parameters | None = None) -> Finding:
        """Check this hypothesis on `problem`; `parameters` are not used."""
        holds, witness, data = _answer(self.check, problem)
        return Finding(self.name, self.statement, _STATUS[holds], witness, data)


@dataclass(frozen=True)
class PointHypothesis:
    """A hypothesis on a point of parameter space; without parameters it is undecided."""

    name: str
    statement: str
    check: Callable[[Any, Parameters], Check]
    setting: bool = False

    def finding(self, problem: AnyProblem, parameters: Parameters | None = None) -> Finding:
        """Check this hypothesis at `parameters`."""
        if parameters is None:
            return Finding(self.name, self.statement, Status.UNDECIDED, "it is about a point, and no parameters are given")
        holds, witness, data = _answer(self.check, problem, parameters)
        return Finding(self.name, self.statement, _STATUS[holds], witness, data)


@dataclass(frozen=True)
class Report:
    """All hypotheses of a theorem, checked on one problem, and where it was asked for the conclusion's verdict.

    Attributes: `theorem` (its key), `findings`, `conclusion`; `outcome` (an `Outcome`) and, in words, `summary`. Printed as a
    table; `to_latex`, `to_html`, `to_json`.
    Exactness: exact. Source: the paper.
    """

    theorem: str
    findings: tuple[Finding, ...]
    conclusion: Verdict | None = None

    @property
    def failing(self) -> tuple[str, ...]:
        """The names of the hypotheses that fail."""
        return tuple(f.name for f in self.findings if f.status is Status.REFUTED)

    @property
    def undecided(self) -> tuple[str, ...]:
        """The names of the hypotheses that were not decided."""
        return tuple(f.name for f in self.findings if f.status is Status.UNDECIDED)

    @property
    def status(self) -> Status:
        """PROVED if every hypothesis holds, REFUTED if one fails, else UNDECIDED."""
        if self.failing:
            return Status.REFUTED
        return Status.UNDECIDED if self.undecided else Status.PROVED

    @property
    def outcome(self) -> Outcome | None:
        """Whether the theorem applies and its conclusion holds; None where the conclusion was not asked for (`check`)."""
        return None if self.conclusion is None else outcome_of(self.status, self.conclusion)

    @property
    def summary(self) -> str:
        """One line: whether the theorem applies, what is in its way, and whether its conclusion holds."""
        word = {Status.PROVED: "holds", Status.REFUTED: "fails", Status.UNDECIDED: "is not decided"}
        named = [f"{f.name} {word[f.status]}: {f.witness}" for f in self.findings if f.status is self.status]
        applies = {
            Status.PROVED: "applies",
            Status.REFUTED: f"does not apply ({'; '.join(named)})",
            Status.UNDECIDED: f"not decided whether it applies ({'; '.join(named)})",
        }[self.status]
        if self.conclusion is None:
            return applies
        if self.outcome is Outcome.SAYS_NOTHING:
            return f"{applies}; {self.conclusion.reason}"
        nevertheless = " nevertheless" if self.outcome is Outcome.HOLDS_NEVERTHELESS else ""
        link = ", and" if self.status is Status.PROVED else ";"
        return f"{applies}{link} the conclusion {word[self.conclusion.status]}{nevertheless}: {self.conclusion.reason}"

    def document(self) -> dict[str, Any]:
        """The report as a JSON value."""
        document: dict[str, Any] = {
            "theorem": self.theorem,
            "status": str(self.status),
            "hypotheses": [
                {"name": f.name, "statement": f.statement, "status": str(f.status), "witness": f.witness} for f in self.findings
            ],
        }
        if self.conclusion is not None:
            document["outcome"] = str(self.outcome)
            document["conclusion"] = {"status": str(self.conclusion.status), "reason": self.conclusion.reason}
        return document

    def to_json(self) -> str:
        """The report as JSON text."""
        return json.dumps(self.document(), indent=2, ensure_ascii=False)

    def to_latex(self) -> str:
        """The report as a LaTeX table as wide as the column (it needs booktabs and tabularx)."""
        return latex_report(self.theorem, self.outcome, self._rows())

    def to_html(self) -> str:
        """The report as an HTML table."""
        return html_report(self.theorem, self.outcome, self._rows())

    def _repr_html_(self) -> str:
        return display.report_html(self)

    def _rows(self) -> list[tuple[str, str, str, str]]:
        rows = [(f.name, f.statement, _WORDS[f.status], f.witness) for f in self.findings]
        if self.conclusion is not None:
            rows.append(("conclusion", "", conclusion_word(self.conclusion), self.conclusion.reason))
        return rows

    def __repr__(self) -> str:
        parts = [f"{f.name} {_WORDS[f.status]}" for f in self.findings]
        if self.conclusion is not None:
            parts.append(f"conclusion {conclusion_word(self.conclusion)}")
        return f"Report({self.theorem}: {', '.join(parts)})"

    def __str__(self) -> str:
        lines = [f"  {name}  {word}  {witness}" for name, _, word, witness in self._rows()]
        return "\n".join([f"{self.theorem}: {self.outcome or 'hypotheses'}", *lines])


@dataclass(frozen=True)
class SharpnessExample:
    """An instance on which exactly one hypothesis fails, and the conclusion with it.

    Attributes: `hypothesis`, the name of the one that fails (None: all hold, so the claim fails as worded); `title`;
    `problem` and, where the theorem is about points, `parameters` and `other`, as `Theorem.conclusion` takes them.
    Exactness: exact. Source: `Theorem.sharpness`.
    """

    hypothesis: str | None
    title: str
    problem: AnyProblem
    parameters: Parameters | None = None
    other: Parameters | None = None

    def __repr__(self) -> str:
        fails = "all hypotheses hold" if self.hypothesis is None else f"only {self.hypothesis} fails"
        return f"SharpnessExample({fails}: {self.title}; {self.problem!r})"


ABOUT_CRITICAL_POINTS = "the conclusion is about critical points: at others it claims nothing"
ABOUT_LOCAL_MINIMA = "the conclusion is about local minima: at other points it claims nothing"

Conclude: TypeAlias = Callable[[Any, Parameters | None, Parameters | None], Verdict]


def nothing_to_construct(problem: Problem, **options: Any) -> Any:
    """The `construct` of theorems that promise no object: it raises `UnsupportedError`."""
    raise UnsupportedError("this theorem constructs nothing", "theorem.check and theorem.conclusion say what it means here")


_SQUARED_ONLY = "exactsurf checks theorems about smooth activations for the squared loss and samples of equal weights"


_BUILD_RESTRICTED = "es.RestrictedProblem(es.convolution(4, [2], strides=2, head=[1, 1]), data) is one"
ALL_FREE = "all parameters of this problem are free, and the theorem is about restricted ones"
"""What is said of a `Problem` where the theorem is about a `RestrictedProblem`."""


def whole(problem: AnyProblem) -> Problem:
    """The problem in which all parameters are free."""
    return problem.unrestricted if isinstance(problem, RestrictedProblem) else problem


def _check_smooth(problem: Problem) -> None:
    if not problem.network.is_piecewise_linear and not problem.without_decay.is_least_squares:
        raise UnsupportedError(_SQUARED_ONLY, "take the squared loss")


def _on_a_problem(
    construct: Callable[..., Any], name: str, is_about_smooth: bool, has_decay: bool, has_restriction: bool
) -> Callable[..., Any]:
    asked = signature(construct)
    first = next(iter(asked.parameters), "")

    @wraps(construct)
    def checked(*args: Any, **options: Any) -> Any:
        # What a problem is refused for comes first: no further argument mends that.
        if args or first in options:
            problem: Any = args[0] if args else options[first]
            if has_restriction:
                if not isinstance(problem, RestrictedProblem):
                    raise InputError(f"{name} needs a RestrictedProblem", text=repr(problem), fix=_BUILD_RESTRICTED)
                problem = problem.unrestricted
            if not is_about_smooth:
                check_piecewise_linear(problem, name)
            if isinstance(problem, Problem) and not has_decay:
                problem.check_no_decay()
            if isinstance(problem, Problem):
                _check_smooth(problem)
        try:
            asked.bind(*args, **options)
        except TypeError as error:
            raise InputError(f"{name}: {error}", fix=f"its arguments are {', '.join(asked.parameters)}") from None
        return construct(*args, **options)

    return checked


@dataclass(frozen=True)
class Theorem:
    """A published theorem.

    Attributes: `key` (as in ``exactsurf papers KEY``), `title`, `statement` (LaTeX), `reference` (BibTeX), `hypotheses`,
    `remarks` (what exactsurf does beyond the paper, what is decidable), and `construct`, which builds what the theorem
    promises on a problem; `conclude` and `examples` are behind the methods `conclusion`, `sharpness` and `counterexamples`;
    `without_example`, the hypotheses (beyond the setting) that no sharpness example violates, each with the reason;
    `is_about_smooth`, whether its problems have a smooth activation; `has_decay`, whether they may have weight decay;
    `has_restriction`, whether they are a `RestrictedProblem`.
    Exactness: every check is exact. Source: the paper named in `reference`.
    """

    key: str
    title: str
    statement: str
    reference: str
    hypotheses: tuple[Hypothesis | PointHypothesis, ...]
    construct: Callable[..., Any] = nothing_to_construct
    remarks: str = ""
    conclude: Conclude | None = None
    examples: Callable[[], tuple[SharpnessExample, ...]] | None = None
    without_example: tuple[tuple[str, str], ...] = ()
    is_about_smooth: bool = False
    has_decay: bool = False
    has_restriction: bool = False

    def __post_init__(self) -> None:
        if self.constructs:
            about = (self.is_about_smooth, self.has_decay, self.has_restriction)
            checked = _on_a_problem(self.construct, f"{self.key}.construct", *about)
            object.__setattr__(self, "construct", checked)

    def __reduce__(self) -> str | tuple[Any, ...]:
        """Pickled by its key: its checks are functions, of which many have no name."""
        return (display.theorem, (self.key,)) if display.theorem(self.key) is self else super().__reduce__()

    def __repr__(self) -> str:
        return f"Theorem({self.key}: {self.title})"

    @property
    def is_about_a_point(self) -> bool:
        """Whether some hypothesis is about a point, so that `check` and `conclusion` need parameters."""
        return any(isinstance(hypothesis, PointHypothesis) for hypothesis in self.hypotheses)

    @property
    def constructs(self) -> bool:
        """Whether the theorem constructs something."""
        return self.construct is not nothing_to_construct

    def check(self, problem: AnyProblem, parameters: Parameters | None = None) -> Report:
        """Check every hypothesis on `problem`.

        Parameters: `problem`; `parameters` are for theorems about a point. Returns: a `Report` with one finding per
        hypothesis. Exactness: exact. Raises: `ShapeError` for parameters of another network. Source: the paper.
        """
        self._check_problem(problem, "check", parameters)
        return Report(self.key, tuple(hypothesis.finding(problem, parameters) for hypothesis in self.hypotheses))

    def conclusion(
        self, problem: AnyProblem, parameters: Parameters | None = None, *, other: Parameters | None = None
    ) -> Verdict:
        """Whether the conclusion holds on this instance, whatever the hypotheses say.

        Parameters: `problem`; `parameters`, the point that the theorem is about; `other`, a second point, for conclusions
        about two. Returns: PROVED if the conclusion holds here, REFUTED if it fails here, UNDECIDED with the reason.
        Exactness: exact. Raises: `ShapeError` for parameters of another network. Source: the paper.
        """
        self._check_problem(problem, "conclusion", parameters, other)
        if self.has_restriction and not isinstance(problem, RestrictedProblem):
            return Verdict(Status.UNDECIDED, ALL_FREE)
        if self.conclude is None:
            return Verdict(Status.UNDECIDED, "this conclusion is not decided on instances; see the theorem's remarks")
        if self.is_about_a_point and parameters is None:
            return Verdict(Status.UNDECIDED, "the conclusion is about a point, and no parameters are given")
        try:
            return self.conclude(problem, parameters, other)
        except UnsupportedError as error:
            return Verdict(Status.UNDECIDED, str(error))

    def examine(self, problem: AnyProblem, parameters: Parameters | None = None) -> Report:
        """`check`, with the verdict of `conclusion` in the report."""
        return replace(self.check(problem, parameters), conclusion=self.conclusion(problem, parameters))

    def does_not_apply(self, instance: AnyProblem, parameters: Parameters | None = None) -> str | None:
        """Why the theorem is not about this problem at all (a hypothesis of its setting fails, no point is given), or None."""
        if self.has_restriction != isinstance(instance, RestrictedProblem):
            return ALL_FREE if self.has_restriction else "it is about free parameters, and those of this problem are restricted"
        problem = whole(instance)
        if not problem.network.is_piecewise_linear and not self.is_about_smooth:
            return f"exactsurf checks it for piecewise linear activations only, and {problem.network.activation!r} is smooth"
        if problem.decay is not None and not self.has_decay:
            return "it is about risks without weight decay"
        if not problem.network.is_piecewise_linear and not problem.without_decay.is_least_squares:
            return _SQUARED_ONLY
        if self.is_about_a_point and parameters is None:
            return "it is about a point, and the problem has no parameters"
        for hypothesis in self.hypotheses:
            if hypothesis.setting:
                finding = hypothesis.finding(instance, parameters)
                if finding.status is Status.REFUTED:
                    return finding.witness
        return None

    def sharpness(self) -> tuple[SharpnessExample, ...]:
        """Small instances that violate exactly one hypothesis and on which the conclusion fails."""
        return tuple(example for example in self._examples() if example.hypothesis is not None)

    def counterexamples(self) -> tuple[SharpnessExample, ...]:
        """Small instances on which every hypothesis holds and the conclusion fails: the claim is refuted as worded."""
        return tuple(example for example in self._examples() if example.hypothesis is None)

    def _check_problem(self, instance: AnyProblem, method: str, *points: Parameters | None) -> None:
        problem = whole(instance) if self.has_restriction else instance
        (check_problem if self.is_about_smooth else check_piecewise_linear)(problem, f"{self.key}.{method}")
        if not self.has_decay:
            problem.check_no_decay()
        assert isinstance(problem, Problem)
        _check_smooth(problem)
        for point in points:
            if point is not None:
                problem.check_shapes(point)
                if isinstance(instance, RestrictedProblem):
                    instance.values(point)

    def _examples(self) -> tuple[SharpnessExample, ...]:
        return () if self.examples is None else self.examples()
