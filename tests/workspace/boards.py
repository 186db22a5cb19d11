"""Reading a board as its reader does: every figure, every mark of a chart, and the list behind each."""

import html
import re
from typing import Any

from tests.workspace.conftest import rows_of

__all__ = ["all_figures", "assert_figures_are_lists", "length_of"]

_FIGURE = re.compile(r'<li class="figure[^"]*"><a href="([^"]+)"><strong>([\d.]+)</strong>')
_COLUMN = re.compile(r'<a href="([^"]+)" aria-label="[^"]+: ([\d.]+)"><rect')
_BAR = re.compile(
    r'<th scope="row"><a href="([^"]+)">[^<]*</a>(?:<small>.*?</small>)?</th>'
    r'<td class="bar">.*?</td><td class="right">([\d.]+)<'
)
_CELL = re.compile(r'href="([^"]+)" data-count="(\d+)"')
_PLACE = re.compile(r'<td class="right"[^>]*><a href="([^"]+)" aria-label="[\d.]+ [^"]+">([\d.]+)</a>')


def all_figures(page: str) -> list[tuple[str, int]]:
    """(address, number) of everything on a page that counts: key figures, columns, bars, cells."""
    page = html.unescape(page)
    found = [one for kind in (_FIGURE, _COLUMN, _BAR, _CELL, _PLACE) for one in kind.findall(page)]
    return [(address, int(number.replace(".", ""))) for address, number in found]


def length_of(client: Any, address: str) -> int:
    """How many rows the list behind a figure has, page after page."""
    rows = rows_of(client, address)
    if rows:
        return len(rows)
    response = client.get(address)
    assert response.status_code == 200, address
    body = re.search(r"<tbody>(.*?)</tbody>", response.content.decode(), re.DOTALL)
    return body[1].count("<tr") if body else 0


def assert_figures_are_lists(client: Any, address: str, *, least: int) -> None:
    """Each of a board's figures, of which there are ``least`` at least, is the length of its list."""
    page = client.get(address)
    assert page.status_code == 200
    figures = all_figures(page.content.decode())
    assert len(figures) >= least, figures
    for behind, number in figures:
        assert length_of(client, behind) == number, behind
