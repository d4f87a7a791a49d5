"""The list of people of an event as a file for a spreadsheet. Without phones and mails: what lies in a file is out of
our hands. Nothing in it can start as a formula."""

import csv
import io

from django.utils import timezone
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

# A spreadsheet takes a cell that begins with one of these for a formula.
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
LARGEST_TITLE = 31
CSV, XLSX = "csv", "xlsx"


def table(people):
    """Rows of text, the first one with the names of the columns."""
    yield [_("No."), _("First name and surname"), _("State"), _("Needs"), _("Registered at")]
    for number, registration in enumerate(people, start=1):
        yield [
            str(number),
            registration.person_name,
            str(registration.get_state_display()),
            registration.needs,
            f"{timezone.localtime(registration.queued_at):%Y-%m-%d %H:%M}",
        ]


def as_csv(rows):
    """Semicolons and the byte order mark: so it opens in a Polish spreadsheet with one click."""
    file = io.StringIO()
    csv.writer(file, delimiter=";").writerows([harmless(cell) for cell in row] for row in rows)
    return ("\ufeff" + file.getvalue()).encode()


def harmless(text):
    return f"'{text}" if text.startswith(STARTS_FORMULA) else text


def as_workbook(rows, *, title):
    book = Workbook(write_only=True)
    sheet = book.create_sheet("".join(sign for sign in title if sign not in "[]:*?/\\'")[:LARGEST_TITLE] or "1")
    for row in rows:
        sheet.append([_text(sheet, words) for words in row])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _text(sheet, words):
    """A cell of text, whatever it begins with."""
    cell = WriteOnlyCell(sheet, value=words)
    cell.data_type = "s"
    return cell
