from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from core.attachments.actions import keep_file
from core.models import AuditEntry, Notice
from lms.assignments import actions
from lms.assignments.policy import Pick
from lms.assignments.queries import received_of
from lms.models import PeerReview, PeerRound, Submission
from tests.core.attachments.test_neutral import document
from tests.factories import (
    make_cohort,
    make_enrolment,
    make_peer_review,
    make_submission,
    make_user,
    make_version,
)
from tests.factories.assignments import RUBRIC
from tests.lms.assignments.test_views import at

TASK = {"due_days": 7, "peer_reviews": 2, "peer_days": 5, "hand_in": "both", "rubric": RUBRIC}
BEST = {"facts": Pick("facts-0"), "judgement": Pick("judgement-0", "理由站得住")}
WORDS = "事实写得很清楚，判断可以再补充一点依据。"


@pytest.fixture
def cohort(tree):
    version = make_version(assignments=1, task=TASK)
    return make_cohort(tree["district"], version, starts_on=timezone.localdate() - timedelta(days=20))


@pytest.fixture
def learners(cohort, cast):
    """Five who have handed in, the trainee of the cast first."""
    people = [cast.trainee, cast.other_trainee, *(make_user(f"学员{number}") for number in "三四五")]
    enrolments = [make_enrolment(cohort, user.person) for user in people]
    for enrolment in enrolments:
        make_submission(enrolment, text=f"我是{enrolment.person.name}，写了一份记录")
    return enrolments


@pytest.fixture
def opened(cohort, learners):
    return share_out(cohort)


def share_out(cohort, actor=None):
    return actions.open_peer_round(cohort=cohort, assignment=cohort.version.assignments.get(), actor=actor)


def send(review, picks=BEST, comment=WORDS, verb=actions.submit_peer_review, **more):
    facts = {"score": None, "comment": comment, "picks": picks} | more
    return verb(review=review, actor=review.reviewer.person.user, **facts)


def test_after_the_due_day_everybody_gets_the_work_of_two_others_and_is_told(cohort, learners):
    make_submission(make_enrolment(cohort, make_user("只有草稿").person), "draft")
    assert actions.open_due_rounds() == 1
    rows = PeerReview.objects.all()
    assert Counter(row.reviewer_id for row in rows) == {row.pk: 2 for row in learners}
    assert Counter(row.submission.enrolment_id for row in rows) == {row.pk: 2 for row in learners}
    assert all(row.reviewer_id != row.submission.enrolment_id for row in rows)
    assert Notice.objects.filter(kind="lms.peer_reviews_asked").count() == 5
    assert AuditEntry.objects.filter(action="lms.open_peer_round").count() == 1
    assert actions.open_due_rounds() == 0
    assert share_out(cohort) == PeerRound.objects.get()


def test_nothing_is_shared_out_before_the_due_day_or_for_one_alone(cohort, cast):
    make_submission(make_enrolment(cohort, cast.trainee.person))
    with pytest.raises(actions.NotPossible):
        share_out(cohort)
    make_submission(make_enrolment(cohort, cast.other_trainee.person))
    type(cohort).objects.filter(pk=cohort.pk).update(starts_on=timezone.localdate())
    with pytest.raises(actions.NotPossible):
        share_out(cohort)
    assert actions.open_due_rounds() == 0
    assert not PeerReview.objects.exists()


def test_nobody_is_given_their_own_work_even_by_hand(cohort, cast):
    row = make_submission(make_enrolment(cohort, cast.trainee.person))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_peer_review(row.enrolment, row)


def test_the_score_is_what_the_levels_come_to_and_what_was_sent_stays(opened):
    review = PeerReview.objects.first()
    row = send(review, BEST | {"judgement": Pick("judgement-1")}, score=3)
    assert (row.state, row.score) == ("done", 80)
    with pytest.raises(actions.NotPossible):
        send(review)
    with pytest.raises(IntegrityError), transaction.atomic():
        PeerReview.objects.filter(pk=review.pk).update(score=1)


