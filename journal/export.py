"""The log as a file for a spreadsheet: CSV as a stream, or Excel."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from config.wording import shown_time
from journal.taking_out import excel, plain
from journal.wording import Line


def as_csv(lines: Iterable[Line], name: str) -> HttpResponseBase:
    """A CSV file in UTF-8 with the mark that Excel looks for; sent as it is read."""
    answer = StreamingHttpResponse(_csv(lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def as_excel(lines: Iterable[Line], name: str) -> HttpResponseBase:
    """An Excel workbook of one sheet."""
    return excel(name, _("Journal"), _headings(), map(_row, lines))


def _csv(lines: Iterable[Line]) -> Iterator[str]:
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow(_headings())
    for line in lines:
        writer.writerow(_row(line))
        if buffer.tell() > 65536:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def _headings() -> list[str]:
    return [
        _("Event"),
        _("When"),
        _("Operation"),
        _("Verb"),
        _("About"),
        _("Done by"),
        _("Post"),
        _("Area code"),
        _("Facts"),
        _("Written down"),
        _("Hash"),
    ]


def _row(line: Line) -> list[str | int]:
    event = line.event
    return [
        event.pk,
        shown_time(line.at),
        plain(line.text),
        event.verb,
        plain(line.subject),
        plain(line.who),
        plain(line.post),
        event.area_code,
        plain(json.dumps(event.data, ensure_ascii=False)),
        shown_time(event.recorded_at),
        event.hash,
    ]
