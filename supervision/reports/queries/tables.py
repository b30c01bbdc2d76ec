"""The tables of a report, from nothing but what was frozen: the page, the PDF and the workbook show these and no others."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from supervision.functions.states import Function, function_label
from supervision.reports.document import Column, Table
from supervision.reports.policy import NOBODY, Row, hours
from supervision.sessions.states import Mode
from supervision.supervisors.states import Form, Tier

COUNTED = (
    *("supervisors", "pairings", "trainees", "covered", "sessions", "confirmed", "minutes", "given"),
    *("objected", "quiet", "late", "no_agreement"),
)


def row_of(frozen: Mapping[str, Any]) -> Row:
    """A frozen row, read back."""
    counts = {what: frozen[what] for what in COUNTED if what in frozen} | dict(frozen["kinds"])
    quality = frozen["quality"]
    rated = ((frozen["rated"], Decimal(quality)),) if quality is not None else ()
    return Row(frozen["path"], frozen["name"], counts, rated)


def tables_of(facts: Mapping[str, Any]) -> list[Table]:
    """Overall, by form and mode, by function, by tier; in the language of today. A report that was issued before gatherings
    and tiers were counted has what it has."""
    rows = [row_of(each) for each in facts["rows"]]
    total = row_of(facts["total"])
    found = [_overall(rows, total), _kinds(rows, total), _functions(rows, total)]
    if any(what.startswith("beyond:") for what in total.counts):
        found.append(_beyond(rows, total))
    if "tiers" in facts:
        found.append(_tiers([row_of(each) for each in facts["tiers"]], total))
    return found


def months_of(facts: Mapping[str, Any]) -> Table:
    """The last twelve months, on paper."""
    return Table(
        _("Confirmed hours of the last twelve months"),
        tuple(Column(month[:7]) for month, _minutes in facts["trend"]),
        (tuple(hours(minutes) for _month, minutes in facts["trend"]),),
    )


def _table(caption: str, columns: list[tuple[str, float]], rows: list[tuple[str, list[Any]]]) -> Table:
    return Table(
        caption,
        (
            Column(_("Organisation"), 2.2, is_number=False),
            *(Column(label, share) for label, share in columns),
        ),
        tuple((name, *cells) for name, cells in rows),
        has_total=True,
    )


def _named(rows: list[Row], total: Row, cells: Any) -> list[tuple[str, list[Any]]]:
    return [*((row.name, cells(row)) for row in rows), (pgettext("report", "Total"), cells(total))]


def _overall(rows: list[Row], total: Row) -> Table:
    columns = [
        (_("Supervisors"), 0.8),
        (pgettext("report", "Pairings"), 0.8),
        (_("Covered / to be covered"), 1.1),
        (_("Coverage %"), 0.9),
        (pgettext("report", "Sessions"), 0.8),
        (pgettext("report", "Confirmed"), 0.8),
        (_("Hours received"), 0.9),
        (_("Hours given"), 0.9),
        (_("Objections %"), 0.9),
        (pgettext("report", "Quiet"), 0.8),
        (_("Not confirmed in time"), 0.9),
        (_("Without agreement"), 0.9),
        (pgettext("evaluation", "Average"), 0.9),
    ]

    def cells(row: Row) -> list[Any]:
        found: list[Any] = [
            row["supervisors"],
            row["pairings"],
            f"{row['covered']} / {row['trainees']}",
            row.coverage,
        ]
        found += [row["sessions"], row["confirmed"], row.hours, row.hours_given, row.objections]
        return [*found, row["quiet"], row["late"], row["no_agreement"], row.quality]

    return _table(_("Overall"), columns, _named(rows, total, cells))


def _kinds(rows: list[Row], total: Row) -> Table:
    """How often and how long by form; how long by mode."""
    counts_forms = any(what.startswith("held:") for what in total.counts) or "given" in total.counts
    held = [f"held:{form.value}" for form in Form] if counts_forms else []
    timed = [*(f"form:{form.value}" for form in Form), *(f"mode:{mode.value}" for mode in Mode)]
    columns = [(_("%(form)s, times") % {"form": form.label}, 1.0) for form in Form] if held else []
    columns += [(_("%(form)s, hours") % {"form": form.label}, 1.0) for form in Form]
    columns += [(_("%(form)s, hours") % {"form": mode.label}, 1.0) for mode in Mode]

    def cells(row: Row) -> list[Any]:
        return [*(row[what] for what in held), *(hours(row[what]) for what in timed)]

    return _table(_("By form and mode"), columns, _named(rows, total, cells))


def _functions(rows: list[Row], total: Row) -> Table:
    """Hours by function, by the share that each had; older reports counted in how many sessions each was exercised."""
    older = any(what.startswith("function:") for what in total.counts)
    local = sorted(
        code
        for prefix, _sep, code in (what.partition(":") for what in total.counts)
        if prefix == "share" and code not in Function.values
    )
    codes = [*Function.values, *local]
    columns = [(function_label(code), 1.0) for code in codes]

    def cells(row: Row) -> list[Any]:
        if older:
            return [row[f"function:{code}"] for code in codes]
        return [hours(row[f"share:{code}"]) for code in codes]

    caption = _("By function (sessions)") if older else _("By function (hours)")
    return _table(caption, columns, _named(rows, total, cells))


def _beyond(rows: list[Row], total: Row) -> Table:
    """What the supervisors from here do for people elsewhere: a session counts where the pair is, so it stands nowhere above."""
    columns = [
        (pgettext("report", "Pairings"), 1.0),
        (_("Confirmed sessions"), 1.0),
        (_("Hours given"), 1.0),
    ]

    def cells(row: Row) -> list[Any]:
        return [row["beyond:pairings"], row["beyond:sessions"], hours(row["beyond:minutes"])]

    return _table(_("By supervisors from here, for people elsewhere"), columns, _named(rows, total, cells))


def tier_words(tier: str) -> str:
    """A tier in words; also of those who hold none, and of circles that nobody supervises."""
    if tier == NOBODY:
        return _("Peer circles, without a supervisor")
    return str(Tier(tier).label) if tier else _("Without a designation in force")


def _tiers(rows: list[Row], total: Row) -> Table:
    columns = [
        (_("Supervisors"), 0.8),
        (pgettext("report", "Pairings"), 0.8),
        (pgettext("report", "Sessions"), 0.8),
        (pgettext("report", "Confirmed"), 0.8),
        *((_("%(form)s, hours") % {"form": form.label}, 1.0) for form in Form),
        (_("Hours received"), 0.9),
        (_("Hours given"), 0.9),
        (_("Objections %"), 0.9),
        (pgettext("evaluation", "Average"), 0.9),
    ]

    def cells(row: Row) -> list[Any]:
        found: list[Any] = [row["supervisors"], row["pairings"], row["sessions"], row["confirmed"]]
        found += [hours(row[f"form:{form.value}"]) for form in Form]
        return [*found, row.hours, row.hours_given or hours(0), row.objections, row.quality]

    named = [(tier_words(row.name), cells(row)) for row in rows]
    table = _table(
        _("By tier of the supervisors"), columns, [*named, (pgettext("report", "Total"), cells(total))]
    )
    head = Column(pgettext("designation", "Tier"), 2.2, is_number=False)
    return Table(table.caption, (head, *table.columns[1:]), table.rows, has_total=True)
