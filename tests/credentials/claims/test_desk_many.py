"""Claims at the desk: what waits for whom, many at once, their papers and the table."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from cms.dashboards.queries.work import work_of
from core.attachments.actions import keep_file
from core.jobs.actions import run_job
from core.models import AuditEntry, Job, Notice
from credentials.claims import actions
from credentials.claims.queries.stages import why_not
from credentials.claims.queries.waiting import waiting_for
from credentials.claims.states import ClaimState
from credentials.models import Claim
from tests.cast import CAST
from tests.credentials.claims.acts import again, claims_of, signed_in
from tests.credentials.claims.test_watermark import document
from tests.factories.subsidies import make_claim, make_reviewer, pass_claim

pytestmark = pytest.mark.django_db


def test_what_waits_is_what_may_be_decided_for_everybody(tree, cast, version, officers):
    """The queryset and `why_not` agree at every stage, also for those who have passed, refused, entered or declared."""
    make_reviewer(tree["street"], "街道")
    at_employer, at_county, at_city, refused, own, elsewhere = (
        *claims_of(tree, version, 4),
        make_claim(cast.administrator.person, version, state="review"),
        *claims_of(tree, version, 1, "other_station"),
    )
    pass_claim(at_county, officers[0])
    pass_claim(at_city, *officers[:2])
    actions.review_claim(
        claim=refused, stage="employer", verdict="refuse", reason="不在岗", actor=officers[1]
    )
    second = actions.appeal(claim=Claim.objects.get(pk=refused.pk), words="请复核", actor=refused.holder)
    actions.answer_appeal(appeal=second, upheld=True, answer="属实", actor=cast.city_administrator)
    actions.declare_claim_conflict(claim=at_employer, words="同学", actor=officers[0])
    top = type(cast.trainee).objects.create_superuser("top@example.com", "x" * 20)
    people = [again(one) for one in (*(getattr(cast, part) for part in CAST), *officers, top)]
    for user in people:
        may = {one.pk for one in Claim.objects.filter(state=ClaimState.REVIEW) if not why_not(one, user)}
        assert set(waiting_for(user).values_list("pk", flat=True)) == may, user
    found = {one.person.name: waiting_for(one).count() for one in people[:-1]}
    assert found["任远"] == 1 and found["林小荷"] == found["查理明"] == found["仇敏"] == 0
    assert own in waiting_for(again(cast.city_administrator)) and own not in waiting_for(
        again(cast.administrator)
    )
    assert elsewhere in waiting_for(again(cast.outsider))


def test_the_list_costs_the_same_for_one_and_for_many(
    tree, cast, version, officers, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client, address = signed_in(cast.administrator), reverse("claims:index")
    claims_of(tree, version, 1)
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as first:
        assert client.get(address + "?waiting=on").status_code == 200
    claims_of(tree, version, 3)
    with django_assert_num_queries(len(first)):
        page = client.get(address + "?waiting=on").content.decode()
    assert page.count('name="chosen"') == 4 and "等我审核 4" in page
    assert [w.count for w in work_of(again(cast.administrator), ["administrator"]) if "claims" in w.url] == [
        4
    ]
    for query in ("?stage=county", "?state=paid", "?overdue=on", "?q=没有"):
        assert "SL-" not in client.get(address + query).content.decode()
    for query in (
        "?q=学员0",
        f"?policy={version.subsidy_id}&district={tree['district'].pk}",
        "?stage=x&policy=x",
    ):
        assert "SL-" in client.get(address + query).content.decode()


def test_what_waits_for_the_officer_comes_first_then_what_is_open_and_last_what_is_ended(
    tree, cast, version, officers
):
    """Whatever was handed in last, and whether its stage still has a day or not."""
    mine, elsewhere, returned, refused = claims_of(tree, version, 4)
    pass_claim(elsewhere, officers[0])
    for claim, verdict in ((returned, "return"), (refused, "refuse")):
        actions.review_claim(
            claim=claim, stage="employer", verdict=verdict, reason="缺材料", actor=officers[0]
        )

    pages = [signed_in(one).get(reverse("claims:index")) for one in officers[:2]]
    first, second = ([row.claim for row in page.context["rows"]] for page in pages)
    assert first == [mine, elsewhere, returned, refused]
    assert second == [elsewhere, mine, returned, refused]


def test_papers_are_opened_with_a_watermark_and_each_opening_is_recorded(tree, cast, version, officers):
    claim = claims_of(tree, version, 1)[0]
    upload = SimpleUploadedFile("证书.pdf", document())
    claim.papers.update(is_current=False)
    good = claim.papers.create(slot="form", file=keep_file(upload=upload, actor=cast.trainee))
    broken = keep_file(upload=SimpleUploadedFile("坏.pdf", b"%PDF-1.4\nbroken"), actor=cast.trainee)
    bad = claim.papers.create(slot="certificate", file=broken)
    client = signed_in(officers[1])

    shown = client.get(reverse("claims:paper", args=[claim.pk, good.pk]))
    assert shown["Content-Type"] == "application/pdf" and b"XinhuoMark" in shown.content
    assert "no-store" in shown["Cache-Control"]
    answer = client.post(reverse("claims:paper", args=[claim.pk, good.pk]))
    assert answer.status_code == 302  # what can be stamped is not handed out without
    said = client.get(reverse("claims:paper", args=[claim.pk, bad.pk])).content.decode()
    assert "水印" in said and "%PDF" not in said
    assert client.post(reverse("claims:paper", args=[claim.pk, bad.pk])).getvalue().startswith(b"%PDF")
    acts = AuditEntry.objects.filter(action="credentials.open_claim_paper").order_by("pk")
    assert [entry.data["after"]["opened"] for entry in acts] == ["watermark", "file"]
    assert signed_in(cast.outsider).get(reverse("claims:paper", args=[claim.pk, good.pk])).status_code == 404
    assert signed_in(cast.trainee).get(reverse("claims:paper", args=[claim.pk, good.pk])).status_code != 200


def test_many_are_passed_together_and_what_cannot_pass_is_named(tree, cast, version, officers, monkeypatch):
    first, second, broken = claims_of(tree, version, 3)
    broken.papers.update(is_current=False)
    client = signed_in(officers[0])
    asked = client.post(reverse("claims:batch"), {"chosen": [first.pk, second.pk, broken.pk]})
    assert "¥1,500.00" in asked.content.decode() and not first.reviews.exists()
    chosen = asked.context["chosen"]
    answer = client.post(reverse("claims:batch"), {"confirmed": "1", "chosen": chosen})
    page = answer.content.decode()
    assert broken.serial in page and "申请表（单位盖章）" in page and first.serial not in page
    assert set(Claim.objects.filter(stage="county")) == {first, second}
    again_ = client.post(reverse("claims:batch"), {"confirmed": "1", "chosen": chosen})
    assert first.serial not in again_.content.decode() and first.reviews.count() == 1

    monkeypatch.setattr("credentials.claims.viewsets.listing.AT_ONCE", 1)
    county = signed_in(cast.administrator)
    asked = county.post(reverse("claims:batch"), {"all": "1", "waiting": "on"})
    Claim.objects.filter(pk=second.pk).update(amount=400)
    started = county.post(reverse("claims:batch"), {"confirmed": "1", "chosen": asked.context["chosen"]})
    job = Job.objects.get()
    assert started.url == reverse("core:job", args=[job.pk])
    run_job(job.pk)
    job.refresh_from_db()
    assert job.state == "done" and job.result["done"] == 2
    assert {one.stage for one in Claim.objects.filter(pk__in=[first.pk, second.pk])} == {"city"}


def test_the_table_has_texts_and_no_secret(tree, cast, version, officers):
    claim = claims_of(tree, version, 1)[0]
    answer = signed_in(cast.administrator).get(reverse("claims:index") + "?format=xlsx")
    content = answer.getvalue() if answer.streaming else answer.content
    import openpyxl

    rows = list(openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))
    assert rows[1][0] == claim.serial and rows[1][6] == "500.00" and "*" in rows[1][2]
    assert AuditEntry.objects.filter(action="credentials.export_claims").exists()


def test_an_overdue_stage_is_told_once_to_those_who_hold_it(tree, cast, version, officers):
    claim = claims_of(tree, version, 1)[0]
    Claim.objects.filter(pk=claim.pk).update(stage_due_on=timezone.localdate() - timezone.timedelta(days=1))
    assert actions.remind_reviewers() == 1 and actions.remind_reviewers() == 0
    notice = Notice.objects.get(kind="claim", user=officers[0])
    assert notice.url == reverse("claims:inspect", args=[claim.pk])
    assert "逾期" in signed_in(officers[1]).get(reverse("claims:index") + "?overdue=on").content.decode()
    pass_claim(claim, officers[0])
    assert not Notice.objects.filter(kind="claim", user=officers[0]).unread().exists()
