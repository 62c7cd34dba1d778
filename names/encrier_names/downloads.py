# SPDX-License-Identifier: AGPL-3.0-or-later
"""Files that a page gives to keep, under names that name nobody; tables for a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.http import HttpResponse
from django.http.response import HttpResponseBase

R = TypeVar("R", bound=HttpResponseBase)


def kept_as(response: R, name: str) -> R:
    """Let a browser keep a response as a file; give the response."""
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF; `name` without its ending."""
    return kept_as(HttpResponse(content, content_type="application/pdf"), f"{name}.pdf")


def table(rows: Iterable[Sequence[object]], name: str) -> HttpResponse:
    """A table for a spreadsheet, its header first; `name` without its ending."""
    written = io.StringIO()
    lines = csv.writer(written, delimiter=";", lineterminator="\r\n")
    lines.writerows([_harmless(str(cell)) for cell in row] for row in rows)
    content = written.getvalue().encode("utf-8-sig")  # spreadsheets then read it as UTF-8
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    return kept_as(response, f"{name}.csv")


def _harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
