"""A small month, worked out by hand.

The district 和平区指导中心 with a station and an agency; the month is the last one that is over.

Supervisors: 欧阳若水 SV001 of the agency, junior and senior at the same time, so senior; 司马宁 SV002 of the agency, junior.
People: 林小荷 and 赵一 (station), 钱二 (station) without anybody; the officers of the district are none of them.

| what | who | minutes | functions | state |
| pair SV001–林小荷, 3rd | | 90 | educational 30, 疏导 60 | confirmed |
| pair SV001–林小荷, 4th | | 60 | educational, supportive (30 each) | confirmed |
| pair SV001–林小荷, 5th | | 60 | | waits, with an objection |
| group of SV002, 6th | 林小荷 90, 赵一 60, a colleague of the other district 90 | 90 | educational | confirmed, all three |
| group of SV002, 7th | 林小荷 90 | 90 | educational | waits |
| peer circle of 赵一 at the station, 8th | 林小荷 40 | 40 | supportive | confirmed |

District: 6 held (3 one to one, 2 group, 1 peer), 4 of them confirmed. Received 90 + 60 + 90 + 60 + 40 = 340 minutes, the
colleague's 90 being the other district's; given 90 + 60 + 90 + 40 = 280. One to one 150, group 150, peer 40.
Educational 30 + 30 + 90 + 60 = 210, supportive 30 + 40 = 70, 疏导 60. To be covered: 林小荷, 赵一, 钱二 and whom the cast adds;
covered: 林小荷 (pair) and 赵一 (took part).
"""

import io
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from core.models import Organisation, Person
from supervision.models import Designation, Gathering, ParticipationRemark, Session, SessionRemark
from supervision.reports.actions import printed
from supervision.reports.queries import Period, facts_of, figures_of, report_paper, sheets_of, tables_of
from tests.core.pdf.reading import text_of
from tests.factories import (
    make_circle,
    make_function,
    make_gathering,
    make_pairing,
    make_part,
    make_report,
    make_session,
    make_supervisor,
    make_user,
)

MARKER = "金丝雀谈话canary7731"


