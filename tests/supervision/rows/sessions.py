"""Sessions, what was written of them, and who looked into it."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from core.attachments.actions import keep_file
from supervision.models import (
    AmendmentText,
    FollowUp,
    LateRecord,
    LoggingRule,
    Session,
    SessionAmendment,
    SessionContent,
    SessionDraft,
    SessionFile,
    SessionReflection,
    SessionRemark,
    SessionReview,
    WorkingNote,
)
from tests.factories import make_amendment, make_late, make_review, make_session, make_user


def recorded_of(places, cast, pairings, sessions):
    """What was written of the sessions; each pairing has a confirmed one too, which somebody wants to correct."""
    people = [(session, session.pairing.supervisor.person) for session in sessions]
    confirmed = [make_session(pairing, "confirmed", days_ago=20) for pairing in pairings]
    amendments = [make_amendment(session) for session in confirmed]
    reviewers = (cast.auditor, cast.city_administrator, cast.city_administrator, cast.auditor)
    once = granted()
    file = keep_file(upload=SimpleUploadedFile("a.pdf", b"%PDF-1"), actor=cast.supervisor)
    return {
        Session: sessions,
        SessionContent: [session.contents.get() for session in sessions],
        SessionRemark: [
            SessionRemark.objects.create(session=session, author=author, kind="answer", text="答复")
            for session, author in people
        ],
        WorkingNote: [
            WorkingNote.objects.create(session=session, author=author, text="随手记")
            for session, author in people
        ],
        SessionDraft: [
            SessionDraft.objects.create(pairing=pairing, key=session.key, typed="{}")
            for pairing, session in zip(pairings, sessions, strict=True)
        ],
        SessionReflection: [
            SessionReflection.objects.create(session=session, author=session.pairing.mentee, text="记住了")
            for session in sessions
        ],
        FollowUp: [
            FollowUp.objects.create(session=session, who="mentee", what="写预估报告") for session in sessions
        ],
        SessionFile: [
            SessionFile.objects.create(session=session, file=file, author=author)
            for session, author in people
        ],
        SessionAmendment: amendments,
        AmendmentText: [amendment.text for amendment in amendments],
        LateRecord: [make_late(session) for session in sessions],
        LoggingRule: [
            LoggingRule.objects.create(organisation=place, days=7, starts_on=date(2024, 1, 1), source="通知")
            for place in places
        ],
        SessionReview: [
            make_review(pairing, reviewer, **({} if number % 2 else once))
            for number, (pairing, reviewer) in enumerate(zip(pairings, reviewers, strict=True))
        ],
    }


def granted():
    """What a review has in its row when somebody allowed it."""
    now = timezone.now()
    return {"state": "granted", "decided_by": make_user("解安"), "decided_at": now, "ends_at": now}
