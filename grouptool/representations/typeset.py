"""Character tables on paper: text that fits a terminal, LaTeX and HTML.

Public: Irrational, value_text, text, latex, html, notice.
"""

from __future__ import annotations

import html as markup
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from .characters import CharacterTable, letters
from .cyclotomic import Cyclotomic

__all__ = ["Irrational", "html", "latex", "notice", "text", "value_text"]

Irrational = Literal["sqrt", "E", "float"]
"""How irrational numbers are written: with square roots where they serve, as sums of E(N)^k, or in decimals."""

WIDEST = 14
"""Characters of a value in a table; longer ones are replaced by letters, with a legend, as in the ATLAS."""

TYPES = {1: "real", 0: "complex", -1: "quaternionic"}


def value_text(value: Cyclotomic, irrational: Irrational = "sqrt") -> str:
    """A value as text.

    >>> golden = Cyclotomic.root(5) + Cyclotomic.root(5, 4)
    >>> [value_text(golden, form) for form in ("sqrt", "E", "float")]
    ['(-1+sqrt(5))/2', 'E(5)+E(5)^4', '0.618034']
    """
    if irrational == "sqrt" or value.is_rational:
        return str(value)
    if irrational == "E":
        return value.roots_text()
    number = complex(value)
    real, imaginary = (0.0 if abs(part) < 5e-7 else part for part in (number.real, number.imag))
    if not imaginary:
        return f"{real:.6g}"
    return f"{real:.6g}{imaginary:+.6g}i" if real else f"{imaginary:.6g}i"


@dataclass(frozen=True)
class _Cells:
    """The values of a table as texts, long ones as letters.

    Attributes:
        rows: k texts for each of the k characters.
        legend: letter and the text that it stands for.
    """

    rows: list[list[str]]
    legend: list[tuple[str, str]]


def _cells(table: CharacterTable, irrational: Irrational) -> _Cells:
    texts = {number: value_text(table.numbers[number], irrational) for number in {*table.index.ravel().tolist()}}
    legend: dict[str, str] = {}
    rows = []
    for row in table.index.tolist():
        cells = []
        for number in row:
            cell = texts[number]
            if len(cell) > WIDEST:
                cell = legend.setdefault(cell, letters(len(legend)).upper())
            cells.append(cell)
        rows.append(cells)
    return _Cells(rows, [(letter, cell) for cell, letter in legend.items()])


def text(table: CharacterTable, *, width: int = 120, irrational: Irrational = "sqrt") -> str:
    """The table in blocks of columns that fit a width, each headed by class numbers, element orders and sizes.

    Args:
        width: characters of a line; one column is printed even where it is too narrow.

    A legend of letters, and the class representatives by number, follow.
    """
    cells, columns = _cells(table, irrational), table.columns
    heads = [f"{j}: {order}" for j, order in enumerate(columns.element_orders.tolist())]
    sizes = [str(size) for size in columns.sizes.tolist()]
    stub = ["character", "size", *table.names]
    types = ["type", "", *(TYPES[indicator] for indicator in table.indicators.tolist())]
    full = [[heads[j], sizes[j], *(row[j] for row in cells.rows)] for j in range(len(heads))]
    lines: list[str] = []
    for block in _blocks(full, width - _widest(stub) - _widest(types) - 2):
        lines += ([""] if lines else []) + _aligned([stub, *block, types])
    if cells.legend:
        lines += ["", *(f"{letter} = {value}" for letter, value in cells.legend)]
    pairs = [f"{j}: {label}" for j, label in enumerate(columns.labels)]
    return "\n".join([*lines, "", *_wrapped("class representatives:", pairs, width)])


def _wrapped(title: str, items: list[str], width: int) -> Iterator[str]:
    line = title
    for item in items:
        joined = line + (" " if line == title else "  ") + item
        if len(joined) > width:
            yield line
            joined = " " + item
        line = joined
    yield line


def _widest(column: list[str]) -> int:
    return max(map(len, column))


def _blocks(columns: list[list[str]], room: int) -> Iterator[list[list[str]]]:
    """Runs of columns that fit, two blanks apart."""
    block: list[list[str]] = []
    used = 0
    for column in columns:
        wide = _widest(column) + 2
        if block and used + wide > room:
            yield block
            block, used = [], 0
        block.append(column)
        used += wide
    yield block


