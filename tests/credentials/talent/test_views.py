"""The pool at the desk and the record on one's own page."""

import io
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook

from core.models import AuditEntry, Consent
from core.people.names import pinyin_of
from core.states import Refused
from credentials.hours.actions import credit_course
from credentials.models import PostHolding, SavedSearch, TalentProfile, TalentRoute
from credentials.talent import actions
from credentials.talent.document import CvFacts, CvLine, CvSection, render
from credentials.talent.queries import cv_facts, skills_of, timeline_of
from lms.public import completion_told
from tests.core.pdf.reading import text_of
from tests.factories import give_role, make_certificate, make_listed, make_period, make_staff_post

INDEX, TAKE_OUT = reverse("talent:index"), reverse("talent:take-out")
RECORD = reverse("credentials:record")


@pytest.fixture
def proved(cast, tree):
    """A trainee with a certificate, hours, a registration and a post, who is not listed yet."""
    person = cast.trainee.person
    held = make_certificate(person, tree["district"])
    credit_course(event=completion_told(held.enrolment_id))
    make_period(person, "social_worker")
    actions.reconcile()
    return person


def test_the_desk_searches_and_says_what_is_left_out(client, cast, proved):
    client.force_login(cast.city_administrator)
    make_listed(proved)
    page = client.get(INDEX, {"q": pinyin_of("林小荷").initials})
    assert [row.name for row in page.context["page"].object_list] == ["林小荷"]
    for nonsense in (
        {"level": "9" * 30, "years": "-1", "span": "x", "place": "0", "order": "?", "page": "zzz"},
    ):
        assert client.get(INDEX, nonsense).status_code == 200
    client.force_login(cast.trainee)
    assert client.get(INDEX).status_code in (302, 403)


