"""Qualifications on the person's pages and at the desk."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from core.templatetags.times import day
from credentials.models import ExamPass, LevelTerms, QualificationLevel, QualificationRecord
from credentials.qualifications.actions import (
    note_exam,
)
from credentials.qualifications.policy import first_registration_until
from tests.credentials.qualifications.acts import declare
from tests.factories import make_period, make_proof, make_qualification


def test_who_declares_a_number_does_not_learn_that_somebody_holds_it_and_the_officers_do(client, cast, level):
    make_qualification(cast.outside_trainee.person, number="20250001")
    words = "另有他人"
    for user in (cast.trainee, cast.administrator):
        held = declare(user, level)
        desk = reverse("qualifications:inspect", args=[held.pk])
        client.force_login(user)
        for page in (held.get_absolute_url(), *([desk] if user == cast.administrator else [])):
            assert words not in client.get(page).content.decode(), page
        client.force_login(cast.city_administrator)
        for page in (held.get_absolute_url(), desk):
            assert words in client.get(page).content.decode(), page


def test_the_whole_way_through_the_pages(client, cast, level, django_assert_max_num_queries):
    client.force_login(cast.trainee)
    declared = reverse("credentials:qualification-declare")
    assert client.get(declared).status_code == 200
    answers = {
        "number": "20250001",
        "issued_on": f"{timezone.localdate() - timedelta(days=9)}",
        "scan": make_proof(),
    }
    page = client.post(f"{declared}?level=assistant", answers | {"issued_on": "2999-99-99"})
    assert page.status_code == 200 and page.context["form"].errors["issued_on"]
    assert page.context["form"].held("scan")  # it need not be chosen again
    for nasty in ("\0", "9" * 400, "\u202e", ""):
        assert client.post(f"{declared}?level=assistant", answers | {"number": nasty}).status_code in (
            200,
            400,
        )
    page = client.post(f"{declared}?level=assistant", answers | {"scan": make_proof()})
    held = QualificationRecord.objects.get()
    assert page.url == held.get_absolute_url()
    assert client.get(page.url).status_code == 200
    assert client.get(reverse("credentials:qualification-scan", args=[held.pk])).status_code == 200
    exams = reverse("credentials:exam-note")
    client.post(f"{exams}?level=social_worker", {"subject": 1, "year": timezone.localdate().year})
    overview = reverse("credentials:qualification-list")
    with django_assert_max_num_queries(30):
        assert "20250001" in client.get(overview).content.decode()
    client.post(reverse("credentials:exam-forget", args=[ExamPass.objects.get().pk]))
    assert not ExamPass.objects.exists()
    client.force_login(cast.outside_trainee)
    assert client.get(held.get_absolute_url()).status_code == 404
    client.force_login(cast.administrator)
    index = reverse("qualifications:index")
    assert "20250001" in client.get(f"{index}?waiting=on&q=20250001").content.decode()
    inspect = reverse("qualifications:inspect", args=[held.pk])
    assert client.get(inspect).status_code == 200
    assert client.post(inspect, {"return": "1", "reason": ""}).status_code == 200
    client.get(reverse("credentials:qualification-scan", args=[held.pk]))
    client.post(inspect, {"verify": "1"})
    held.refresh_from_db()
    assert held.is_verified
    client.force_login(cast.auditor)
    assert client.get(inspect).status_code == 200
    assert client.post(inspect, {"return": "1", "reason": "x"}).status_code == 404
    client.force_login(cast.trainee)
    client.post(reverse("credentials:qualification-withdraw", args=[held.pk]))
    held.refresh_from_db()
    assert held.is_verified


def test_what_stands_is_said_before_the_form_and_the_form_prefills_all_years_or_none(client, cast, level):
    names = (("social_worker", "社会工作师"), ("senior", "高级社会工作师"))
    middle, _senior = (
        QualificationLevel.objects.get_or_create(code=code, defaults={"name": name, "target_hours": 90})[0]
        for code, name in names
    )
    held, year = declare(cast.trainee, level), timezone.localdate().year
    client.force_login(cast.trainee)
    address = reverse("credentials:qualification-declare")
    for page in (address, f"{address}?level=assistant"):
        shown = client.get(page).content.decode()
        assert "已申报" in shown and held.get_absolute_url() in shown
        assert "?level=assistant" not in shown and "?level=social_worker" in shown
    assert "?level=assistant" in client.get(reverse("credentials:exam-note")).content.decode()
    years = [f"subject_{number}" for number in (1, 2, 3)]
    for subject in (1, 2):
        note_exam(person=cast.trainee.person, level=middle, subject=subject, year=year)
    form = client.get(f"{address}?level=social_worker").context["form"]
    assert [form.get_initial_for_field(form.fields[name], name) for name in years] == [None] * 3
    # What was returned is corrected, not typed anew.
    QualificationRecord.objects.filter(pk=held.pk).update(state="returned", reason="编号有误")
    form = client.get(f"{address}?level=assistant").context["form"]
    assert [form[name].value() for name in ("number", "issued_on")] == [held.number, held.issued_on]
    note_exam(person=cast.trainee.person, level=middle, subject=3, year=year)
    form = client.get(f"{address}?level=social_worker").context["form"]
    assert [form.get_initial_for_field(form.fields[name], name) for name in years] == [year] * 3
    answers = {
        "number": "20250009",
        "issued_on": f"{timezone.localdate()}",
        "scan": SimpleUploadedFile("证书.docx", b"PK\x03\x04x"),
    }
    (fault,) = client.post(f"{address}?level=social_worker", answers).context["form"].errors["scan"]
    assert "PDF" in fault and "DOCX" not in fault
    assert ".docx" not in form.fields["scan"].widget.attrs["accept"]


def test_the_list_takes_the_same_statements_for_one_and_for_many(client, cast, tree):
    from django.test.utils import CaptureQueriesContext

    from tests.factories import make_user

    client.force_login(cast.administrator)
    make_qualification(cast.trainee.person)
    counts = []
    for number in (0, 3):
        for place in range(number):
            make_qualification(make_user(f"学员{place}", tree["station"]).person)
        client.get(reverse("qualifications:index"))
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("qualifications:index"))
        counts.append(len(captured))
    assert counts[0] == counts[1] <= 12


def test_terms_are_added_at_the_desk(client, cast, tree, level):
    client.force_login(cast.city_administrator)
    answers = {"level": level.pk, "organisation": tree["city"].pk, "starts_on": "2026-01-01", "name": "助理社工", "window_years": 1, "slip_years": 0, "source": "文件", "subjects": "甲\n乙", "number_forms": "########"}  # fmt: skip
    page = client.post(reverse("level-terms:add"), answers)
    assert page.status_code == 302 and LevelTerms.objects.get().terms.subjects == ("甲", "乙")
    assert client.post(reverse("level-terms:add"), answers).context["form"].errors
    assert "助理社工" in client.get(reverse("level-terms:index")).content.decode()


def test_a_registered_qualification_says_since_when_and_reminds_of_no_day(client, cast):
    """A day that has passed is a reminder only for whoever has not registered."""
    issued = timezone.localdate() - timedelta(days=500)
    held = make_qualification(cast.trainee.person, days_ago=500)
    pages = {
        cast.trainee: held.get_absolute_url(),
        cast.administrator: reverse("qualifications:inspect", args=[held.pk]),
    }
    for user, page in pages.items():
        client.force_login(user)
        assert client.get(page).context["registered_from"] is None
    make_period(cast.trainee.person, days_ago=470)
    for user, page in pages.items():
        client.force_login(user)
        shown = client.get(page)
        assert shown.context["registered_from"] == issued + timedelta(days=30)
        assert day(first_registration_until(issued)) not in shown.content.decode()