def _aligned(columns: list[list[str]]) -> list[str]:
    widths = [_widest(column) for column in columns]
    rows = [
        "  ".join(cell.ljust(wide) for cell, wide in zip(row, widths, strict=True)).rstrip()
        for row in zip(*columns, strict=True)
    ]
    return [rows[0], "  ".join("-" * wide for wide in widths), *rows[1:]]


def latex(table: CharacterTable, *, irrational: Irrational = "sqrt") -> str:
    """A LaTeX array, in dollars: class representatives' orders and sizes above, characters below.

    Class j with elements of order o is headed o_j; E(N) is written as zeta_N.
    """
    columns = table.columns
    exact = {number: _latex_value(table.numbers[number], irrational) for number in {*table.index.ravel().tolist()}}
    orders = columns.element_orders.tolist()
    head = " & ".join(["", *(rf"\mathrm{{{order}}}_{{{j}}}" for j, order in enumerate(orders))])
    sizes = " & ".join([r"|K|", *map(str, columns.sizes.tolist())])
    body = [
        " & ".join([rf"\chi_{{{_latex_name(name)}}}", *(exact[number] for number in row)])
        for name, row in zip(table.names, table.index.tolist(), strict=True)
    ]
    lines = [head + r" \\", sizes + r" \\ \hline", *(line + r" \\" for line in body)]
    return "\n".join([rf"$\begin{{array}}{{r|{'r' * len(table)}}}", *lines, r"\end{array}$"])


def _latex_value(value: Cyclotomic, irrational: Irrational) -> str:
    if irrational == "sqrt" or value.is_rational:
        return value.latex()
    if irrational == "float":
        return value_text(value, "float")
    roots = re.sub(r"(\d+)/(\d+)\*?", r"\\frac{\1}{\2}", value.roots_text())
    roots = re.sub(r"E\((\d+)\)(?:\^(\d+))?", lambda m: rf"\zeta_{{{m[1]}}}" + (f"^{{{m[2]}}}" if m[2] else ""), roots)
    return roots.replace("*", "")


def _latex_name(name: str) -> str:
    """A name as a subscript; exponents of partitions in braces."""
    return re.sub(r"\^(\d+)", r"^{\1}", name.replace("[", "(").replace("]", ")"))


def html(table: CharacterTable, *, irrational: Irrational = "sqrt") -> str:
    """An HTML table; long values as letters, with a legend; each class with its representative as a title."""
    cells, columns = _cells(table, irrational), table.columns
    heads = "".join(
        f'<th title="{markup.escape(label)}">{j}: {order}</th>'
        for j, (label, order) in enumerate(zip(columns.labels, columns.element_orders.tolist(), strict=True))
    )
    sizes = "".join(f"<td>{size}</td>" for size in columns.sizes.tolist())
    rows = "".join(
        f"<tr><th>{markup.escape(name)}</th>{''.join(f'<td>{markup.escape(cell)}</td>' for cell in row)}"
        f"<td>{TYPES[indicator]}</td></tr>\n"
        for name, row, indicator in zip(table.names, cells.rows, table.indicators.tolist(), strict=True)
    )
    legend = "<br/>".join(f"{letter} = {markup.escape(value)}" for letter, value in cells.legend)
    return (
        f'<table class="characters">\n<caption>{markup.escape(columns.name)}, order {columns.order:,}</caption>\n'
        f"<thead><tr><th>character</th>{heads}<th>type</th></tr></thead>\n<tbody>\n"
        f"<tr><th>size</th>{sizes}<td></td></tr>\n{rows}</tbody>\n</table>\n" + (f"<p>{legend}</p>\n" if legend else "")
    )


def notice(table: CharacterTable) -> str:
    """One line of HTML in place of a table that is too large for a page.

    >>> from grouptool import group
    >>> from grouptool.representations import character_table
    >>> notice(character_table(group("C61")))
    '<p>&lt;CharacterTable of C61, order 61, 61 characters&gt;: typeset.text, html and latex show all of it</p>\\n'
    """
    return f"<p>{markup.escape(repr(table))}: typeset.text, html and latex show all of it</p>\n"
