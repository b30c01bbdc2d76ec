"""One claim at the desk: judged, entered for somebody, appealed against, and what its readers see."""

import io
import re

import pytest
import time_machine as clock
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from core.attachments.actions import keep_file
from core.models import AuditEntry
from credentials.claims import actions
from credentials.claims.queries.waiting import appeals_for, waiting_for
from credentials.claims.states import ClaimState
from credentials.models import Claim, PaymentEntry
from tests.credentials.claims.acts import again, claims_of, signed_in
from tests.credentials.claims.test_correcting_earlier import entered_by
from tests.credentials.claims.test_watermark import document
from tests.factories import make_proof, make_qualification, make_user
from tests.factories.subsidies import ACCOUNT, make_claim, pass_claim

pytestmark = pytest.mark.django_db


def test_one_claim_is_judged_and_decided_and_what_is_refused_keeps_what_was_typed(
    tree, cast, version, officers
):
    claim = make_claim(cast.trainee.person, version)
    Claim.objects.filter(pk=claim.pk).update(declared={})
    claim = actions.hand_in(claim=claim, actor=cast.trainee)
    address = reverse("claims:inspect", args=[claim.pk])
    client = signed_in(officers[0])
    page = client.get(address).content.decode()
    assert "在岗满六个月" in page and ACCOUNT not in page and "**** 3445" in page

    refused = client.post(address, {"stage": "employer", "verdict": "refuse", "reason": " "})
    assert refused.status_code == 200 and "请写明理由" in refused.content.decode()
    unsaid = client.post(
        address, {"stage": "employer", "verdict": "pass", "judge-long_enough": "yes", "reason": "打的字"}
    )
    assert "打的字" in unsaid.content.decode() and not claim.reviews.exists()
    judged = {
        "stage": "employer",
        "verdict": "pass",
        "judge-long_enough": "yes",
        "words-long_enough": "社保缴纳记录",
    }
    assert client.post(address, judged).status_code == 302
    claim.refresh_from_db()
    assert claim.stage == "county" and claim.settled["long_enough"]["words"] == "社保缴纳记录"
    double = client.post(address, judged | {"reason": "再点一次"}).content.decode()
    assert "再点一次" in double and claim.reviews.count() == 1
    county = signed_in(officers[1])
    county.post(reverse("claims:conflict", args=[claim.pk]), {"words": "同学"})
    assert "利益冲突" in county.get(address).content.decode()
    county.post(address, {"stage": "county", "verdict": "pass"})
    assert claim.reviews.count() == 1
    assert signed_in(cast.auditor).post(address, {"verdict": "pass"}).status_code == 404


def test_an_officer_enters_a_claim_for_somebody_with_proof_and_does_not_decide_it(
    tree, cast, version, officers
):
    person = cast.trainee.person
    person.set_id_number("resident_id", "12019919900101001X")
    person.save()
    make_qualification(person, "assistant", days_ago=60)
    client = signed_in(cast.administrator)
    assert signed_in(cast.outsider).get(reverse("claims:enter", args=[person.pk])).status_code == 404
    address = reverse("claims:enter", args=[person.pk])
    offer = next(value for value, _ in client.get(address).context["offers"] if "certificate" in value)
    without = client.post(address, {"offer": offer})
    assert without.status_code == 200 and not Claim.objects.exists()
    unsaid = client.post(
        address, {"proof": make_proof(name="委托书.pdf")}
    )  # the file need not be chosen again
    assert "已收到：委托书.pdf" in unsaid.content.decode()
    held = unsaid.context["form"]["held-proof"].value()
    client.post(address, {"offer": offer, "held-proof": held})
    assert Claim.objects.get().proof.name == "委托书.pdf"
    claim = Claim.objects.get()
    fill = reverse("claims:fill", args=[claim.pk])
    assert "委托" not in client.get(fill).content.decode()
    said = {
        "fact-work-since": "2024-01-01",
        "bank": "示例银行荆州支行",
        "account": ACCOUNT,
        "agrees": "on",
        "hand_in": "1",
    }
    assert "逐位核对" in client.post(fill, said).content.decode()  # no bank card has this number
    future = client.post(fill, said | {"fact-work-since": "2099-01-01"})
    assert "fact-work-since" in future.context["form"].errors
    said |= {"checked": "on"}
    missing = client.post(fill, said)
    assert missing.status_code == 200 and "申请表（单位盖章）" in missing.content.decode()
    papers = {"paper-form": make_proof(name="a.pdf"), "paper-certificate": make_proof(name="b.pdf")}
    wrong = client.post(fill, said | papers | {"fact-work-since": "2099-01-01"}).context["form"]
    held = {name: wrong[name].value() for name in ("held-paper-form", "held-paper-certificate")}
    assert client.post(fill, said | held).status_code == 302
    claim.refresh_from_db()
    assert (claim.state, claim.entered_by, claim.amount) == (ClaimState.REVIEW, cast.administrator, 500)
    assert claim.account_sealed == ACCOUNT
    pass_claim(claim, officers[0])
    page = client.get(reverse("claims:inspect", args=[claim.pk])).content.decode()
    assert 'value="pass"' not in page and claim not in waiting_for(again(cast.administrator))


