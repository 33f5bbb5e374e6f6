"""The one door upwards: what stands on a value in the interface, but is made on a floor above it.

A notebook asks the value itself for its representation, and ``land.plot()`` and ``problem.cell(theta)`` read better than a
function of another package. Nothing above is loaded before a function here is called, and nothing else imports upwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from exactsurf.cells.cell import Cell as Cell
    from exactsurf.cells.restricted_cell import RestrictedCell as RestrictedCell
    from exactsurf.certificate.verdict import Verdict
    from exactsurf.effort import Effort
    from exactsurf.exact.balls import Ball
    from exactsurf.minima.senses.senses import Stationarity
    from exactsurf.minima.smooth.critical_box import CriticalBox
    from exactsurf.minima.spurious import LowerSearch
    from exactsurf.minima.walls.box import BoxOnWalls
    from exactsurf.model.parameters import Parameters
    from exactsurf.model.point import Point
    from exactsurf.model.problem import Problem
    from exactsurf.model.restricted_problem import RestrictedProblem
    from exactsurf.search.claims import Claim
    from exactsurf.surface.levels.enclosed_landscape import EnclosedLandscape
    from exactsurf.surface.restricted.restricted_landscape import RestrictedLandscape
    from exactsurf.surface.surface import Landscape
    from exactsurf.theorems.theorem import Report, Theorem


def cell(problem: Problem, parameters: Parameters, side: Parameters | Literal["left", "right"] | None) -> Cell:
    """`cells.cell.cell_of`."""
    from exactsurf.cells.cell import cell_of

    return cell_of(problem, parameters, side=side)


def restricted_cell(
    problem: RestrictedProblem, parameters: Parameters, side: Parameters | Literal["left", "right"] | None
) -> RestrictedCell:
    """`cells.restricted_cell.restricted_cell_of`."""
    from exactsurf.cells.restricted_cell import restricted_cell_of

    return restricted_cell_of(problem, parameters, side=side)


def lower_point(point: Point, effort: Effort) -> LowerSearch:
    """`search.lower_points.find_lower_point`, which `decide` asks whether a local minimum is spurious."""
    from exactsurf.search.lower_points import find_lower_point

    return find_lower_point(point, effort)


def theorem(key: str) -> Theorem | None:
    """The theorem of `papers.THEOREMS` with this key, None if there is none: what a pickled theorem is read as."""
    from exactsurf.papers import THEOREMS

    return THEOREMS.get(key)


def ready_claim(key: str) -> Claim | None:
    """The claim of `search.ready_claims.CLAIMS` with this key, None if there is none."""
    from exactsurf.search.ready_claims import CLAIMS

    return CLAIMS.get(key)


def tree_plot(land: Landscape | EnclosedLandscape | RestrictedLandscape, ax: Axes | None) -> Axes:
    """`show.plots.tree_plot.plot_tree`."""
    from exactsurf.show.plots.tree_plot import plot_tree

    return plot_tree(land, ax=ax)


def problem_html(problem: Problem) -> str:
    """A problem in a notebook."""
    from exactsurf.show.pages import notebook_view

    return notebook_view.problem_html(problem)


def ball_html(ball: Ball) -> str:
    """An enclosed number in a notebook."""
    from exactsurf.show.pages import notebook_view

    return notebook_view.ball_html(ball)


def ball_latex(ball: Ball) -> str:
    """An enclosed number as LaTeX."""
    from exactsurf.show.pages import notebook_view

    return notebook_view.ball_latex(ball)


def cell_html(cell: Cell) -> str:
    """A cell in a notebook."""
    from exactsurf.show.pages import notebook_view

    return notebook_view.cell_html(cell)


def verdict_html(verdict: Verdict) -> str:
    """A verdict in a notebook."""
    from exactsurf.show.pages import notebook_view

    return notebook_view.verdict_html(verdict)


def stationarity_html(found: Stationarity) -> str:
    """The senses of stationarity in a notebook."""
    from exactsurf.show.pages import notebook_view

    return notebook_view.stationarity_html(found)


def box_html(box: CriticalBox | BoxOnWalls) -> str:
    """A box with one critical point, or with a minimum on walls, in a notebook."""
    from exactsurf.show.pages import notebook_view

    return notebook_view.box_html(box)


def report_html(report: Report) -> str:
    """A theorem's report in a notebook."""
    from exactsurf.show.pages import notebook_view

    return notebook_view.report_html(report)


def parameters_html(parameters: Parameters) -> str:
    """Parameters in a notebook."""
    from exactsurf.show.pages import notebook_view

    return notebook_view.parameters_html(parameters)


def parameters_latex(parameters: Parameters) -> str:
    """Parameters as LaTeX."""
    from exactsurf.show.pages import notebook_view

    return notebook_view.parameters_latex(parameters)


def landscape_html(land: Landscape) -> str:
    """A landscape in a notebook."""
    from exactsurf.show.pages import notebook_view

    return notebook_view.landscape_html(land)
