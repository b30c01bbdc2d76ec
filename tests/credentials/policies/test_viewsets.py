"""Policies at the desk: from an example to a version, answers to open points, and a trial with somebody's facts."""

from __future__ import annotations

import datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from core.models import AuditEntry, Organisation
from core.states import Refused
from credentials.models import PolicyVersion, SubsidyPolicy
from credentials.policies.actions import publish_policy, save_policy
from credentials.policies.files import bundled, text_of
from credentials.policies.policy import assess, read_facts
from credentials.policies.queries.checking import check_cases, listed_policies
from tests.factories import make_policy
from tests.factories.subsidies import give_region, make_reviewer

JINGZHOU = bundled()["jingzhou-2022"]
CASES = JINGZHOU.with_name("jingzhou-2022.cases.yaml")
FACTS = """
work: {region: "421002", fields: [社区建设]}
qualifications: [{level: social_worker, issued_on: 2024-03-14}]
titles: []
internships: []
conduct: []
paid: []
"""


@pytest.fixture(autouse=True)
def place(tree):
    """The city of the cast lies in Jingzhou; its districts have no region of their own yet."""
    give_region(tree["city"], "421000")


@pytest.fixture
def desk(client, cast):
    client.force_login(cast.city_administrator)
    return client


@pytest.fixture
def jingzhou(tree, cast):
    return save_policy(
        subsidy=None, organisation=tree["city"], text=text_of(JINGZHOU), cases=text_of(CASES), answers={},
        actor=cast.city_administrator,
    )  # fmt: skip