def test_an_earlier_payment_is_entered_with_proof_and_stands_in_the_ledger(tree, cast, version):
    person = cast.trainee.person
    client = signed_in(cast.administrator)
    address = reverse("claims:earlier", args=[person.pk])
    what = f"{version.subsidy_id}|certificate|assistant"
    said = {"what": what, "amount": "500", "on": "2025-01-01", "words": "2025 年名册第 3 行"}
    assert client.post(address, said).status_code == 200
    assert client.post(address, said | {"proof": make_proof()}).status_code == 302
    assert client.post(address, said | {"proof": make_proof()}).status_code == 200  # entered once
    assert PaymentEntry.objects.get().amount == 500
    page = client.get(reverse("claims:ledger", args=[person.pk])).content.decode()
    assert "¥500.00" in page and "2025 年名册第 3 行" in page


def test_an_appeal_is_answered_by_somebody_new(tree, cast, version, officers):
    claim = claims_of(tree, version, 1)[0]
    actions.review_claim(claim=claim, stage="employer", verdict="refuse", reason="不在岗", actor=officers[0])
    claim.refresh_from_db()
    proof = keep_file(upload=SimpleUploadedFile("考勤表.pdf", document()), actor=claim.holder)
    appeal = actions.appeal(claim=claim, words="一直在岗", papers=[proof], actor=claim.holder)
    assert list(appeals_for(again(cast.city_administrator))) == [appeal]
    assert not appeals_for(again(cast.administrator)).exists()
    client = signed_in(cast.city_administrator)
    page = client.get(reverse("claims:appeal", args=[appeal.pk])).content.decode()
    paper = reverse("claims:paper", args=[claim.pk, claim.papers.latest("pk").pk])
    assert "一直在岗" in page and paper in page and "考勤表.pdf" in page
    assert "等你处理" in page and "待另行安排审核人" not in page and "处理申诉" in page
    other = signed_in(cast.administrator).get(reverse("claims:appeal", args=[appeal.pk])).content.decode()
    assert "待另行安排审核人" in other and "等你处理" not in other and 'name="answer"' not in other
    assert "w-status--primary" not in other
    assert paper in client.get(reverse("claims:inspect", args=[claim.pk])).content.decode()
    assert b"XinhuoMark" in client.get(paper).content
    opened = AuditEntry.objects.get(action="credentials.open_claim_paper")
    assert opened.data["after"] == {"slot": f"appeal:{appeal.against_id}:1", "opened": "watermark"}
    assert signed_in(cast.outsider).get(paper).status_code == 404
    assert claim.serial in client.get(reverse("claims:appeals")).content.decode()
    address = reverse("claims:appeal", args=[appeal.pk])
    assert client.post(address, {"upheld": "yes"}).status_code == 200
    assert client.post(address, {"upheld": "no", "answer": "考勤不符"}).status_code == 302
    appeal.refresh_from_db()
    assert (appeal.state, appeal.answer) == ("dismissed", "考勤不符")


def test_it_waits_since_the_day_it_came_back_and_each_is_followed_by_the_next(
    tree, cast, version, officers, monkeypatch
):
    from credentials.claims.queries.desk import neighbours, rows_of
    from credentials.claims.viewsets import listing

    first, second, third = claims_of(tree, version, 3)
    now = timezone.now()
    with clock.travel(now + timezone.timedelta(days=2)):
        actions.review_claim(
            claim=second, stage="employer", verdict="return", reason="未盖章", actor=officers[0]
        )
    with clock.travel(now + timezone.timedelta(days=9)):
        actions.hand_in(claim=second, actor=second.holder)
        back = Claim.objects.get(pk=second.pk)
        assert rows_of([back], officers[0])[0].since == timezone.localdate()
        pass_claim(third, officers[0])
        user, queue = again(cast.administrator), [third, first, back]
        fresh = [Claim.objects.get(pk=one.pk) for one in queue]
        queue = sorted(fresh, key=lambda one: (one.stage_due_on, -one.pk))
        assert [neighbours(user, one) for one in queue] == [
            (None, queue[1]), (queue[0], queue[2]), (queue[1], None)
        ]  # fmt: skip
    monkeypatch.setattr(listing, "MOST_ROWS", 2)
    client = signed_in(cast.administrator)
    assert "最后一行" in client.get(reverse("claims:index")).content.decode()
    from openpyxl import load_workbook

    answer = client.get(reverse("claims:index") + "?format=xlsx")
    rows = list(load_workbook(io.BytesIO(answer.content)).active.values)
    assert len(rows) == 4 and "共 3 件" in rows[-1][0]