@pytest.fixture
def month():
    first = (timezone.localdate().replace(day=1) - timedelta(days=1)).replace(day=1)
    return Period("month", first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


@pytest.fixture
def held(cast, tree, month):
    make_function(tree["city"], "疏导", starts_on=date(2020, 1, 1))
    senior = make_supervisor(cast.supervisor, tree["agency"], code="SV001")
    junior = make_supervisor(make_user("司马宁", tree["agency"]), tree["agency"], code="SV002")
    for supervisor, tier in ((senior, "junior"), (senior, "senior"), (junior, "junior")):
        Designation.objects.create(
            supervisor=supervisor, tier=tier, issuer="协会", starts_on=date(2020, 1, 1)
        )
    lin = cast.trainee.person
    zhao, _qian = (make_user(name, tree["station"]).person for name in ("赵一", "钱二"))
    pairing = make_pairing(senior, lin, starts_on=month.first_on - timedelta(days=60))

    def ago(day):
        return (timezone.localdate() - month.first_on.replace(day=day)).days

    first = make_session(pairing, days_ago=ago(3), minutes=90, functions=["educational", "疏导"])
    Session.objects.filter(pk=first.pk).update(shares={"educational": 30, "疏导": 60})
    confirmed = {"state": "confirmed", "confirmed_at": timezone.now(), "confirmed_by": cast.trainee}
    Session.objects.filter(pk=first.pk).update(**confirmed)
    make_session(pairing, "confirmed", days_ago=ago(4), topics=MARKER)
    waits = make_session(pairing, days_ago=ago(5), topics=MARKER)
    SessionRemark.objects.create(session=waits, author=lin, kind="dispute", text=MARKER)
    group = make_circle(junior, lin, zhao, cast.outside_trainee.person, organisation=tree["agency"])
    sixth = make_gathering(group, days_ago=ago(6), subject=MARKER)
    for person, minutes in ((lin, 90), (zhao, 60), (cast.outside_trainee.person, 90)):
        make_part(sixth, person, "confirmed", minutes)
    seventh = make_gathering(group, days_ago=ago(7))
    part = make_part(seventh, lin, minutes=90)
    ParticipationRemark.objects.create(part=part, author=lin, kind="dispute", text=MARKER)
    peer = make_circle(zhao, lin, organisation=tree["station"])
    eighth = make_gathering(peer, days_ago=ago(8), minutes=40, functions=["supportive"])
    make_part(eighth, lin, "confirmed", 40)
    make_gathering(group, "planned", days_ago=ago(9))
    Gathering.objects.filter(pk__in=[sixth.pk, eighth.pk]).update(counted_at=timezone.now())
    return pairing


def figures(place, period):
    return figures_of(Organisation.objects.get(pk=place.pk), period)


def test_the_district_by_hand(held, tree, month):
    total = figures(tree["district"], month).total
    assert (total["sessions"], total["confirmed"]) == (6, 4)
    assert (total["held:individual"], total["held:group"], total["held:peer"]) == (3, 2, 1)
    assert (total["minutes"], total["given"]) == (340, 280)
    assert (total["form:individual"], total["form:group"], total["form:peer"]) == (150, 150, 40)
    assert (total["share:educational"], total["share:supportive"], total["share:疏导"]) == (210, 70, 60)
    assert (total.hours, total.hours_given) == (Decimal("5.7"), Decimal("4.7"))
    assert (total["objected"], total.objections) == (2, Decimal("33.3"))


def test_what_supervisors_do_for_people_elsewhere_stands_beside(held, tree, month):
    """A session counts where the pair is; the place whose supervisor held it shows it in a table of its own."""
    make_session(
        make_pairing(
            held.supervisor, make_user("林二", tree["other_district"]).person, starts_on=month.first_on
        ),
        "confirmed",
        days_ago=(timezone.localdate() - month.first_on).days - 10,
    )
    home = figures(tree["district"], month)
    assert (home.total["sessions"], home.total["given"]) == (6, 280)
    assert (home.total["beyond:pairings"], home.total["beyond:sessions"]) == (1, 1)
    assert home.total["beyond:minutes"] == sum(row["beyond:minutes"] for row in home.tiers) > 0
    assert tables_of(facts_of(home))[3].rows[-1][1:3] == (1, 1)
    for whole in (figures(tree["city"], month), figures(tree["other_district"], month)):
        assert not any(what.startswith("beyond:") for what in whole.total.counts)


def test_who_is_to_be_covered(held, tree, month):
    """Neither officers nor supervisors; covered by a pair, or by having taken part."""
    total = figures(tree["district"], month).total
    below = Person.objects.filter(employer__path__startswith=tree["district"].path)
    officers = below.filter(user__roles__role__in=["administrator", "auditor", "finance"]).distinct().count()
    assert officers > 0
    assert total["trainees"] == below.count() - officers - 2  # the two supervisors of the agency
    assert total["covered"] == 2
    assert (
        figures(tree["other_district"], month).total["covered"] == 1
    )  # who took part in the group elsewhere


def test_the_other_district_has_the_minutes_of_its_own_people_and_no_session(held, tree, month):
    total = figures(tree["other_district"], month).total
    assert (total["sessions"], total["minutes"], total["given"]) == (0, 90, 0)
    city = figures(tree["city"], month).total
    assert (city["sessions"], city["minutes"], city["given"]) == (6, 430, 280)


def test_by_tier_the_highest_in_force_counts_and_it_adds_up(held, tree, month):
    found = figures(tree["district"], month)
    rows = {row.name: row for row in found.tiers}
    assert list(rows) == ["senior", "junior", "nobody"]
    senior, junior, nobody = rows.values()
    assert (senior["supervisors"], senior["pairings"], senior["sessions"], senior["confirmed"]) == (
        1,
        1,
        3,
        2,
    )
    assert (senior["minutes"], senior["given"], senior["objected"]) == (150, 150, 1)
    assert (junior["sessions"], junior["confirmed"], junior["minutes"], junior["given"]) == (2, 1, 150, 90)
    assert (nobody["sessions"], nobody["minutes"], nobody["given"]) == (1, 40, 40)
    for what in ("supervisors", "pairings", "sessions", "confirmed", "minutes", "given", "objected"):
        assert sum(row[what] for row in found.tiers) == found.total[what], what


def test_the_year_has_the_same_in_it_and_the_trend_its_month(held, tree, month):
    first = month.first_on.replace(month=1, day=1)
    year = figures(tree["district"], Period("year", first, first.replace(month=12, day=31)))
    assert (year.total["minutes"], year.total["sessions"]) == (340, 6)
    assert dict(year.trend)[month.first_on] == 340
    assert figures(tree["district"], month).trend[-1] == (month.first_on, 340)


def test_page_pdf_and_workbook_show_the_same(client, held, tree, month, cast, tmp_path):
    report = make_report(tree["district"], cast.administrator)
    client.force_login(cast.administrator)
    page = client.get(reverse("supervision_reports:detail", args=[report.pk])).text
    text = text_of(printed(report_paper(report)), tmp_path)
    tables = tables_of(report.facts)
    sheets = sheets_of(report_paper(report))
    content = client.get(reverse("supervision_reports:xlsx", args=[report.pk])).content
    book = load_workbook(io.BytesIO(content))
    assert len(tables) + 1 == len(sheets) == len(book.worksheets) == 5
    for table, sheet, written in zip(tables, sheets, book.worksheets, strict=False):
        assert table.caption in page and table.caption in text
        plain = [["—" if cell is None else cell for cell in row] for row in table.rows]
        assert [list(row) for row in sheet.rows[: len(plain)]] == plain
        cells = [cell.value for row in written.iter_rows() for cell in row]
        for cell in (cell for row in table.rows for cell in row if cell is not None):
            in_book = (float(cell) if isinstance(cell, Decimal) else cell) in cells
            assert str(cell) in page and in_book, (table.caption, cell)
    for words in ("疏导", "同辈", "小组", "高级督导", "初级督导", "没有督导的同辈小组"):
        assert words in text and words in page, words


def test_no_text_of_a_session_is_in_it(client, held, tree, month, cast, tmp_path):
    report = make_report(tree["district"], cast.administrator)
    assert MARKER not in json.dumps(report.facts, ensure_ascii=False)
    assert MARKER not in text_of(printed(report_paper(report)), tmp_path)
    client.force_login(cast.administrator)
    asked = {"organisation": tree["district"].pk, "span": "year", "first_on": f"{month.first_on:%Y-%m}"}
    for address in (
        reverse("supervision_reports:look"),
        reverse("supervision_reports:detail", args=[report.pk]),
        reverse("supervision_reports:xlsx", args=[report.pk]),
    ):
        answer = client.get(address, asked | {"confirm_within": 7})
        assert answer.status_code == 200 and MARKER.encode() not in answer.content


def test_a_report_of_before_is_shown_as_it_was_counted_then(held, tree, month, cast):
    """Issued when only pairs were counted, and functions by sessions."""
    facts = facts_of(figures(tree["district"], month))
    del facts["tiers"]
    for row in (*facts["rows"], facts["total"]):
        del row["given"]
        kinds = {
            what: number for what, number in row["kinds"].items() if not what.startswith(("held:", "share:"))
        }
        row["kinds"] = kinds | {"function:educational": 2}
    main, kinds, functions = tables_of(facts)
    assert main.rows[-1][8] is None  # hours given
    assert [column.label for column in kinds.columns][1] == "个别（小时）"
    assert (functions.caption, functions.rows[-1][2]) == ("按功能（次数）", 2)


@pytest.mark.parametrize("part", ["outsider", "trainee", "supervisor", "finance"])
def test_whoever_has_no_part_in_the_district_sees_nothing_of_it(client, held, tree, month, cast, part):
    report = make_report(tree["district"], cast.administrator)
    client.force_login(getattr(cast, part))
    for name in ("detail", "pdf", "xlsx"):
        answer = client.get(reverse(f"supervision_reports:{name}", args=[report.pk]))
        assert answer.status_code in (302, 403, 404)
    asked = {"organisation": tree["district"].pk, "span": "month", "first_on": f"{month.first_on:%Y-%m}"}
    answer = client.get(reverse("supervision_reports:look"), asked | {"confirm_within": 7})
    assert answer.status_code in (302, 403, 404) or "table" not in answer.context
    assert "赵一" not in answer.text and "疏导" not in answer.text
