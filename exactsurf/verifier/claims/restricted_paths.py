"""Claims about paths of values of the free parameters of a restriction, and all valleys (FORMAT.md, section 57)."""

from __future__ import annotations

from ..arithmetic.document import Field
from ..arithmetic.effort import price, spend
from ..arithmetic.rational import Rational, display
from ..arithmetic.rational_rows import bits_of, dot
from ..free_tree import FreeNetwork, Region, check_leaves
from ..problem import Point, Problem
from ..restricted_path import check_straight, read_place, read_places
from ..restriction import Restriction
from ..sided_tree import SidedTree, check_walls, read_sided_tree
from ..submission import Note, Submission, check_sentence, counted, samples_text
from .restricted_surface import read_network, read_values, restricted_risk


def _named(problem: Problem, restriction: Restriction) -> tuple[str, str]:
    """What a sentence calls the free parameters, and the problem."""
    free = counted(restriction.free, "free parameter")
    return free, f"the {problem.architecture} network on {samples_text(problem)}"


def check_path(submission: Submission) -> tuple[str, None]:
    """Check the claim `path of a restricted risk`; its sentence."""
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, level_field = claim.fields("kind", "sentence", "level")
    (path,) = evidence.fields("path")
    problem, restriction, _ = read_network(submission, problem_field)
    free, where = _named(problem, restriction)
    level = level_field.number()
    sentence = check_sentence(
        sentence_field,
        f"The given path of values of the {free} leads from its first point to its last at a {restricted_risk(problem)} of at"
        f" most {level_field.text()} of {where}.",
    )
    read_places(problem, restriction, path, level, submission.done)
    return sentence, None


def check_barrier(submission: Submission) -> tuple[str, None]:
    """Check the claim `barrier of a restricted risk`; its sentence."""
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, level_field = claim.fields("kind", "sentence", "level")
    path, nodes, walls = evidence.fields("path", "nodes", "walls")
    problem, restriction, network = read_network(submission, problem_field)
    free, where = _named(problem, restriction)
    level = level_field.number()
    sentence = check_sentence(
        sentence_field,
        f"Every path of values of the {free} between the first and the last point of the given path reaches a"
        f" {restricted_risk(problem)} of at least {level_field.text()} of {where}, and the given path no more.",
    )
    points = read_places(problem, restriction, path, level, submission.done)
    entries = path.items()
    for entry, point in ((entries[0], points[0]), (entries[-1], points[-1])):
        if point.risk >= level:
            raise entry.reject("this end has the risk of the barrier itself")
    tree = read_sided_tree(network, nodes, level, None)
    for side, entry in ((0, entries[0]), (1, entries[-1])):
        _check_side(tree, entry, entry.vector(restriction.free), side)
    _check_walls(network, tree, walls, level, submission.done)
    return sentence, None


def check_spurious_valley(submission: Submission) -> tuple[str, Rational]:
    """Check the claim `spurious valley of a restricted risk`; its sentence and the risk of the bottom."""
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, stated, barrier_field, values = claim.fields("kind", "sentence", "risk", "barrier", "values")
    path, nodes, walls = evidence.fields("path", "nodes", "walls")
    problem, restriction, network = read_network(submission, problem_field)
    free, where = _named(problem, restriction)
    barrier = barrier_field.number()
    sentence = check_sentence(
        sentence_field,
        f"The given values of the {free} are a bottom of a spurious valley of the {restricted_risk(problem)} of {where}: every"
        f" path from them to values of lower risk reaches at least {barrier_field.text()}, and one path no more.",
    )
    bottom = read_values(problem, restriction, values, stated)
    submission.done(f"risk recomputed: {display(bottom.risk.numerator, bottom.risk.denominator)}")
    if bottom.risk >= barrier:
        raise barrier_field.reject("not above the risk of the given values")
    points = read_places(problem, restriction, path, barrier, submission.done, bottom)
    if points[-1].risk >= bottom.risk:
        raise path.items()[-1].reject("the path does not end at a lower risk")
    tree = read_sided_tree(network, nodes, barrier, bottom.risk)
    _check_side(tree, values, values.vector(restriction.free), 0)
    _check_walls(network, tree, walls, barrier, submission.done)
    return sentence, bottom.risk


def _check_side(tree: SidedTree, field: Field, values: list[Rational], side: int) -> None:
    if tree.side_at(values) != {side}:
        raise field.reject(f"not in regions of side {side} only")


def _check_walls(network: FreeNetwork, tree: SidedTree, walls: Field, level: Rational, done: Note) -> None:
    checked = check_walls(network, tree, walls, level)
    leaves = len(tree.sides)
    counts = f"{leaves} {'leaf' if leaves == 1 else 'leaves'}, {counted(checked, 'wall')} between the two sides"
    done(f"tree over the free parameters: {counts}, nowhere crossed below the level")


def check_all_valleys(submission: Submission) -> tuple[str, None]:
    """Check the claim `all valleys of a restricted risk`; its sentence."""
    format_field, claim, problem_field, evidence = submission.root.fields("format", "claim", "problem", "evidence")
    submission.check_second_format(format_field)
    _, sentence_field, count_field = claim.fields("kind", "sentence", "valleys")
    points_field, leads_to, nodes = evidence.fields("points", "leads_to", "nodes")
    problem, restriction, network = read_network(submission, problem_field)
    free, where = _named(problem, restriction)
    count = count_field.number()
    entries = points_field.items()
    if count.denominator > 1 or not 1 <= count <= len(entries):
        raise count_field.reject("expected an integer from 1 to the number of points")
    sentence = check_sentence(
        sentence_field,
        f"From all values of the {free} some path on which the {restricted_risk(problem)} never rises above that of its beginning"
        f" leads to one of the first {counted(int(count), 'given point')}, for {where}.",
    )
    points = [read_place(problem, restriction, entry) for entry in entries]
    _check_steps(points, entries, leads_to, int(count))
    submission.done(f"{counted(len(points), 'point')}, of which all but the first {int(count)} lead to earlier ones")
    places = [entry.vector(restriction.free) for entry in entries]

    def check(node: Field, region: Region) -> None:
        point, *_ = node.fields("point", *network.leaf)
        number = point.index(len(points))
        here = [*places[number], 1]
        spend(len(region.forms) * len(here) * price(bits_of(here)))
        if any(dot(form, here) < 0 for form in region.forms):
            raise point.reject("this point is not in the region")
        if any(network.pre_activations(region, i, problem.hidden_layers) is None for i in range(problem.samples)):
            raise node.reject("not all predictions are known here")
        network.check_bound(region, node, points[number].risk)

    leaves = check_leaves(network, nodes, check)
    submission.done(f"tree over the free parameters: {leaves} {'leaf' if leaves == 1 else 'leaves'}, each with a lowest point")
    return sentence, None


def _check_steps(points: list[Point], entries: list[Field], leads_to: Field, count: int) -> None:
    """Every point but the first ones leads straight to an earlier one that is not higher."""
    for number, field in enumerate(leads_to.items(len(points) - count), start=count):
        earlier = field.index(number)
        if points[earlier].risk > points[number].risk:
            raise field.reject("a point that is higher")
        check_straight(points[number], points[earlier], entries[number])