def test_a_payer_sees_what_was_paid_before_and_no_link_that_leads_nowhere(tree, cast, version):
    (claim,) = claims_of(tree, version, 1)
    (elsewhere,) = claims_of(tree, version, 1, "other_station")
    paths = [
        reverse("people:detail", args=[claim.person_id]),
        reverse("policies:version", args=[version.subsidy_id, version.number]),
    ]

    for reader, number in ((cast.finance, 0), (cast.city_administrator, 2)):
        client = signed_in(reader)
        page = client.get(reverse("claims:inspect", args=[claim.pk])).content.decode()
        assert sum(f'href="{path}"' in page for path in paths) == number
        ledger = reverse("claims:ledger", args=[claim.person_id])
        assert f'href="{ledger}"' in page and client.get(ledger).status_code == 200
        assert "考证激励" in page

    ledger = reverse("claims:ledger", args=[elsewhere.person_id])
    assert signed_in(cast.finance).get(ledger).status_code == 404


def test_an_auditor_is_told_that_they_read_and_the_desk_leads_to_notices_and_entering(tree, cast, version):
    (claim,) = claims_of(tree, version, 1)
    page = signed_in(cast.auditor).get(reverse("claims:inspect", args=[claim.pk])).content.decode()
    assert "你只能查看这件申领" in page and "现由其他单位审核" not in page
    assert "等我审核" not in page
    page = signed_in(cast.city_administrator).get(reverse("claims:inspect", args=[claim.pk])).content.decode()
    assert "你只能查看" not in page and "等我审核" in page

    desk = signed_in(cast.city_administrator).get(reverse("claims:index")).content.decode()
    assert f'class="button button-secondary" href="{reverse("people:index")}"' in desk
    assert "代为录入申领" in desk
    assert "等我审核" in desk and "待处理申诉" in desk


def test_days_among_the_facts_are_written_as_days_are_written_everywhere(tree, cast, version):
    claim = make_claim(cast.trainee.person, version, state="review")
    issued = claim.facts["qualifications"][0]["issued_on"]

    page = signed_in(cast.city_administrator).get(reverse("claims:inspect", args=[claim.pk])).content.decode()

    year, month, day = (int(one) for one in issued.split("-"))
    assert f"{year}年{month}月{day}日" in page and issued not in page


def test_the_day_of_an_earlier_payment_is_written_as_a_day(tree, cast, version):
    entered_by(cast.city_administrator, cast, version)
    claim = make_claim(cast.trainee.person, version, level="social_worker", state="review")
    page = signed_in(cast.city_administrator).get(reverse("claims:inspect", args=[claim.pk]))
    (row,) = [one for one in page.context["case"].facts if one.label == "以前领取的情况"]
    (paid,) = row.now.payments
    assert not re.search(r"\d{4}-\d\d", paid.words) and "日" in paid.words


def test_what_is_known_of_a_thing_is_a_list_of_questions_with_answers_in_words(tree, cast, version):
    (claim,) = claims_of(tree, version, 1)
    student = {"year_of_study": 4, "is_full_time_student": "no", "key": "internship-1"}
    claim.facts |= {"internships": [student]}
    claim.save(update_fields=["facts"])

    page = signed_in(cast.city_administrator).get(reverse("claims:inspect", args=[claim.pk])).content.decode()
    for label, value in {"是否核验": "已核验", "年级": "四年级", "是否全日制在校": "否"}.items():
        assert f"<dt>{label}：</dt><dd>{value}</dd>" in page, label
    assert "internship-1" not in page


def test_to_an_auditor_the_list_offers_nothing_that_would_wait_for_them(tree, cast, version):
    (claim,) = claims_of(tree, version, 1)
    for query in ("", "?waiting=on"):
        desk = signed_in(cast.auditor).get(reverse("claims:index") + query).content.decode()
        assert claim.serial in desk and reverse("claims:appeals") in desk, query
        for words in ("等我审核", "待处理申诉", "代为录入申领"):
            assert words not in desk, words


def test_of_a_claim_that_was_withdrawn_it_is_told_how_it_was_assessed_then_and_that_nothing_follows(
    tree, cast, version
):
    person = make_user("学员", tree["station"]).person
    claim = make_claim(person, version, state="review", entered_by=cast.administrator)
    address = reverse("claims:inspect", args=[claim.pk])
    client = signed_in(cast.administrator)
    today, then = "按今天的记录，政策的结论", "当时政策的结论"
    page = client.get(address)
    assert today in page.content.decode() and then not in page.content.decode()
    actions.withdraw_claim(claim=claim, actor=cast.administrator)

    page = client.get(address)
    words = page.content.decode()
    assert then in words and "不再据此发放" in words and today not in words
    assert str(page.context["case"].told.outcome_words) == "符合，可发放"
