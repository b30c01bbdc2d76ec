"""The pages of the student, the supervisor and the officer, from the plan to the employment."""

import datetime

from django.urls import reverse
from django.utils import timezone

from core.models import Region
from credentials.models import EmploymentProof, Internship
from tests.factories import make_proof

DAY = datetime.timedelta(days=1)


def test_the_pages_of_the_student_the_supervisor_and_the_officer(client, cast, bureau):
    officer, student, supervisor = cast.city_administrator, cast.trainee, cast.supervisor
    client.force_login(officer)
    add = reverse("internships:add", args=[student.person.pk])
    assert add in client.get(reverse("people:detail", args=[student.person.pk])).content.decode()
    today = timezone.localdate()
    plan = {
        "school": "示例师范学院",
        "major": "社会工作",
        "is_social_work": "yes",
        "is_full_time": "yes",
        "year_of_study": 4,
        "authority": bureau.pk,
        "station": student.person.employer_id,
        "supervisor": supervisor.person.pk,
        "starts_on": today - 120 * DAY,
        "ends_on": today - 20 * DAY,
    }
    assert client.post(add, plan | {"ends_on": today - 130 * DAY}).context["form"].errors
    client.post(add, plan)
    row = Internship.objects.get()
    client.force_login(student)
    mine = reverse("credentials:internship-list")
    confirm = reverse("credentials:internship-confirm", args=[row.pk])
    assert confirm in client.get(mine).content.decode()
    assert client.post(confirm, {"sent": 1}).context["form"].errors
    client.post(confirm, {"paper": make_proof(name="学校证明.pdf")})
    client.force_login(supervisor)
    paper = reverse("credentials:internship-paper", args=[row.pk])
    sign = reverse("credentials:internship-sign", args=[row.pk])
    assert client.get(paper).status_code == 404 and client.get(sign).status_code == 404
    client.force_login(cast.outsider)
    assert client.get(paper).status_code == 404
    client.force_login(officer)
    inspect = reverse("internships:inspect", args=[row.pk])
    assert 'name="place"' not in client.get(inspect).content.decode()
    client.post(inspect, {"place": "1"})
    client.get(paper)
    client.post(inspect, {"return": "1", "reason": "盖章不清"})
    client.force_login(student)
    assert "盖章不清" in client.get(mine).content.decode()
    client.post(confirm, {"paper": make_proof(name="学校证明.pdf")})
    client.force_login(officer)
    client.get(paper)
    client.post(inspect, {"place": "1"})
    client.force_login(supervisor)
    assert sign in client.get(reverse("credentials:internship-supervised")).content.decode()
    assert "份实习" in client.get(reverse("dashboard")).content.decode()
    said = {"ends_on": today - 20 * DAY, "hours": 400, "words": "认真负责"}
    assert client.post(sign, said | {"hours": 12_000}).context["form"].errors
    client.post(sign, said)
    client.force_login(officer)
    client.post(inspect, {"end": "1"})
    client.force_login(student)
    employ = reverse("credentials:internship-employment", args=[row.pk])
    told = {
        "employer_name": "示例社工服务中心",
        "region": "421002",
        "is_in_field": "yes",
        "starts_on": today - 19 * DAY,
        "until": today,
    }
    assert client.post(employ, told).context["form"].errors
    Region.objects.get_or_create(code="421002", defaults={"name": "沙市区", "level": "county"})
    client.post(
        employ, told | {"contract": make_proof(name="合同.pdf"), "insurance": make_proof(name="社保.pdf")}
    )
    proof = EmploymentProof.objects.get()
    client.force_login(officer)
    page = reverse("internships:proof", args=[proof.pk])
    client.post(page, {"verify": "1"})
    client.get(reverse("credentials:employment-paper", args=[proof.pk, "contract"]))
    assert 'name="verify"' not in client.get(page).content.decode()  # the second paper is still unopened
    client.get(reverse("credentials:employment-paper", args=[proof.pk, "insurance"]))
    client.post(page, {"verify": "1"})
    assert client.get(reverse("internships:index") + "?waiting=on").status_code == 200
    client.force_login(student)
    shown = client.get(mine).content.decode()
    assert (
        "还差 12 个月" in shown
        and client.get(employ).context["form"].initial["employer_name"] == "示例社工服务中心"
    )
    assert client.get(reverse("credentials:employment-paper", args=[proof.pk, "other"])).status_code == 404
