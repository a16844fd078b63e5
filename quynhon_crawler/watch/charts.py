"""Charts as SVG, drawn here: a report is one file that asks no other host for anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT, _LEFT, _BELOW, _TOP = 720, 190, 54, 24, 8


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of stacked ``parts``, from the bottom up; ``label`` stands below it, where there is room."""

    label: str
    parts: tuple[float, ...]


def bars(title: str, names: Sequence[str], values: Sequence[Bar], *, unit: str = "") -> str:
    """Stacked bars. ``names`` are of the parts, for the legend; a bar tells its numbers when pointed at."""
    most = max((sum(bar.parts) for bar in values), default=0) or 1
    top, step = _round_up(most)
    room = (_WIDTH - _LEFT) / max(len(values), 1)
    width = min(room * 0.8, 40)
    plot = _HEIGHT - _BELOW - _TOP
    shapes = []
    for line in range(int(top / step) + 1):
        y = _TOP + plot - plot * line * step / top
        shapes.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH}" y1="{y:.1f}" y2="{y:.1f}"/>')
        shapes.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" class="end">{_number(line * step)}</text>')
    every = max(len(values) // 8, 1)
    for number, bar in enumerate(values):
        x, y = _LEFT + room * number + (room - width) / 2, float(_TOP + plot)
        told = ", ".join(f"{part:,.0f} {name}" for part, name in zip(bar.parts, names, strict=True))
        shapes.append(f"<g><title>{escape(f'{bar.label}: {told}{unit}')}</title>")
        for part, value in enumerate(bar.parts):
            height = plot * value / top
            y -= height
            shapes.append(
                f'<rect class="s{part + 1}" x="{x:.1f}" y="{y:.1f}" '
                f'width="{width:.1f}" height="{height:.1f}"/>'
            )
        shapes.append("</g>")
        if number % every == 0:
            shapes.append(
                f'<text x="{x + width / 2:.1f}" y="{_HEIGHT - 6}" class="middle">{escape(bar.label)}</text>'
            )
    return _figure(title, names, shapes, _HEIGHT)


def shares(title: str, rows: Sequence[tuple[str, int, int]]) -> str:
    """How much of each whole is there: (name, part, whole), one horizontal bar each."""
    shapes = []
    for number, (name, part, whole) in enumerate(rows):
        y = number * 30
        share = min(part / whole, 1) if whole else 1
        shapes.append(f'<text x="0" y="{y + 12}">{escape(name[:70])}</text>')
        shapes.append(f'<text x="{_WIDTH}" y="{y + 12}" class="end">{part:,} of {whole:,}</text>')
        shapes.append(f'<rect class="rest" x="0" y="{y + 17}" width="{_WIDTH}" height="7"/>')
        shapes.append(f'<rect class="s1" x="0" y="{y + 17}" width="{_WIDTH * share:.1f}" height="7"/>')
    return _figure(title, (), shapes, max(len(rows) * 30, 30))


def _figure(title: str, names: Sequence[str], shapes: list[str], height: int) -> str:
    legend = "".join(
        f'<span><i class="s{part + 1}"></i>{escape(name)}</span>' for part, name in enumerate(names)
    )
    return (
        f'<figure><figcaption>{escape(title)} <span class="legend">{legend}</span></figcaption>'
        f'<div class="scroll" tabindex="0"><svg viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(title)}">'
        f"{''.join(shapes)}</svg></div></figure>"
    )


def _round_up(most: float) -> tuple[float, float]:
    """The top of the scale and its step: 1, 2 or 5 times a power of ten, two to five lines."""
    power = 1.0
    while power * 10 <= most:
        power *= 10
    step = next(power * factor for factor in (0.2, 0.5, 1, 2, 5) if power * factor * 5 >= most)
    step = max(step, 1)
    top = step
    while top < most:
        top += step
    return top, step


def _number(value: float) -> str:
    for size, unit in ((1e9, " G"), (1e6, " M"), (1e4, " k")):
        if value >= size:
            return f"{value / (1e3 if unit == ' k' else size):,.0f}{unit}"
    return f"{value:,.0f}"