def test_from_an_example_to_a_version_that_nobody_changes(desk, tree):
    page = desk.get(reverse("policies:add"), {"example": "jingzhou-2022"})
    form = {name: page.context["form"].initial[name] for name in ("text", "cases")}
    assert "jingzhou-2022" in form["text"] and page.context["examples"]
    made = desk.post(reverse("policies:add"), form | {"organisation": tree["city"].pk}, follow=True)
    row = SubsidyPolicy.objects.get()
    shown = made.content.decode()
    assert (
        "荆州市社会工作人才发展扶持激励" in shown
        and "103 个用例" in shown
        and "¥3,000.00" in shown
        and "草稿" in shown
    )
    for _click in range(2):
        desk.post(reverse("policies:publish", args=[row.pk]))
    version = PolicyVersion.objects.get()
    assert (version.number, version.text, str(version.ends_on)) == (1, form["text"], "2025-09-13")
    assert "已期满，是否延续待确认" in desk.get(reverse("policies:index")).content.decode()
    assert "激励五" in desk.get(reverse("policies:version", args=[row.pk, 1])).content.decode()
    assert desk.get(reverse("policies:version", args=[row.pk, 2])).status_code == 404
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.update(text="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        PolicyVersion.objects.all().delete()
    acts = AuditEntry.objects.filter(action__contains="policy").values_list("action", flat=True)
    assert sorted(acts) == ["credentials.publish_policy", "credentials.save_policy"]
    things = AuditEntry.objects.filter(action__contains="policy").values_list("label", flat=True)
    assert set(things) == {row.name} and "荆州市" in row.name  # nobody who reads the audit knows codes


def test_mistakes_are_named_by_line_and_what_was_typed_stays(desk, tree):
    text = text_of(JINGZHOU).replace("from: 2022-09-14", "from: soon").replace("days: 5", "days: five")
    answer = desk.post(
        reverse("policies:add"), {"organisation": tree["city"].pk, "text": text, "cases": "cases: x"}
    )
    told = answer.context["form"].errors["text"][0].splitlines()
    assert len(told) == 2 and "第 14 行，字段“in_force.from”" in told[0] and "notice.days" in told[1]
    assert "from: soon" in answer.content.decode() and not SubsidyPolicy.objects.exists()
    answer = desk.post(
        reverse("policies:add"),
        {"organisation": tree["city"].pk, "text": text_of(JINGZHOU), "cases": "policy: x\ncases: x"},
    )
    assert "第 2 行" in answer.context["form"].errors["cases"][0]


def test_one_code_is_one_policy_and_keeps_its_code(desk, tree, jingzhou):
    form = {"text": text_of(JINGZHOU), "cases": ""}
    again = desk.post(reverse("policies:add"), form | {"organisation": tree["city"].pk})
    assert "jingzhou-2022" in again.context["form"].errors["text"][0]
    other = {"text": form["text"].replace("code: jingzhou-2022", "code: other"), "cases": ""}
    assert desk.post(reverse("policies:edit", args=[jingzhou.pk]), other).context["form"].errors["text"]


def test_a_policy_that_breaks_one_of_its_cases_is_not_published(desk, jingzhou):
    text = jingzhou.draft.replace("amounts: {assistant: 500,", "amounts: {assistant: 600,")
    page = desk.post(
        reverse("policies:edit", args=[jingzhou.pk]), {"text": text, "cases": jingzhou.cases}, follow=True
    )
    assert "助理社会工作师，签发次日申请" in page.content.decode()
    desk.post(reverse("policies:publish", args=[jingzhou.pk]))
    jingzhou.refresh_from_db()
    with pytest.raises(Refused):
        publish_policy(subsidy=jingzhou, actor=jingzhou.made_by)
    assert not PolicyVersion.objects.exists()


def test_nobody_publishes_or_overwrites_what_a_colleague_has_changed_meanwhile(desk, jingzhou, cast):
    edit, publish = (reverse(f"policies:{name}", args=[jingzhou.pk]) for name in ("edit", "publish"))
    seen = jingzhou.mark()
    assert all(f'value="{seen}"' in desk.get(page).text for page in (edit, publish.replace("publish/", "")))
    colleague = make_reviewer(jingzhou.organisation)
    facts = {"organisation": jingzhou.organisation, "cases": "", "answers": {}, "actor": colleague}
    kept = save_policy(subsidy=jingzhou, text=f"{jingzhou.draft}# 2\n", **facts)
    desk.post(publish, {"seen": seen})
    again = desk.post(edit, {"text": f"{jingzhou.draft}# 3\n", "cases": "", "seen": seen})
    assert "别人" in again.context["form"].errors["text"][0] and "# 3" in again.text  # what was typed stays
    jingzhou.refresh_from_db()
    assert jingzhou.mark() == kept.mark() and not PolicyVersion.objects.exists()
    desk.post(edit, {"text": f"{jingzhou.draft}# 3\n", "cases": "", "seen": kept.mark()})
    desk.post(publish, {"seen": SubsidyPolicy.objects.get().mark()})
    assert PolicyVersion.objects.get().text.endswith("# 3\n")


def test_an_answer_to_an_open_point_counts_from_the_next_version_on(desk, jingzhou, cast):
    first = publish_policy(subsidy=jingzhou, actor=cast.city_administrator)
    chosen = {one.name: one.chosen for one in jingzhou.policy().switches} | {"last_day": "2025-09-14"}
    address = reverse("policies:answer", args=[jingzhou.pk])
    refused = desk.post(address, chosen | {"last_day": "2031-01-01"}, follow=True)
    assert "请为每个未写明的地方选定一种理解" in refused.content.decode()
    desk.post(address, chosen | {"last_day": "2025-09-13"})
    jingzhou.refresh_from_db()
    assert (
        jingzhou.is_published() and not jingzhou.answers
    )  # the answers of the text itself are no other draft
    desk.post(address, chosen)
    jingzhou.refresh_from_db()
    assert not jingzhou.is_published() and jingzhou.latest() == first
    assert jingzhou.answers == {"last_day": "2025-09-14"}
    desk.post(reverse("policies:publish", args=[jingzhou.pk]))
    before, after = PolicyVersion.objects.order_by("number")
    assert (str(before.policy().ends_on), str(after.policy().ends_on)) == ("2025-09-13", "2025-09-14")
    assert before.text == after.text and before.sha256 != after.sha256


def test_every_answer_to_an_open_point_must_make_a_policy_before_the_text_is_kept(desk, tree, jingzhou):
    text = text_of(JINGZHOU).replace(
        "- {value: 2025-09-14,", "- {value: someday,"
    )  # not the one that is chosen
    form = {"organisation": tree["city"].pk, "text": text, "cases": ""}
    told = desk.post(reverse("policies:edit", args=[jingzhou.pk]), form).context["form"].errors["text"][0]
    line = text[: text.index("someday")].count("\n") + 1
    assert f"第 {line} 行，字段“in_force.until”: “someday”不是日期" in told and "obtained_in_time" in told
    assert len(told.splitlines()) == 2  # where it stands, and nothing that would follow from it
    with pytest.raises(Refused, match="someday"):
        save_policy(
            subsidy=jingzhou, organisation=jingzhou.organisation, text=text, cases="", answers={},
            actor=jingzhou.made_by,
        )  # fmt: skip


def test_an_answer_that_cannot_be_read_in_a_draft_of_before_is_refused_in_words(desk, jingzhou):
    SubsidyPolicy.objects.update(draft=jingzhou.draft.replace("value: 2025-09-14", "value: someday"))
    answers = {one.name: one.chosen for one in jingzhou.policy().switches} | {"last_day": "someday"}
    page = desk.post(reverse("policies:answer", args=[jingzhou.pk]), answers, follow=True).content.decode()
    assert "“someday”不是日期" in page
    jingzhou.refresh_from_db()
    assert jingzhou.answers == {}


def test_somebodys_facts_are_decided_with_every_reason_and_not_kept(desk, jingzhou):
    address = reverse("policies:attempt", args=[jingzhou.pk])
    assert desk.get(address).status_code == 200
    page = desk.post(address, {"on": "2024-05-20", "facts": FACTS}).content.decode()
    assert "¥1,000.00" in page and "截止到 2025年3月14日" in page and "标准为 1,000 元" in page
    wrong = desk.post(address, {"on": "2024-05-20", "facts": FACTS.replace("2024-03-14", "x")})
    assert "第 3 行" in wrong.context["form"].errors["facts"][0] and "社区建设" in wrong.content.decode()


def test_a_case_of_the_policy_is_taken_to_try_it(desk, jingzhou):
    address = reverse("policies:attempt", args=[jingzhou.pk])
    cases = desk.get(address).context["cases"]
    assert len(cases) > 60
    for case in cases[::20]:
        page = desk.get(address, {"case": case.name})
        initial = page.context["form"].initial
        assert read_facts(initial["facts"]) == case.facts and initial["on"] == case.on
        assert desk.post(address, initial).context["decisions"]
    assert "facts" in desk.get(address, {"case": "没有这个用例"}).context["form"].initial


def test_the_list_reads_the_newest_version_of_each_policy_alone(client, cast, tree):
    rows = [make_policy(tree["district"], cast.administrator, versions=number) for number in (3, 0, 2)]
    listed = {row.pk: list(row.versions.all()) for row in listed_policies(cast.administrator)}
    assert {key: [one.number for one in found] for key, found in listed.items()} == {
        rows[0].pk: [3], rows[1].pk: [], rows[2].pk: [2]
    }  # fmt: skip
    client.force_login(cast.outsider)
    page = client.get(reverse("policies:index"))
    assert [row.pk for row in page.context["object_list"]] == [rows[2].pk, rows[0].pk]  # each once


def test_what_is_published_is_read_by_every_desk_and_changed_by_its_own(client, cast, tree):
    published = make_policy(tree["district"], cast.administrator)
    draft = make_policy(tree["district"], cast.administrator, versions=0)
    client.force_login(cast.outsider)
    assert client.get(reverse("policies:inspect", args=[published.pk])).status_code == 200
    assert client.get(reverse("policies:inspect", args=[draft.pk])).status_code == 404
    for name in ("publish", "answer"):
        assert client.post(reverse(f"policies:{name}", args=[published.pk])).status_code == 404
    assert client.post(reverse("policies:edit", args=[published.pk]), {"text": "x"}).status_code == 404
    client.force_login(cast.auditor)
    assert client.get(reverse("policies:inspect", args=[draft.pk])).status_code == 200
    assert client.get(reverse("policies:add")).status_code == 404


def test_a_draft_of_another_tree_does_not_show_through_its_published_policy(client, cast, tree):
    row = make_policy(tree["district"], cast.administrator)
    text = row.draft.replace("威海市社会工作者职业资格补助", "尚未公开的名称")
    text = text.replace("assistant: 1000", "assistant: 9999").replace("371000", "421002")
    save_policy(
        subsidy=row, organisation=row.organisation, text=text, cases="", answers={}, actor=cast.administrator
    )
    client.force_login(cast.outsider)
    for address in (
        reverse("policies:index"),
        reverse("policies:inspect", args=[row.pk]),
        reverse("policies:attempt", args=[row.pk]),
        reverse("policies:version", args=[row.pk, 1]),
    ):
        page = client.get(address).content.decode()
        assert "尚未公开的名称" not in page and "9,999" not in page, address


def test_cases_that_would_take_too_long_are_refused():
    text = text_of(JINGZHOU)
    one = "{case: a, on: 2024-01-01, benefit: certificate, gives: {outcome: refuse}, switches: {last_day: no%d}}"
    cases = "policy: jingzhou-2022\ncases:\n" + "".join(f"  - {one % n}\n" for n in range(200))
    assert check_cases(text, cases).faults
    long = "{case: a, on: 2024-01-01, benefit: certificate, gives: {outcome: refuse}, facts: *f}"
    facts = "{qualifications: [" + ", ".join(["{level: senior}"] * 50) + "]}"
    first = long.replace("*f", f"&f {facts}")
    found = check_cases(text, f"policy: jingzhou-2022\ncases: [{first}" + f", {long}" * 600 + "]")
    assert found.faults and not found.count


def test_a_kept_text_that_cannot_be_read_any_more_breaks_no_list_and_is_mended_in_its_form(desk, jingzhou):
    SubsidyPolicy.objects.update(draft=jingzhou.draft.replace("kind: once", "kind: formerly"))
    assert "荆州市" in desk.get(reverse("policies:index")).content.decode()
    form = reverse("policies:edit", args=[jingzhou.pk])
    for name, send in (("inspect", desk.get), ("attempt", desk.get), ("answer", desk.post)):
        answer = send(reverse(f"policies:{name}", args=[jingzhou.pk]), follow=True)
        assert answer.redirect_chain[-1][0] == form and "formerly" in answer.content.decode()


def test_only_keepers_of_the_authority_write_and_publish_whoever_calls(jingzhou, cast, tree):
    """The action asks itself: a role may have ended since the page was opened."""
    facts = {"text": jingzhou.draft, "cases": "", "answers": {}}
    ended = make_reviewer(tree["city"])
    ended.is_active = False
    for actor in (cast.administrator, cast.auditor, cast.trainee, ended):
        with pytest.raises(Refused, match="管理员"):
            save_policy(subsidy=jingzhou, organisation=tree["city"], actor=actor, **facts)
        with pytest.raises(Refused, match="管理员"):
            publish_policy(subsidy=jingzhou, actor=actor)
    for actor, place in (
        (cast.outsider, "district"),
        (cast.administrator, "street"),
        (cast.auditor, "district"),
    ):
        with pytest.raises(Refused, match="管理员"):
            save_policy(subsidy=None, organisation=tree[place], actor=actor, **facts)
    assert SubsidyPolicy.objects.count() == 1 and not PolicyVersion.objects.exists()


def test_a_district_neither_takes_the_citys_code_nor_speaks_for_its_place(cast, tree):
    """The district comes first: the city has its code all the same, and what one paid does not count for the other."""
    text, facts = text_of(JINGZHOU), {"cases": "", "answers": {}}
    early = {"subsidy": None, "organisation": tree["district"], "actor": cast.administrator, **facts}
    with pytest.raises(Refused, match="荆州市"):
        save_policy(text=text, **early)
    mine = text.replace('jurisdiction: "421000"', 'jurisdiction: "421002"')
    spoof = save_policy(text=mine, **early)
    publish_policy(subsidy=spoof, actor=cast.administrator)
    with pytest.raises(Refused, match="jingzhou-2022"):
        save_policy(text=mine, **early)  # its own code, a second time
    give_region(tree["district"], "421003")
    with pytest.raises(Refused, match="沙市区"):
        publish_policy(subsidy=save_policy(text=mine, **early | {"subsidy": spoof}), actor=cast.administrator)

    city = {"subsidy": None, "organisation": tree["city"], "actor": cast.city_administrator, **facts}
    real = save_policy(text=text, **city)
    later = text.replace("code: jingzhou-2022", "code: jingzhou-2026\nfollows: [jingzhou-2022]")
    versions = [
        publish_policy(subsidy=row, actor=cast.city_administrator)
        for row in (real, save_policy(text=later, **city))
    ]
    first, second = (one.policy() for one in versions)
    assert (spoof.code, real.code, real.text_code) == ("jingzhou-2022", "jingzhou-2022-2", "jingzhou-2022")
    assert first.family == {"jingzhou-2022-2"} and second.family == {"jingzhou-2022-2", "jingzhou-2026"}
    paid = "paid: [{benefit: certificate, key: assistant, amount: 500, policy: %s}]"
    known = FACTS.replace("paid: []", paid)
    for code, amount in (("jingzhou-2022", 1000), ("jingzhou-2022-2", 500)):
        [found] = [
            one
            for one in assess(first, read_facts(known % code), datetime.date(2024, 5, 20))
            if one.benefit == "certificate"
        ]
        assert found.amount == amount, code


def test_nothing_is_published_before_it_is_known_where_the_authority_is(cast, tree):
    Organisation.objects.update(region=None)
    row = save_policy(
        subsidy=None, organisation=tree["city"], text=text_of(JINGZHOU), cases="", answers={},
        actor=cast.city_administrator,
    )  # fmt: skip
    with pytest.raises(Refused, match="区划"):
        publish_policy(subsidy=row, actor=cast.city_administrator)
