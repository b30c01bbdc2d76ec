import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.attachments.actions import keep_file
from lms.models import Enrolment, Submission
from tests.factories import make_cohort, make_enrolment, make_submission, make_version

PDF = b"%PDF-1.4 work"


@pytest.fixture
def trainee(client, cast):
    client.force_login(cast.trainee)
    return client


def at(name, enrolment):
    return reverse(f"lms:assignment-{name}", args=[enrolment.pk, enrolment.version.assignments.get().key])


def sit(enrolment):
    from tests.factories import make_learned

    Enrolment.objects.get(pk=enrolment.pk).progress.all().delete()
    return make_learned(enrolment)


def test_from_writing_to_the_mark(trainee, enrolment, cast, client):
    sit(enrolment)
    page = trainee.get(at("detail", enrolment))
    assert "写一份记录" in page.text
    sent = trainee.post(
        at("detail", enrolment), {"text": "我的记录", "work_files": SimpleUploadedFile("记录.pdf", PDF)}
    )
    assert sent.url == at("review", enrolment)
    assert "记录.pdf" in trainee.get(sent.url).text
    trainee.post(at("review", enrolment))
    trainee.post(at("review", enrolment))
    row = Submission.objects.get()
    assert row.state == "submitted"
    file = trainee.get(reverse("lms:assignment-file", args=[enrolment.pk, row.files.get().pk]))
    assert b"".join(file.streaming_content) == PDF
    client.force_login(cast.instructor)
    mark = reverse("assignments:mark", args=[row.pk])
    assert "我的记录" in client.get(mark).text
    client.post(mark, {"verdict": "pass", "score": "88", "comment": "具体、清楚"})
    client.force_login(cast.trainee)
    page = client.get(at("detail", enrolment))
    assert "88" in page.text
    assert "具体、清楚" in page.text


def test_the_text_is_kept_while_it_is_written_and_the_file_waits(trainee, enrolment):
    sit(enrolment)
    assert trainee.post(at("draft", enrolment), {"text": "半句"}).status_code == 200
    assert Submission.objects.get().text == "半句"
    assert "半句" in trainee.get(at("detail", enrolment)).text
    assert trainee.post(at("draft", enrolment), {}).status_code == 200
    assert Submission.objects.get().text == "半句"
    too_long = trainee.post(at("draft", enrolment), {"text": "长" * 20_001})
    assert "is-bad" in too_long.text


def test_a_file_of_another_kind_is_refused_and_the_text_stays_in_the_form(trainee, enrolment):
    sit(enrolment)
    page = trainee.post(
        at("detail", enrolment), {"text": "已写的字", "work_files": SimpleUploadedFile("x.exe", b"MZ")}
    )
    assert page.status_code == 200
    assert "已写的字" in page.text
    assert page.context["form"].errors["work_files"]


def upload(*names):
    return [SimpleUploadedFile(name, PDF + name.encode()) for name in names]


def test_of_several_files_the_right_ones_stay_when_another_is_at_fault(trainee, enrolment):
    sit(enrolment)
    files = [*upload("一.pdf", "二.pdf"), SimpleUploadedFile("坏.exe", b"MZ")]
    page = trainee.post(at("detail", enrolment), {"text": "字", "work_files": files})
    assert page.status_code == 200
    assert "坏.exe" in str(page.context["form"].errors["work_files"])
    row = Submission.objects.get()
    assert [file.attachment.name for file in row.files.all()] == ["一.pdf", "二.pdf"]
    assert row.text == "字"
    assert "一.pdf" in page.text


def test_a_text_that_is_too_long_takes_no_file_with_it(trainee, enrolment):
    sit(enrolment)
    page = trainee.post(at("detail", enrolment), {"text": "长" * 20_001, "work_files": upload("一.pdf")})
    assert page.status_code == 200
    assert Submission.objects.get().files.count() == 1


def test_beyond_five_files_the_page_names_what_was_not_taken(trainee, enrolment):
    sit(enrolment)
    page = trainee.post(
        at("detail", enrolment), {"text": "字", "work_files": upload(*[f"{n}.pdf" for n in range(7)])}
    )
    assert Submission.objects.get().files.count() == 5
    assert "5.pdf、6.pdf" in str(page.context["form"].errors["work_files"])