def test_a_list_leaves_only_with_its_purpose(client, cast, proved):
    make_listed(proved)
    client.force_login(cast.city_administrator)
    for purpose in ("", "  ", "a"):  # what is refused comes back as it was typed, with the people it is about
        again = client.post(TAKE_OUT, {"query": "q=lin", "purpose": purpose})
        assert again.context["take_out_form"]["purpose"].value() == purpose
        assert [row.name for row in again.context["page"].object_list] == ["林小荷"]
        assert 'href="?' not in again.text
    assert not AuditEntry.objects.filter(action="credentials.take_out_pool").exists()
    answer = client.post(TAKE_OUT, {"query": "q=lin", "purpose": "推荐参加市级示范项目评审"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert "推荐参加市级示范项目评审" in rows[0][0]
    assert [row[0] for row in rows[2:]] == ["林小荷"]
    entry = AuditEntry.objects.get(action="credentials.take_out_pool")
    assert (entry.user, entry.data["reason"]) == (cast.city_administrator, "推荐参加市级示范项目评审")
    assert entry.data["after"] == {"rows": 1, "search": "q=lin"}
    # A search that cannot be read, or would be cut, would find other people: everybody, without its words.
    for query in ("q=li\0n", "q=" + "l" * 101, "q=a b c d e f g", "place=0", "x=" + "1" * 4000 + "&level=1"):
        client.post(TAKE_OUT, {"query": query, "purpose": "推荐参加评审"})
        assert client.get(INDEX + "?" + query[:2000]).status_code == 200
    assert AuditEntry.objects.filter(action="credentials.take_out_pool").count() == 1
    assert "found" not in client.get(INDEX, {"q": "l" * 101}).context


def test_who_reads_two_trees_is_audited_in_both(client, cast, tree, proved):
    """Else a small role in another tree would hide from an organisation what is taken out of it."""
    give_role(cast.auditor, "auditor", tree["other_station"])
    client.force_login(cast.auditor)
    assert client.post(TAKE_OUT, {"query": "", "purpose": "推荐参加评审"}).status_code == 200
    assert client.get(reverse("hours:people"), {"format": "xlsx"}).status_code == 200
    assert client.get(reverse("conduct:index")).status_code == 200
    for act in ("take_out_pool", "export_holdings", "list_conduct"):
        rows = AuditEntry.objects.filter(action=f"credentials.{act}")
        assert {row.organisation for row in rows} == {tree["district"], tree["other_station"]}, act


def test_searches_are_kept_by_and_for_one_officer(client, cast, proved):
    client.force_login(cast.city_administrator)
    for query in ("q=lin", "q=wang"):
        client.post(reverse("talent:save"), {"name": "我的查询", "query": query})
    # Only what is asked for is kept, and nothing of it is cut.
    long = {
        "name": "太长",
        "query": urlencode({"q": "㛃" * 100, "order": "hours", "part": "both", "awarded": "some"}),
    }
    for data in (
        long | {"query": long["query"] + "&x=" + "y" * 4000},
        {"name": "读不懂", "query": "place=0"},
    ):
        client.post(reverse("talent:save"), data)
    client.post(
        reverse("talent:save"), {"name": "我的查询", "query": "x=1&page=7&order=name&q=wang&q=li+&part=no"}
    )
    kept = SavedSearch.objects.get()
    assert kept.query == "q=li"
    client.post(reverse("talent:save"), long)
    assert SavedSearch.objects.get(name="太长").query == long["query"]
    with pytest.raises(Refused):
        actions.save_search(owner=cast.city_administrator, name="更长", query="q" * 1001)
    SavedSearch.objects.filter(name="太长").delete()
    again = client.post(reverse("talent:save"), {"name": "长" * 61, "query": "q=li"})
    assert again.context["save_form"]["name"].value() == "长" * 61
    client.force_login(cast.administrator)
    assert client.post(reverse("talent:drop", args=[kept.pk])).status_code == 404
    client.force_login(cast.city_administrator)
    client.post(reverse("talent:drop", args=[kept.pk]))
    assert not SavedSearch.objects.exists()


def test_the_page_of_a_person_is_for_whom_the_list_is_for(client, cast, tree, proved):
    page, cv = (reverse(f"talent:{name}", args=[proved.pk]) for name in ("person", "cv"))
    client.force_login(cast.city_administrator)
    assert client.get(page).status_code == 404  # not agreed, and not of the very employer
    make_listed(proved)
    assert client.get(page).status_code == 200
    for purpose in ("", "   "):  # what is promised to whoever agrees: only for a purpose
        assert client.post(cv, {"purpose": purpose}).context["cv_form"].is_bound
    assert client.post(cv, {"purpose": "推荐评审专家"}).content.startswith(b"%PDF")
    entry = AuditEntry.objects.get(action="credentials.print_cv")
    assert (entry.user, entry.data["reason"]) == (cast.city_administrator, "推荐评审专家")
    for user in (cast.outsider, cast.trainee, cast.instructor):
        client.force_login(user)
        assert client.get(page).status_code in (302, 403, 404)
        assert client.post(cv, {"purpose": "推荐评审专家"}).status_code in (302, 403, 404)
    assert AuditEntry.objects.filter(action="credentials.print_cv").count() == 1
    client.force_login(cast.auditor)
    post = make_staff_post(tree["station"])
    for name, data in (("give", {"post": post.pk}), ("route", {"route": "trained"})):
        assert client.post(reverse(f"talent:{name}", args=[proved.pk]), data).status_code == 404
    client.force_login(cast.administrator)
    day = timezone.localdate().isoformat()
    client.post(reverse("talent:give", args=[proved.pk]), {"post": post.pk, "starts_on": day})
    client.post(reverse("talent:route", args=[proved.pk]), {"route": "trained", "since": day})
    client.post(reverse("talent:give", args=[proved.pk]), {"post": "10" * 30, "starts_on": day})
    typed = {
        "route": "recruited",
        "since": "昨天",
        "note": "购买服务项目",
    }  # what is refused comes back as it was typed
    again = client.post(reverse("talent:route", args=[proved.pk]), typed)
    assert {name: again.context["route_form"][name].value() for name in typed} == typed
    later = typed | {"since": f"{timezone.localdate() + timedelta(days=1)}"}
    again = client.post(reverse("talent:route", args=[proved.pk]), later)
    assert again.context["route_form"].non_field_errors()  # beside the form too: the page has three
    assert TalentRoute.objects.get().route == "trained"
    held = PostHolding.objects.get()
    assert client.get(reverse("posts:inspect", args=[post.pk])).status_code == 200
    assert client.get(reverse("posts:sectors")).status_code == 200
    twice = {"organisation": post.organisation_id, "sector": post.sector_id, "title": post.title, "places": 1}
    page = client.post(reverse("posts:add"), twice | {"is_active": "on"}).text
    assert "post_once_per_organisation" not in page and "已有" in page  # said in words
    early = (held.starts_on - timedelta(days=1)).isoformat()
    assert f'value="{early}"' in client.post(reverse("posts:end", args=[held.pk]), {"ends_on": early}).text
    client.post(reverse("posts:end", args=[held.pk]), {"ends_on": day})
    held.refresh_from_db()
    assert held.ends_on
    # One who is not listed is given a post as well, on the page of the post.
    inspect, fill = (reverse(f"posts:{name}", args=[post.pk]) for name in ("inspect", "fill"))
    other = cast.other_trainee.person
    assert other in client.get(inspect).context["fill_form"].fields["person"].queryset
    early = (timezone.localdate() + timedelta(days=9)).isoformat()
    for typed in ({"person": other.pk, "starts_on": early}, {"person": other.pk, "starts_on": "昨天"}):
        again = client.post(fill, typed)  # what is refused comes back as it was typed
        assert {name: again.context["fill_form"][name].value() for name in typed} == {
            "person": str(other.pk),
            "starts_on": typed["starts_on"],
        }
    for someone in (cast.outside_trainee.person.pk, cast.administrator.person.pk, "x", other.pk, other.pk):
        client.post(fill, {"person": someone, "starts_on": day})
    assert PostHolding.objects.current().get().person == other
    client.force_login(cast.auditor)
    assert client.get(inspect).context["fill_form"] is None
    assert client.post(fill, {"person": proved.pk, "starts_on": day}).status_code == 404


def test_ones_own_record_consent_and_cv(client, cast, proved):
    client.force_login(cast.trainee)
    page = client.get(RECORD)
    assert {proof.kind for proof in page.context["proofs"]} == {"course", "certificate", "qualification"}
    listing = reverse("credentials:record-listing")
    for _twice in range(2):
        client.post(listing, {"agree": "1"})
    assert TalentProfile.objects.get(person=proved).is_listed
    assert Consent.objects.get(person=proved, purpose="talent_pool").withdrawn_at is None
    client.post(listing, {"leave": "1"})
    assert not TalentProfile.objects.get(person=proved).is_listed
    assert Consent.objects.get(person=proved, purpose="talent_pool").withdrawn_at
    assert client.get(reverse("credentials:record-cv")).content.startswith(b"%PDF")
    assert not AuditEntry.objects.filter(action="credentials.print_cv").exists()


def test_supervision_stands_on_the_timeline_as_times_and_minutes_only(cast, proved, tree):
    from credentials.models import HoursEntry

    day = timezone.localdate().replace(day=1)
    for number, kind in enumerate(("supervision", "supervision", "manual")):
        HoursEntry.objects.create(
            person=proved, organisation=tree["district"], kind=kind, minutes=50, occurred_on=day + timedelta(days=number),
            title="与欧阳若水的督导", source=f"test:{number}",
        )  # fmt: skip
    (month,) = [proof for proof in timeline_of(proved) if proof.is_month]
    assert "2" in month.title
    assert "100" in month.note
    assert "欧阳" not in month.title + month.note
    assert all(skill.minutes == 0 for skill in skills_of(proved))
    HoursEntry.objects.create(
        person=proved, organisation=tree["district"], kind="supervising", minutes=50, occurred_on=day, title="督导",
        source="test:once",
    )  # fmt: skip
    with translation.override("en"):
        titles = {proof.title for proof in timeline_of(proved) if proof.is_month}
    assert titles == {"Being supervised: 2 times", "Supervising others: 1 time"}


def test_a_cv_prints_rare_names_over_many_pages(tmp_path, cast, proved):
    lines = tuple(CvLine("2026-03-14", f"第{number}门课程", "示例中心 · 90 分钟") for number in range(90))
    facts = CvFacts(
        name="欧阳䶮·㛃堃", dated=timezone.localdate(), title="从业档案", facts=(("所在单位", "示例社工站"),),
        sections=(CvSection("结业课程", lines),), skills=(("老年人服务", 90), ("社会救助", 30)),
        skills_title="分领域学习", foot="示例", watermark="样例",
    )  # fmt: skip
    assert render(facts) == render(facts)
    text = text_of(render(facts), tmp_path)
    assert [word for word in ("欧阳䶮·㛃堃", "第89门课程", "老年人服务") if word not in text] == []
    assert cv_facts(proved).name == "林小荷"
