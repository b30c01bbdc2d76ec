"""No whole ID, account or mobile number of a claimant is on any page or list of anybody, in a table, a notice, a letter or a log:
only in the audited papers of a batch, on the claimant's own form, and where an officer reveals one with a trace.

Every other address of the site, for every role, is asked for the same numbers by tests/architecture/test_matrix.py.
"""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core import mail
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cms.public import set_up_site
from core.attachments.actions import keep_file
from core.jobs.models import Job
from core.models import AuditEntry, Notice
from core.notices.actions import send_due_letters
from core.notices.models import Delivery
from credentials.claims import actions
from credentials.models import Claim, PublicNotice
from credentials.payments.actions import record_result
from tests.canary import content_of, leaks, number_for, plant
from tests.factories import make_objection, make_proof, make_user
from tests.factories.subsidies import (
    make_approved,
    make_batch,
    make_claim,
    make_payer,
    make_reviewer,
    make_subsidies,
    pass_claim,
)

pytestmark = pytest.mark.django_db
NAMES = ("draft", "review", "returned", "refused", "noticed", "approved", "failed", "paid")
LISTS = (
    *("claims:index", "claims:appeals", "claims:to-post", "payments:index", "payments:claims", "payments:batches"),
    *("payments:choose", "payments:budgets", "people:index", "audit:index", "public-notices:index", "policies:index"),
    *("wagtailadmin_home", "dashboard", "core:notices", "search", "talent:index", "qualifications:index"),
)  # fmt: skip


def with_account(claim):
    claim.account_sealed = number_for("account", claim.pk)
    claim.save()
    return claim


@pytest.fixture
def story(tree, cast, caplog, django_capture_on_commit_callbacks):
    """A claim of every kind, each with the numbers of its claimant, by the verbs themselves."""
    caplog.set_level("DEBUG")
    with django_capture_on_commit_callbacks(execute=True):
        return _story(tree, cast)


def _story(tree, cast):
    set_up_site()
    noticed = make_subsidies(tree["city"], cast.city_administrator)
    paid = make_subsidies(tree["city"], cast.city_administrator, code="example-2021", notice=0)
    approver = make_reviewer(tree["city"], "审批人")
    claims = {}
    for number, name in enumerate(NAMES):
        person = make_user(f"领{'甲乙丙丁戊己庚辛'[number]}", tree["station"]).person
        plant(person)
        make = {"draft": "draft"}.get(name, "review")
        if name in ("approved", "failed", "paid"):
            claims[name] = make_approved(person, paid, approver)
            Claim.objects.filter(pk=claims[name].pk).update(account_sealed=number_for("account", number))
        else:
            claims[name] = with_account(make_claim(person, noticed, state=make))
    decide = {"stage": "county", "actor": cast.administrator}
    actions.review_claim(claim=claims["returned"], verdict="return", reason="未盖章", **decide)
    actions.review_claim(claim=claims["refused"], verdict="refuse", reason="不在岗", **decide)
    refused = Claim.objects.get(pk=claims["refused"].pk)
    proof = keep_file(upload=make_proof(name="考勤.pdf"), actor=refused.holder)
    appeal = actions.appeal(claim=refused, words="一直在岗", papers=[proof], actor=refused.holder)
    pass_claim(claims["noticed"], cast.administrator, cast.city_administrator)
    seen = actions.mark_of(actions.lines_of(actions.claims_to_post(noticed.subsidy)))
    notice = actions.post_claims(
        subsidy=noticed.subsidy, title="拟发放名单公示", contact="社会工作科", seen=seen, actor=cast.city_administrator
    )  # fmt: skip
    make_objection(notice, 1)
    builder, releaser = make_payer(tree["city"], "制表人"), make_payer(tree["city"], "审核人")
    rows = [
        Claim.objects.select_related("version__subsidy").get(pk=claims[name].pk)
        for name in ("failed", "paid")
    ]
    batch = make_batch(*rows, built_by=builder, released_by=releaser, state="released")
    today = timezone.localdate()
    for line in batch.lines.select_related("batch__policy__organisation", "claim"):
        fails = line.claim_id == claims["failed"].pk
        record_result(line=line, paid=not fails, on=today, reason="户名不符" if fails else "", actor=builder)
    return SimpleNamespace(
        claims={name: Claim.objects.get(pk=one.pk) for name, one in claims.items()}, appeal=appeal, notice=notice,
        batch=batch, builder=builder, policies=(noticed.subsidy_id, paid.subsidy_id), proof=proof,
    )  # fmt: skip