@pytest.mark.parametrize(
    ("picks", "comment"),
    [({"facts": Pick("facts-0")}, WORDS), (BEST, "好"), (BEST | {"facts": Pick("x")}, WORDS)],
)
def test_an_unfinished_review_is_kept_and_not_sent(opened, picks, comment):
    review = PeerReview.objects.first()
    with pytest.raises(actions.NotPossible):
        send(review, picks, comment)
    row = send(review, picks, comment, actions.save_review)
    assert (row.state, row.comment) == ("open", comment)


def test_after_its_time_nothing_is_written(opened):
    with time_machine.travel(opened.due_at, tick=False), pytest.raises(actions.NotPossible):
        send(PeerReview.objects.first(), verb=actions.save_review)


def test_nobody_writes_the_review_of_another(opened, cast):
    review = PeerReview.objects.exclude(reviewer__person=cast.trainee.person).first()
    with pytest.raises(actions.NotPossible):
        actions.save_review(review=review, actor=cast.trainee, picks={}, score=None, comment="x")


def test_the_author_reads_the_median_and_the_words_when_all_are_written(opened, learners, client, cast):
    work = Submission.objects.get(enrolment=learners[0])
    first, second = work.peer_reviews.all()
    send(first)
    assert not received_of(work).is_shown
    send(
        second,
        BEST | {"facts": Pick("facts-2")},
        f"我是{second.reviewer.person.name}，事实还可以再写清楚一些。",
    )
    found = received_of(work)
    assert (found.done, found.asked, found.median) == (2, 2, 70)
    client.force_login(cast.trainee)
    page = client.get(at("detail", learners[0])).text
    assert WORDS in page
    assert "事实还可以再写清楚一些" in page
    assert second.reviewer.person.name not in page
    assert Notice.objects.filter(user=cast.trainee, kind="lms.peer_reviews_here").count() == 1


def test_what_is_not_written_in_time_is_shown_as_missing(opened, learners):
    work = Submission.objects.get(enrolment=learners[0])
    send(work.peer_reviews.first())
    with time_machine.travel(opened.due_at, tick=False):
        found = received_of(work)
    assert (found.done, found.asked, found.is_shown, found.median) == (1, 2, True, 100)


def test_a_review_is_kept_and_sent_on_the_page(opened, client, cast):
    review = PeerReview.objects.filter(reviewer__person=cast.trainee.person).first()
    client.force_login(cast.trainee)
    place = reverse("lms:peer-review", args=[review.uid])
    levels = {"rubric-0": "facts-0", "rubric-1": "judgement-0", "rubric-1-comment": "有理由"}
    assert client.post(place, {"rubric-0": "facts-1", "comment": "半句"}).status_code == 302
    assert "半句" in client.get(place).text
    refused = client.post(place, {"go": "send", "rubric-0": "facts-1", "comment": "太短"})
    assert refused.status_code == 200
    assert "太短" in refused.text
    assert client.post(place, {"go": "send", "comment": WORDS, **levels}).status_code == 302
    assert "peer-form" not in client.get(place).text
    assert PeerReview.objects.get(pk=review.pk).is_done


@pytest.mark.parametrize("part", ["other_trainee", "outsider", "instructor", "supervisor"])
def test_the_address_of_a_review_leads_nobody_else_anywhere(opened, client, cast, part):
    review = PeerReview.objects.filter(reviewer__person=cast.trainee.person).first()
    client.force_login(getattr(cast, part))
    assert client.get(reverse("lms:peer-review", args=[review.uid])).status_code == 404
    assert client.post(reverse("lms:peer-review", args=[review.uid]), {"comment": "x"}).status_code == 404
    assert client.get(reverse("lms:peer-file", args=[review.uid, 1])).status_code == 404


