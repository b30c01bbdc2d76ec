import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.attachments.actions import keep_file
from core.jobs.actions import run_job
from core.models import AuditEntry, Job
from lms.assignments import actions
from lms.assignments.jobs import compare_submissions
from lms.models import SimilarityReport
from tests.factories import make_cohort, make_enrolment, make_submission, make_user, make_version
from tests.lms.assignments.test_likeness_policy import ORIGINAL, invented
from tests.lms.assignments.test_views import PDF, at

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"


def word(text):
    out = io.BytesIO()
    body = f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'
    links = f'<Relationships xmlns="{RELATED}"><Relationship Id="r1" Type="{KIND}" Target="word/document.xml"/></Relationships>'
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("_rels/.rels", links)
        packed.writestr("word/document.xml", body)
    return out.getvalue()


@pytest.fixture
def cohort(tree):
    return make_cohort(tree["district"], make_version(assignments=1, task={"hand_in": "both"}))


@pytest.fixture
def works(cohort, cast):
    """One writes the text, one hands it in as a Word file, one has written something else, one has a draft of it."""

    def keep(name, content):
        return keep_file(upload=SimpleUploadedFile(name, content), actor=cast.trainee)

    users = [cast.trainee, cast.other_trainee, make_user("第三人"), make_user("第四人")]
    enrolments = [make_enrolment(cohort, user.person) for user in users]
    return [
        make_submission(enrolments[0], text=ORIGINAL),
        make_submission(
            enrolments[1], text="见文件", files=[keep("a.docx", word(ORIGINAL)), keep("b.pdf", PDF)]
        ),
        make_submission(enrolments[2], text=invented(200, 1), files=[keep("c.docx", b"PK\x03\x04 broken")]),
        make_submission(enrolments[3], "draft", text=ORIGINAL),
    ]


def start(cohort, actor, threshold=30):
    return compare_submissions(
        cohort=cohort, assignment=cohort.version.assignments.get(), threshold=threshold, actor=actor
    )


def test_texts_and_word_files_are_compared_and_what_cannot_be_read_is_counted(cohort, works, cast):
    run_job(start(cohort, cast.instructor).pk)
    report = SimilarityReport.objects.get()
    assert (report.compared, report.unread) == (3, 2)
    assert [(pair["first"], pair["second"]) for pair in report.pairs] == [(works[0].pk, works[1].pk)]
    assert report.pairs[0]["share"] >= 90
    assert AuditEntry.objects.filter(action="lms.compare_submissions").count() == 1
    run_job(start(cohort, cast.instructor, 100).pk)
    assert SimilarityReport.objects.get().threshold == 100


def test_a_second_click_gets_the_job_of_the_first(cohort, works, cast):
    assert start(cohort, cast.instructor) == start(cohort, cast.instructor)
    assert Job.objects.count() == 1


@pytest.mark.parametrize("threshold", [0, 101])
def test_a_threshold_is_a_per_cent(cohort, works, cast, threshold):
    with pytest.raises(actions.NotPossible):
        start(cohort, cast.instructor, threshold)


@pytest.mark.parametrize(
    ("part", "sees"),
    [
        ("instructor", True),
        ("administrator", True),
        ("auditor", False),
        ("trainee", False),
        ("outsider", False),
    ],
)
def test_only_those_who_mark_see_how_alike_works_are(client, cohort, works, cast, part, sees):
    run_job(start(cohort, cast.instructor).pk)
    client.force_login(getattr(cast, part))
    place = [cohort.pk, works[0].key]
    page = client.get(reverse("assignments:likeness", args=place))
    if sees:
        assert "社区居委会" in page.text
        assert cast.other_trainee.person.name in page.text
    else:
        assert "社区居委会" not in page.text
        assert page.status_code in (302, 403, 404)
    made = Job.objects.count()
    answer = client.post(reverse("assignments:compare", args=place), {"threshold": "40"})
    assert Job.objects.count() == made + sees
    assert answer.status_code == 302 if sees else answer.status_code in (302, 403, 404)


@pytest.mark.parametrize("threshold", ["", "x", "0", "9" * 30])
def test_a_share_that_is_none_starts_nothing(client, cohort, works, cast, threshold):
    client.force_login(cast.instructor)
    place = reverse("assignments:compare", args=[cohort.pk, works[0].key])
    assert client.post(place, {"threshold": threshold}).status_code == 302
    assert not Job.objects.exists()


def test_the_trainee_hears_nothing_of_it(client, cohort, works, cast):
    run_job(start(cohort, cast.instructor).pk)
    client.force_login(cast.trainee)
    assert cast.other_trainee.person.name not in client.get(at("detail", works[0].enrolment)).text