def addresses(story):
    """The public pages, every list, also as a table, and everything about each of these claims."""
    found = [reverse("home"), "/gongshi/", "/rongyubang/", reverse("public-notice", args=[story.notice.pk])]
    for name in LISTS:
        place = reverse(name)
        found += [place, *(f"{place}?{query}" for query in ("format=xlsx", "export=xlsx", "q=领"))]
    found += [reverse(f"payments:{name}", args=[story.batch.pk]) for name in ("batch", "results")]
    found += [reverse("public-notices:inspect", args=[story.notice.pk])]
    found += [reverse(name, args=[pk]) for pk in story.policies for name in ("claims:post", "payments:build")]
    found.append(reverse("claims:appeal", args=[story.appeal.pk]))
    for one in story.claims.values():
        for name in ("detail", "edit", "check", "account"):
            found.append(reverse(f"credentials:claim-{name}", args=[one.pk]))
        found += [reverse(f"claims:{name}", args=[one.pk]) for name in ("inspect", "fill")]
        found += [reverse(f"claims:{name}", args=[one.person_id]) for name in ("ledger", "enter", "earlier")]
        found.append(reverse("people:detail", args=[one.person_id]))
    return found


def asked(user, places):
    client = Client()
    if user is not None:
        client.force_login(user)
    for place in places:
        answer = client.get(place, follow=True)
        assert answer.status_code < 500, place
        yield place, answer.status_code, content_of(answer)


def test_no_whole_number_of_a_claimant_is_anywhere_but_in_the_audited_papers(story, cast, caplog):
    places = addresses(story)
    parts = ("other_trainee", "administrator", "city_administrator", "finance", "auditor", "outsider")
    readers = {part: getattr(cast, part) for part in parts} | {"anonymous": None, "builder": story.builder}
    read, found = {}, []
    for part, user in readers.items():
        for place, status, content in asked(user, places):
            read[part] = read.get(part, 0) + (status == 200)
            found += [f"{part} reads the {what} at {place}" for what in leaks(content)]
    for one in story.claims.values():
        own = [
            reverse(f"credentials:claim-{name}", args=[one.pk])
            for name in ("detail", "edit", "check", "account")
        ]
        own += [reverse("credentials:claim-list"), reverse("core:notices"), reverse("dashboard")]
        found += [
            f"{place}: {leaks(content)}" for place, _s, content in asked(one.holder, own) if leaks(content)
        ]
    assert not found, "\n".join(found)
    assert read["administrator"] > 40 and read["builder"] > 25 and read["anonymous"] > 2, read
    said = _kept()
    assert not leaks(said.encode()), leaks(said.encode())
    log = "\n".join(
        line for line in caplog.text.splitlines() if "INSERT" not in line and "UPDATE" not in line
    )
    assert not leaks(log.encode())

    for paper in (
        "roster",
        "roster-sheet",
        "bank",
        "bank-sheet",
    ):  # there they stand, and each time it is written down
        place = reverse("payments:paper", args=[story.batch.pk, paper])
        ((_place, _status, content),) = asked(story.builder, [place])
        assert "account" in leaks(content), paper
    assert AuditEntry.objects.filter(action="credentials.take_out_batch").count() == 4
    for user in (cast.auditor, cast.administrator, cast.outsider, cast.other_trainee):
        assert [status for _p, status, _c in asked(user, [place])] != [200]


def _kept():
    """The audit with its mirror, notices, jobs, letters and what is shown in public."""
    entries = [(entry.label, entry.data) for entry in AuditEntry.objects.all()]
    assert len(entries) > 30
    notices = [(one.title_in(), one.body_in(), one.values) for one in Notice.objects.all()]
    jobs = list(Job.objects.values_list("title", "params"))
    lines = [list(one.lines.values()) for one in PublicNotice.objects.all()]
    Delivery.objects.update(due_at=Notice.objects.earliest("created_at").created_at)
    send_due_letters()
    letters = [letter.body + str(letter.subject) for letter in getattr(mail, "outbox", [])]
    kept = json.dumps([entries, notices, jobs, lines, letters], cls=DjangoJSONEncoder, ensure_ascii=False)
    return kept + Path(settings.AUDIT_LOG).read_text(encoding="utf-8")
