"""Questions of a bank that are alike: searched for, small banks at once and large ones as a job, and decided on."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.access.scope import Asker
from core.audit.actions import record
from core.jobs.actions import Run, job_kind, start_once
from core.jobs.models import Job
from core.jobs.queries import Place
from lms.questions.models import AlikePair, QuestionBank
from lms.questions.policy import Alike
from lms.questions.queries import pairs_in

FIND = "lms.find_alike_questions"
AT_ONCE = 500  # questions that are compared while somebody waits: a fraction of a second


@transaction.atomic
def find_alike(*, bank: QuestionBank, actor: Asker) -> Job | None:
    """Search a bank for questions that are alike: at once where it is small (None), else as a job; a second click gets the
    job of the first. Side effects: the pairs, or the job."""
    bank = QuestionBank.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=bank.pk)
    if bank.questions.count() <= AT_ONCE:
        _keep(bank, pairs_in(bank))
        return None
    return start_once(
        kind=FIND,
        title=_("Near duplicates: %(bank)s") % {"bank": bank.title_here},
        params={"bank": bank.pk},
        actor=actor,
        organisation=bank.organisation,
    )


def _place(job: Job) -> Place:
    return Place(_("Near duplicates"), reverse("questions:alike", args=[job.params["bank"]]))


@job_kind(FIND, _place)
def search(run: Run) -> dict[str, Any]:
    """Search one bank. Run again it finds the same. Nothing is locked while questions are compared."""
    bank = QuestionBank.objects.get(pk=run.params["bank"])
    total = bank.questions.count()
    run.report(0, total)
    pairs = pairs_in(bank)
    with transaction.atomic():
        QuestionBank.objects.select_for_update().get(pk=bank.pk)
        done = _keep(bank, pairs)
    run.report(total, total)
    return {"done": done}


def _keep(bank: QuestionBank, pairs: list[tuple[int, int, Alike]]) -> int:
    """Keep the pairs of a bank as they are now. What somebody has decided stays decided while the two are alike in the same
    way; what is alike no longer is forgotten."""
    kept = {(pair.first_id, pair.second_id): pair for pair in bank.alike_pairs.all()}
    new, changed = [], []
    for first, second, each in pairs:
        facts = {"likeness": each.likeness.value, "share": int(each.share * 100)}
        pair = kept.pop((first, second), None)
        if pair is None:
            new.append(AlikePair(bank=bank, first_id=first, second_id=second, **facts))
        elif (pair.likeness, pair.share) != (facts["likeness"], facts["share"]):
            if pair.likeness != facts["likeness"]:
                pair.kept_at = pair.kept_by = None
            pair.likeness, pair.share = each.likeness.value, facts["share"]
            changed.append(pair)
    AlikePair.objects.filter(pk__in=[pair.pk for pair in kept.values() if pair.kept_at is None]).delete()
    AlikePair.objects.bulk_create(new, batch_size=500)
    AlikePair.objects.bulk_update(changed, ["likeness", "share", "kept_at", "kept_by"], batch_size=500)
    QuestionBank.objects.filter(pk=bank.pk).update(alike_at=timezone.now())
    return len(new) + len(changed)


@transaction.atomic
def keep_both_questions(*, pair: AlikePair, actor: Asker) -> bool:
    """Both questions stay, and the pair is not shown again; False when somebody has said so before. Side effect: an audit
    entry."""
    rows = AlikePair.objects.filter(pk=pair.pk, kept_at=None)
    if not rows.update(kept_at=timezone.now(), kept_by=actor if actor.is_authenticated else None):
        return False
    record(
        action="lms.keep_both_questions",
        target=pair.bank,
        actor=actor,
        organisation=pair.bank.organisation,
        after={"questions": [pair.first.key, pair.second.key]},
    )
    return True
