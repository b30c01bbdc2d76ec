"""Circles, their gatherings, and what was written of them."""

import uuid

from django.core.files.uploadedfile import SimpleUploadedFile

from core.attachments.actions import keep_file
from supervision.models import (
    Circle,
    CircleMember,
    CircleReview,
    Gathering,
    GatheringAction,
    GatheringAmendment,
    GatheringAmendmentText,
    GatheringContent,
    GatheringDraft,
    GatheringFile,
    GatheringNote,
    LateGathering,
    PartAmendment,
    Participation,
    ParticipationRemark,
)
from tests.factories import (
    make_circle,
    make_gathering,
    make_gathering_amendment,
    make_late_gathering,
    make_member,
    make_part,
)
from tests.supervision.rows.sessions import granted


def circles_of(tree, cast, supervisors):
    """A group that is found, one by invitation with somebody who was invited and left, and a peer circle elsewhere."""
    circles = [
        make_circle(supervisors[0], cast.trainee.person),
        make_circle(supervisors[0], cast.outside_trainee.person, admission="invitation"),
        make_circle(cast.outside_trainee.person, admission="invitation"),
    ]
    make_member(circles[1], cast.other_trainee.person, "left")
    make_member(circles[2], cast.administrator.person, "invited")
    gatherings = [make_gathering(circle, days_ago=place + 3) for place, circle in enumerate(circles)]
    gatherings.append(make_gathering(circles[1], "planned", days_ago=-2))
    parts = [
        make_part(gatherings[0], cast.trainee.person),
        make_part(gatherings[1], cast.outside_trainee.person),
        make_part(gatherings[1], cast.other_trainee.person, "removed"),
        make_part(gatherings[2], cast.trainee.person),
    ]
    held = gatherings[:3]
    file = keep_file(upload=SimpleUploadedFile("a.pdf", b"%PDF-1"), actor=cast.supervisor)
    amendments = [make_gathering_amendment(part) for part in (parts[0], parts[1], parts[3])]
    once = granted()
    reviewers = (cast.auditor, cast.city_administrator, cast.city_administrator)
    return {
        GatheringAction: [
            GatheringAction.objects.create(gathering=each, who="all", what="读材料") for each in held
        ],
        GatheringFile: [
            GatheringFile.objects.create(gathering=each, file=file, author=each.leader) for each in held
        ],
        GatheringDraft: [
            GatheringDraft.objects.create(circle=each, author=each.leader, key=uuid.uuid4(), typed="{}")
            for each in circles
        ],
        LateGathering: [make_late_gathering(each) for each in held],
        CircleReview: [
            CircleReview.objects.create(
                circle=circle, reviewer=reviewer, reason="投诉", **({} if number == 1 else once)
            )
            for number, (circle, reviewer) in enumerate(zip(circles, reviewers, strict=True))
        ],
        GatheringAmendment: amendments,
        GatheringAmendmentText: [row.text for row in amendments],
        PartAmendment: [row.answers.get() for row in amendments],
        Circle: circles,
        CircleMember: list(CircleMember.objects.all()),
        Gathering: gatherings,
        Participation: parts,
        GatheringContent: [
            GatheringContent.objects.create(gathering=each, number=1, topics="谈") for each in held
        ],
        GatheringNote: [
            GatheringNote.objects.create(gathering=each, author=each.leader, text="记") for each in held
        ],
        ParticipationRemark: [
            ParticipationRemark.objects.create(part=part, author=part.person, kind="dispute", text="不对")
            for part in parts
        ],
    }
