"""The claimant's pages: what can be claimed, its papers, handing in, a refusal, the printed form."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from credentials.claims import actions
from credentials.claims.models import Claim
from credentials.claims.policy import decide, unknown_facts
from credentials.claims.states import ClaimState
from credentials.policies.policy import facts_from, read_policy
from tests.core.pdf.reading import text_of
from tests.credentials.claims.acts import at
from tests.factories import make_proof, make_qualification
from tests.factories.subsidies import (
    ACCOUNT,
    make_claim,
    make_reviewer,
    policy_text,
)

pytestmark = pytest.mark.django_db


def listed(client):
    return client.get(reverse("credentials:claim-list")).content.decode()


def test_it_says_what_can_be_claimed_now_how_much_until_when_and_why(client, version, me):
    record = make_qualification(me, "social_worker", days_ago=356)

    page = client.get(reverse("credentials:claim-list"))

    last = record.issued_on.replace(year=record.issued_on.year + 1)
    text = page.content.decode()
    assert ">1,000</strong> 元" in text and f"{last.year}年{last.month}月{last.day}日" in text
    assert "还要你说明：在岗起始日期" in text
    assert "自证书签发之日起一年内申请" in text and "免费" in text
    overview = page.context["overview"]
    assert [one.offer.benefit.name for one in overview.now] == ["certificate"]
    assert [one.offer.benefit.name for one in overview.coming] == ["commended"]  # no title yet


def test_what_is_asked_for_says_what_it_is_for_and_what_is_said_already_is_asked_no_more(client, version, me):
    make_qualification(me, "assistant", days_ago=60)
    assert "还要你说明：在岗起始日期（用于核实“在岗满六个月”）。" in listed(client)

    claim = make_claim(me, version)  # its draft says since when
    assert "还要你说明" not in listed(client)
    actions.hand_in(claim=claim, actor=me.user)

    page = client.get(reverse("credentials:claim-list"))
    (shown,) = page.context["overview"].now
    assert "还要你说明" not in page.content.decode() and shown.blocked_by == claim
    assert [point.verdict for point in shown.points] == ["pass"] * len(shown.points)


def test_of_a_condition_only_what_no_record_says_is_asked_for():
    policy = read_policy(
        policy_text().replace("since: work.since", "since: work.since\n    until_fact: work.until")
    )
    facts = facts_from({"work": {"until": "2030-01-01"}, "qualifications": [{"level": "assistant"}]})
    benefit = policy.benefit("certificate")
    decision = decide(policy, benefit, "assistant", facts, date(2026, 1, 1))

    asked = unknown_facts(policy, benefit, decision, facts)

    assert {path: one.name for path, one in asked.items()} == {
        "qualification.issued_on": "in_time", "work.since": "long_enough",
    }  # fmt: skip


def test_it_says_what_stands_in_the_way_and_teaches_where_there_is_nothing(client, version, me):
    assert "还没有发布政策" not in listed(client)
    make_qualification(me, "assistant", days_ago=400)
    assert [
        one.title for one in client.get(reverse("credentials:claim-list")).context["overview"].refused
    ] == ["考证激励 · 助理社会工作师"]
    type(me).objects.filter(pk=me.pk).update(employer=None)
    assert "还不知道你的工作单位" in listed(client)


def test_only_what_is_offered_is_begun_and_twice_is_one_draft(client, version, me):
    make_qualification(me, "assistant", days_ago=60)
    said = {"version": version.pk, "benefit": "certificate", "key": "assistant"}

    for _press in range(2):
        answer = client.post(reverse("credentials:claim-start"), said)
    wrong = client.post(reverse("credentials:claim-start"), said | {"key": "senior"})

    claim = Claim.objects.get()
    assert (answer["Location"], wrong["Location"]) == (at("edit", claim), reverse("credentials:claim-list"))
    assert claim.serial in listed(client)


def test_papers_lie_in_slots_are_replaced_and_checked(client, version, me, cast):
    make_qualification(me, "assistant", days_ago=60)
    claim = actions.start_claim(
        person=me, version=version, benefit="certificate", key="assistant", actor=me.user
    )

    wrong = client.post(at("paper-add", claim), {"paper-form": SimpleUploadedFile("表.docx", b"PK\x03\x04")})
    assert "PDF 或图片" in wrong.content.decode() and not claim.papers.exists()
    for name in ("一.pdf", "二.pdf"):
        client.post(at("paper-add", claim), {"paper-form": make_proof(name=name)})
    client.post(at("paper-add", claim), {"paper-nonsense": make_proof()})
    client.post(at("scan-take", claim))

    assert [one.file.name for one in claim.papers.current().filter(slot="form")] == ["二.pdf"]
    assert claim.papers.get(slot="certificate").file == me.qualification_records.get().scan
    paper = claim.papers.current().get(slot="form")
    assert client.get(at("paper", claim, paper.pk)).status_code == 200
    client.force_login(cast.other_trainee)
    for name, args in (("paper", [paper.pk]), ("edit", []), ("check", []), ("form", []), ("detail", [])):
        assert client.get(at(name, claim, *args)).status_code == 404


def test_it_is_checked_and_handed_in_with_a_declaration(client, draft):
    assert "内容齐全" in client.get(at("check", draft)).content.decode()
    client.post(at("check", draft), {})
    draft.refresh_from_db()
    assert draft.state == ClaimState.DRAFT

    answer = client.post(at("check", draft), {"declares": "on"})

    draft.refresh_from_db()
    assert (answer["Location"], draft.state) == (draft.get_absolute_url(), ClaimState.REVIEW)
    assert draft.facts["person"]["is_clean_declared"] == "yes"
    page = client.get(at("detail", draft)).content.decode()
    assert "等" in page and "示例市民政局" in page and "在岗满六个月" in page
    assert client.get(at("edit", draft))["Location"] == draft.get_absolute_url()


def test_what_is_missing_is_said_in_a_list(client, version, me):
    make_qualification(me, "assistant", days_ago=60)
    claim = actions.start_claim(
        person=me, version=version, benefit="certificate", key="assistant", actor=me.user
    )
    page = client.post(at("check", claim), {"declares": "on"})
    assert len(page.context["missing"]) == 5  # two papers, account, bank, ID number
    claim.refresh_from_db()
    assert claim.state == ClaimState.DRAFT


def test_a_refusal_is_read_with_its_reason_and_appealed_against(client, draft, cast):
    actions.hand_in(claim=draft, actor=draft.holder)
    actions.review_claim(
        claim=draft, stage="county", verdict="refuse", reason="单位不一致", actor=cast.administrator
    )
    assert "单位不一致" in client.get(at("detail", draft)).content.decode()
    assert "理由" in client.post(at("appeal", draft), {"words": " "}).content.decode()

    wrong = {"words": "单位改了名", "paper_1": make_proof(), "paper_2": SimpleUploadedFile("考勤.pdf", b"MZ")}
    page = client.post(at("appeal", draft), wrong)  # what is right of it need not be chosen again
    held = {"words": "单位改了名", "held-paper_1": page.context["appeal_form"].data["held-paper_1"]}

    client.post(at("appeal", draft), held | {"paper_3": make_proof(name="更名批复.pdf")})

    page = client.get(at("detail", draft))
    first, third = draft.papers.filter(slot__startswith="appeal:").order_by("pk")
    assert at("paper", draft, third.pk) in page.content.decode() and third.file.name == "更名批复.pdf"
    assert client.get(at("paper", draft, first.pk)).status_code == 200
    assert draft.appeals.get().words == "单位改了名" and page.context["appeal_form"] is None
    assert [row["words"] for row in page.context["rows"]] == ["单位不一致", "单位改了名"]


def test_withdrawn_it_is_gone_and_can_be_claimed_again(client, draft):
    client.post(at("withdraw", draft))
    client.post(at("withdraw", draft))
    draft.refresh_from_db()
    assert (draft.state, draft.account_sealed) == (ClaimState.WITHDRAWN, None)
    client.get(reverse("credentials:claim-list"))  # where the message is read
    assert draft.serial not in client.get(reverse("credentials:claim-list")).content.decode()


def test_the_form_carries_whole_numbers_for_its_claimant_alone_and_leaves_a_trace(client, draft, tmp_path):
    from core.audit.models import AuditEntry

    answer = client.get(at("form", draft))

    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    text = "".join(text_of(answer.content, tmp_path).split())
    for words in (
        draft.person.id_number,
        ACCOUNT,
        "伍佰元整",
        "用人单位意见",
        "示例银行荆州支行",
        draft.serial,
    ):
        assert words in text
    assert "材料1职业资格证书" in text and "单位盖章" not in text  # it is no paper of its own
    entry = AuditEntry.objects.get(action="credentials.print_claim")
    assert ACCOUNT not in str(entry.data) and draft.person.id_number not in str(entry.data)


def test_no_number_is_on_any_page_or_in_the_log(client, draft, cast, caplog):
    caplog.set_level("DEBUG")
    number = draft.person.id_number
    pages = [client.get(at(name, draft)) for name in ("detail", "edit", "check")]
    client.post(at("check", draft), {"declares": "on"})
    pages += [client.get(at("detail", draft)), client.get(reverse("credentials:claim-list"))]
    for page in pages:
        assert page.status_code == 200
        assert ACCOUNT not in page.content.decode() and number not in page.content.decode()
    assert ACCOUNT not in caplog.text and number not in caplog.text
    for other in (cast.other_trainee, cast.administrator, cast.auditor, cast.finance):
        client.force_login(other)
        assert client.get(at("form", draft)).status_code == 404


def test_the_page_costs_the_same_whatever_there_is(client, version, me, django_assert_num_queries):
    make_claim(me, version)
    client.get(reverse("credentials:claim-list"))
    with django_assert_num_queries(17):
        client.get(reverse("credentials:claim-list"))
    make_qualification(me, "social_worker", days_ago=30)
    make_reviewer(version.subsidy.organisation)
    with django_assert_num_queries(17):
        client.get(reverse("credentials:claim-list"))


@pytest.mark.parametrize(("name", "queries"), [("detail", 23), ("edit", 25), ("check", 17)])
def test_each_page_of_a_claim_has_its_price(client, draft, django_assert_num_queries, name, queries):
    client.get(at(name, draft))
    with django_assert_num_queries(queries):
        client.get(at(name, draft))


def test_a_draft_reads_as_not_handed_in_and_the_summary_of_errors_is_a_sentence(client, draft):
    page = client.get(at("detail", draft)).content.decode()
    assert "已提交" not in page
    summary = client.post(at("check", draft), {}).content.decode().partition('class="form-errors"')[2]
    assert ">请勾选承诺，否则不能提交。</a>" in summary