@pytest.mark.parametrize(
    ("part", "may_open"), [("instructor", True), ("auditor", False), ("outsider", False)]
)
def test_the_desk_sees_who_wrote_what_and_what_is_missing(opened, client, cast, cohort, part, may_open):
    key = opened.key
    client.force_login(getattr(cast, part))
    page = client.get(reverse("assignments:peers", args=[cohort.pk, key]))
    if part == "outsider":
        assert page.status_code == 404
    else:
        assert cast.trainee.person.name in page.text
        assert (page.context["done"], page.context["total"]) == (0, 10)
    answer = client.post(reverse("assignments:open-round", args=[cohort.pk, key]))
    assert answer.status_code == (302 if may_open else 404)


# --- Nothing that a trainee can reach tells who it was ----------------------------------------------------------------
def secrets_of(user, names):
    person = user.person
    account = user.email.partition("@")[0]
    return [person.name, person.pinyin, user.email, account, user.phone_sealed or "-" * 9, *names]


def everything(answer):
    headers = " ".join(f"{name}: {value}" for name, value in answer.items())
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return headers + body.decode("utf-8", "replace")


def test_no_page_header_or_file_that_either_side_reaches_names_the_other(client, cohort, cast):
    """Author and reviewer each look at all they can: names, numbers, accounts and file names of the other are nowhere."""
    writer, reader = make_user("欧阳若䶮"), make_user("司徒明堃")
    for user, number in ((writer, "12000000001"), (reader, "12000000002")):
        user.phone_sealed = number
        user.save()
    filename = "欧阳若䶮的作业.docx"
    content = document(**{"docProps/core.xml": "<x><dc:creator>欧阳若䶮</dc:creator></x>"})
    kept = keep_file(upload=SimpleUploadedFile(filename, content), actor=writer)
    picture = keep_file(upload=SimpleUploadedFile("ouyang.pdf", b"%PDF-1.4 broken"), actor=writer)
    text = f"欧阳 若䶮（{writer.email}，12000000001）记录，见《{filename}》"
    author = make_enrolment(cohort, writer.person)
    work = make_submission(author, text=text, files=[kept, picture])
    other = make_enrolment(cohort, reader.person)
    make_submission(other)
    share_out(cohort)
    review = PeerReview.objects.get(reviewer=other)
    assert review.submission == work

    client.force_login(reader)
    places = [
        reverse("lms:peer-review", args=[review.uid]),
        at("detail", other),
        reverse("lms:peer-file", args=[review.uid, 1]),
        reverse("lms:peer-file", args=[review.uid, 2]),
        reverse("lms:peer-file", args=[review.uid, 3]),
        reverse("core:notices"),
        reverse("dashboard"),
        reverse("lms:assignments", args=[other.pk]),
    ]
    hidden = secrets_of(writer, [filename, "ouyang", str(kept.sha256), str(kept.stored)])
    seen = {place: everything(client.get(place, follow=True)) for place in places}
    seen["after"] = everything(
        client.post(
            places[0],
            {
                "go": "send",
                "comment": f"司徒明堃认为：{WORDS}",
                "rubric-0": "facts-0",
                "rubric-1": "judgement-0",
            },
            follow=True,
        )
    )
    seen["export"] = everything(client.get(reverse("core:export")))
    for place, answer in seen.items():
        assert not [word for word in hidden if word in answer], place
    assert "work-1.docx" in seen[places[2]]
    assert "work-2.pdf" in seen[places[0]]
    assert "PDF-1.4" not in seen[places[3]]  # what cannot be cleaned is not shown
    assert client.get(places[0].replace(str(review.uid), str(uuid4()))).status_code == 404

    client.force_login(writer)
    hidden = secrets_of(reader, [])
    for place in (
        at("detail", author),
        reverse("core:notices"),
        reverse("core:export"),
        reverse("dashboard"),
    ):
        answer = everything(client.get(place, follow=True))
        assert not [word for word in hidden if word in answer], place
    assert WORDS in client.get(at("detail", author)).text
