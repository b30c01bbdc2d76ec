"""A template is written at the desk, looked at, published, chosen, and pinned by every certificate that it draws."""

from dataclasses import asdict

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from core.models import Attachment
from core.pdf.pages import english_date
from core.states import Refused
from credentials.certificates.actions import replace
from credentials.certificates.files import printed_facts
from credentials.designs.actions import choose_design, publish_design, save_design
from credentials.designs.document import RARE_NAMES, Spec
from credentials.models import Certificate, Design, DesignPicture, DesignVersion
from tests.core.pdf.reading import text_of
from tests.credentials.conftest import pdf_of
from tests.credentials.designs.test_document import png
from tests.factories import make_certificate, make_cohort

ANSWERS = {
    "name": "市级模板", "is_active": "on", "paper": "portrait", "frame": "double", "colour": "pine", "heading": "培训证书",
    "heading_en": "Certificate", "body": "兹证明\r\n{姓名}\r\n完成培训 {学时} 学时。\r\n{课程}", "body_en": "{name} took part on {issued_on}.",
    "details": ["cohort"], "issuer_at": "left", "proof_at": "right", "seal_at": "left", "signer_1": "王主任", "office_1": "主任",
}  # fmt: skip


@pytest.fixture
def design(tree, cast):
    return save_design(
        design=None, organisation=tree["city"], name="市级模板", spec=Spec(heading="培训证书"), is_active=True,
        actor=cast.city_administrator,
    )  # fmt: skip


