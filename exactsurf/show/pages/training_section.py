"""What training finds, for the page of a landscape: a histogram of runs against the list of all valleys."""

from __future__ import annotations

from html import escape

from exactsurf.show.pages.level_html import level_html, level_text
from exactsurf.show.plots.training_plot import TrainingBar, plot_training_data
from exactsurf.surface.training.valley_counts import TrainingValleys

_BARS = 40  # at most
_HEIGHT, _STEP, _LEFT, _TOP = 180, 44, 20, 24


def training_section(found: TrainingValleys) -> str:
    """A bar for every valley with the runs that it has captured, and pale ones for runs that none has; the same as a table.

    Of very many valleys the lowest are shown, and all that have captured a run. Parameters: `found`, from `training_valleys`.
    Returns: a section. Exactness: counts are exact for the given points; numbers without ≈ are exact. Raises: nothing.
    Source: theory.md, theorem B.
    """
    bars = [bar for place, bar in enumerate(plot_training_data(found)) if place < _BARS or bar.runs]
    total, held = len(found.runs), sum(found.counts)
    undecided = len(found.undecided_runs)
    words = f"{held} of {total} run{'s' * (total != 1)} of training ended captured by a valley: no path from the last point that "
    words += "never rises leads to any other valley. Pale bars are runs that may still go down, or lie on a plateau."
    if undecided:
        words += f" Of these {undecided} are perhaps captured; the enclosures do not tell."
    rows = "".join(
        f"<tr><td>{escape(_name(bar))}</td><td>{level_html(bar.risk)}</td><td>{_kind(bar)}</td><td>{bar.runs}</td></tr>"
        for bar in bars
    )
    head = "<tr><th></th><th>least risk</th><th></th><th>runs</th></tr>"
    return (
        f'<section data-role="training"><h2>Which valley training finds</h2><p>{words}</p><div class="columns">'
        f'<div>{_svg(bars)}</div><div class="table"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'
        "</div></section>"
    )


def _svg(bars: list[TrainingBar]) -> str:
    width, height = 2 * _LEFT + _STEP * len(bars), _HEIGHT + _TOP + 24
    most = max((bar.runs for bar in bars), default=0) or 1
    parts = []
    for place, bar in enumerate(bars):
        x, tall = _LEFT + _STEP * place, _HEIGHT * bar.runs // most
        colour, pale = ("#e69f00" if bar.is_spurious else "#009e73"), "" if bar.valley is not None else ' fill-opacity="0.35"'
        label = "open" if bar.valley is None else str(bar.valley)
        top = _TOP + _HEIGHT - tall
        parts.append(
            f'<rect x="{x + 6}" y="{top}" width="{_STEP - 12}" height="{tall}" fill="{colour}"{pale}>'
            f"<title>{escape(f'{_name(bar)}, risk {level_text(bar.risk)}: {bar.runs} runs')}</title></rect>"
            f'<text x="{x + _STEP // 2}" y="{top - 6}" class="tick" text-anchor="middle">{bar.runs}</text>'
            f'<text x="{x + _STEP // 2}" y="{height - 6}" class="tick" text-anchor="middle">{label}</text>'
        )
    base = _TOP + _HEIGHT
    line = f'<line x1="{_LEFT}" y1="{base}" x2="{width - _LEFT}" y2="{base}" class="branch"/>'
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    return f'<svg {size} role="img"><title>runs by valley</title>{"".join(parts)}{line}</svg>'


def _name(bar: TrainingBar) -> str:
    return "not captured" if bar.valley is None else f"valley {bar.valley}"


def _kind(bar: TrainingBar) -> str:
    return "" if bar.valley is None else "spurious" if bar.is_spurious else "global"
