"""HTML tables, which notebooks show instead of `repr()`. All texts are escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime
from typing import Any, Final, TypeVar

from mturk_mock.core.quoting import shorten

ItemT = TypeVar("ItemT")

#: The values that a notebook shows of an object, by attribute name.
Cells = Mapping[str, object]

ROWS_SHOWN: Final = 20
_LONGEST: Final = 100  # characters of a cell
#: The classes make MathJax 2 and 3 ignore the table; it would read "$1 to $2" as a formula.
_TABLE: Final = '<table class="tex2jax_ignore mathjax_ignore">'


class Listing(list[ItemT]):
    """A list that a notebook shows as a table, with a row for each item."""

    def _repr_html_(self) -> str:
        shown = write_table([_cells_of(item) for item in self[:ROWS_SHOWN]])
        return f"{shown}<p>{len(self)} in all</p>" if len(self) > ROWS_SHOWN else shown


def _cells_of(item: Any) -> Cells:
    if is_dataclass(item):
        return {field.name: getattr(item, field.name) for field in fields(item)}
    cells: Cells = item._cells()
    return cells


def show_value(value: object) -> str:
    """Return the text that a table shows for a value."""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, float):
        return f"{value:.1f}"
    return "" if value is None else str(value)


def write_table(rows: Sequence[Cells]) -> str:
    """Return a table with a column for each name that any row has."""
    names = dict.fromkeys(name for row in rows for name in row)
    lines = [_line("th", names)]
    lines += (_line("td", [row.get(name) for name in names]) for row in rows)
    return f"{_TABLE}{''.join(lines)}</table>" if rows else "<p>none</p>"


def write_card(title: str, cells: Cells) -> str:
    """Return a table of one object, with a line for each name."""
    lines = (f"<tr>{_cell('th', name)}{_cell('td', value)}</tr>" for name, value in cells.items())
    return f"{_TABLE}<caption>{html.escape(title)}</caption>{''.join(lines)}</table>"


def _line(tag: str, values: Iterable[object]) -> str:
    return f"<tr>{''.join(_cell(tag, value) for value in values)}</tr>"


def _cell(tag: str, value: object) -> str:
    return f"<{tag}>{html.escape(shorten(show_value(value), _LONGEST))}</{tag}>"