def test_from_the_form_to_the_printed_certificate(client, cast, tree, tmp_path):
    client.force_login(cast.administrator)
    form = {**ANSWERS, "organisation": tree["district"].pk, "seal": SimpleUploadedFile("章.png", png())}
    page = client.post(reverse("designs:add"), form)
    design = Design.objects.get()
    assert page.url == reverse("designs:inspect", args=[design.pk])
    assert design.spec().seal == Attachment.objects.get().pk == DesignPicture.objects.get().attachment_id
    for number in range(len(RARE_NAMES)):
        seen = client.get(reverse("designs:preview", args=[design.pk, number]))
        assert seen.content.startswith(b"%PDF")
    assert english_date(timezone.localdate()) in text_of(seen.content, tmp_path)  # as printed
    cohort = make_cohort(tree["district"])
    assert not Design.objects.offered_to(tree["district"]).exists()  # not before it is published
    client.post(reverse("designs:publish", args=[design.pk]))
    client.post(reverse("designs:publish", args=[design.pk]))
    version = DesignVersion.objects.get()
    client.post(reverse("designs:choose", args=[cohort.pk]), {"design": design.pk})
    assert "市级模板" in client.get(reverse("issuing:cohort", args=[cohort.pk])).content.decode()
    certificate = make_certificate(cast.trainee.person, tree["district"], cohort)
    assert certificate.facts["design"] == version.pk
    text = "".join(text_of(pdf_of(certificate), tmp_path).split())
    for words in ("培训证书", "林小荷", "完成培训", "王主任", certificate.serial):
        assert words in text
    client.post(reverse("designs:edit", args=[design.pk]), {**ANSWERS, "heading": "另一种证书"})
    assert Design.objects.get().spec().seal == design.spec().seal  # a picture that is not chosen again stays
    client.post(reverse("designs:publish", args=[design.pk]))
    certificate.refresh_from_db()
    assert printed_facts(certificate).design.spec.heading == "培训证书"  # what is issued keeps its look
    fresh = replace(certificate=certificate, reason="更名", actor=cast.administrator)
    assert fresh.facts["design"] == version.pk


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"body": "{姓名}的{身份证号}"}, "身份证号"), ({"body": "{"}, "{"), ({"heading": "证书😀"}, "U+1F600"),
        ({"proof_at": "left"}, "另选一处"), ({"heading": "{姓名}"}, "占位符"), ({"paper": "A3"}, "A3"), ({"body": "\x00"}, "空"),
        ({"signer_1": "䶮" * 31}, "30"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_the_field(client, cast, tree, changed, said):
    client.force_login(cast.administrator)
    page = client.post(reverse("designs:add"), {**ANSWERS, "organisation": tree["district"].pk, **changed})
    assert page.status_code == 200 and said in page.content.decode()
    assert not Design.objects.exists()


def test_a_seal_must_be_a_clear_png(client, cast, tree):
    client.force_login(cast.administrator)
    for content in (png(clear=False), b"GIF89a", b"\x89PNG\r\n\x1a\n"):
        form = {**ANSWERS, "organisation": tree["district"].pk, "seal": SimpleUploadedFile("章.png", content)}
        assert client.post(reverse("designs:add"), form).status_code == 200
    assert not Design.objects.exists() and not Attachment.objects.exists()


def test_a_version_is_never_changed_and_the_same_draft_is_the_same_version(design, cast):
    version = publish_design(design=design, actor=cast.city_administrator)
    assert publish_design(design=design, actor=cast.city_administrator) == version
    for change in (
        lambda: DesignVersion.objects.update(spec={}),
        lambda: DesignVersion.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    design.draft = asdict(Spec(body="{身份证号}"))
    design.save()
    with pytest.raises(Refused, match="身份证号"):
        publish_design(design=design, actor=cast.city_administrator)


def test_a_template_is_offered_downwards_and_changed_at_its_place(client, design, cast, tree):
    publish_design(design=design, actor=cast.city_administrator)
    assert design in Design.objects.offered_to(tree["district"])
    assert design not in Design.objects.offered_to(tree["province"])
    cohort = make_cohort(tree["district"])
    choose_design(cohort=cohort, design=design, actor=cast.administrator)
    choose_design(cohort=cohort, design=None, actor=cast.administrator)
    assert "design" not in make_certificate(cast.trainee.person, tree["district"], cohort).facts
    for part in ("trainee", "supervisor", "outsider"):
        client.force_login(getattr(cast, part))
        for name in ("inspect", "edit"):
            assert client.get(reverse(f"designs:{name}", args=[design.pk])).status_code in (302, 403, 404)
    client.force_login(cast.administrator)  # of the district: the city's template is not theirs
    assert client.get(reverse("designs:edit", args=[design.pk])).status_code == 404
    assert Certificate.objects.count() == 1


def test_the_list_costs_the_same_for_one_and_for_many(
    client, design, cast, tree, django_assert_max_num_queries
):
    client.force_login(cast.city_administrator)
    address = reverse("designs:index")
    client.get(address)
    with django_assert_max_num_queries(60) as few:
        client.get(address)
    for number in range(5):
        Design.objects.create(organisation=tree["city"], name=f"模板{number}")
    with django_assert_max_num_queries(len(few)):
        assert "模板4" in client.get(address).content.decode()


def test_nobody_overwrites_or_publishes_what_a_colleague_has_changed_meanwhile(client, design, cast):
    """Two with the form open: the second is told, keeps what they typed, and nothing unseen is published."""
    client.force_login(cast.city_administrator)
    edit, publish, inspect = (
        reverse(f"designs:{name}", args=[design.pk]) for name in ("edit", "publish", "inspect")
    )
    seen = design.mark()
    assert all(f'value="{seen}"' in client.get(page).text for page in (edit, inspect))
    kept = save_design(
        design=design, organisation=design.organisation, name="市级模板", spec=Spec(heading="结业证书"), is_active=True,
        actor=cast.administrator,
    )  # fmt: skip
    client.post(publish, {"seen": seen})
    again = client.post(edit, {**ANSWERS, "heading": "研修证书", "seen": seen})
    assert "别人" in again.context["form"].errors["name"][0] and "研修证书" in again.text
    design.refresh_from_db()
    assert design.mark() == kept.mark() and not DesignVersion.objects.exists()
    client.post(edit, {**ANSWERS, "heading": "研修证书", "seen": kept.mark()})
    client.post(publish, {"seen": Design.objects.get().mark()})
    assert DesignVersion.objects.get().spec["heading"] == "研修证书"