def test_a_file_is_taken_away_before_it_is_handed_in(trainee, enrolment):
    sit(enrolment)
    trainee.post(at("detail", enrolment), {"text": "字", "work_files": upload("一.pdf", "二.pdf")})
    row = Submission.objects.get()
    first = row.files.first()
    trainee.post(at("detail", enrolment), {"text": "字", "drop": [first.pk, "x", "9" * 30]})
    assert [file.attachment.name for file in row.files.all()] == ["二.pdf"]
    assert trainee.get(reverse("lms:assignment-file", args=[enrolment.pk, first.pk])).status_code == 404


def test_what_is_written_is_shown_as_text_and_never_as_html(trainee, enrolment):
    make_submission(enrolment, text="<script>alert(1)</script>")
    assert "<script>alert(1)" not in trainee.get(at("detail", enrolment)).text


def test_an_assignment_opens_in_its_order_and_says_what_comes_first(trainee, cohort, cast, enrolment):
    enrolment.progress.all().delete()
    page = trainee.get(at("detail", enrolment))
    assert "课时1" in page.context["first_title"]
    assert "work-form" not in page.text
    refused = trainee.post(at("detail", enrolment), {"text": "偷跑"})
    assert refused.status_code == 200
    assert not Submission.objects.exists()


def test_the_outline_shows_it_and_nothing_waits_for_the_teacher_who_marks(trainee, tree, cast):
    version = make_version(assignments=2, in_order=True, rule={"lessons": 1, "quizzes": 1, "assignments": 1})
    enrolment = make_enrolment(make_cohort(tree["district"], version), cast.trainee.person)
    sit(enrolment)
    make_submission(enrolment)
    way = trainee.get(reverse("lms:learning-outline", args=[enrolment.pk])).context["way"]
    standings = [row["standing"] for row in way.sections[0]["rows"]]
    assert standings == ["done", "done", "open", "open"]
    assert way.resume.item.key == way.steps[3].item.key
    assert (way.done_count, way.total) == (2, 4)


def test_an_assignment_that_may_be_left_out_is_not_counted(trainee, tree, cast):
    enrolment = make_enrolment(
        make_cohort(tree["district"], make_version(assignments=1)), cast.trainee.person
    )
    sit(enrolment)
    way = trainee.get(reverse("lms:learning-outline", args=[enrolment.pk])).context["way"]
    assert (way.done_count, way.total, way.percent) == (2, 2, 100)
    assert way.sections[0]["rows"][2]["is_optional"]


@pytest.mark.parametrize("part", ["other_trainee", "outsider", "instructor"])
def test_nobody_hands_in_for_somebody_else(client, cast, enrolment, part):
    kept = keep_file(upload=SimpleUploadedFile("a.pdf", PDF), actor=cast.trainee)
    row = make_submission(enrolment, files=[kept]).files.get()
    client.force_login(getattr(cast, part))
    for name in ("detail", "draft", "review"):
        assert client.post(at(name, enrolment)).status_code == 404
    assert client.get(reverse("lms:assignment-file", args=[enrolment.pk, row.pk])).status_code == 404


def test_who_left_the_cohort_finds_nothing(trainee, enrolment):
    Enrolment.objects.filter(pk=enrolment.pk).update(state="withdrawn")
    assert trainee.get(at("detail", enrolment)).status_code == 404


def test_the_list_names_every_assignment_and_how_it_stands(trainee, enrolment):
    make_submission(enrolment, "returned")
    page = trainee.get(reverse("lms:assignments", args=[enrolment.pk]))
    assert [row.submission.state for row in page.context["assignments"]] == ["returned"]
    assert at("detail", enrolment) in page.text


def test_the_room_of_a_course_with_assignments_leads_to_them(trainee, enrolment, cast, tree):
    place = reverse("lms:assignments", args=[enrolment.pk])
    outline = trainee.get(reverse("lms:learning-outline", args=[enrolment.pk])).text
    assert f'href="{place}"' in outline
    page = trainee.get(place).text
    assert f"<h1>{enrolment.version.title}</h1>" in page
    other = make_enrolment(make_cohort(tree["district"], make_version()), cast.trainee.person)
    outline = trainee.get(reverse("lms:learning-outline", args=[other.pk])).text
    assert reverse("lms:assignments", args=[other.pk]) not in outline
