"""Sample certificate templates and what is drawn by them: a district's published one with a class that used it, the next
version as a draft, a template that is nobody's yet; badges of some who finished, and keys that were rotated and withdrawn."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

from config.demo.teaching import Plan, days_ago, fill, open_cohorts, study
from core.models import Organisation, Person, User
from core.pdf.faces import FONTS
from credentials.badges.actions import badge_for
from credentials.certificates.actions import revoke
from credentials.designs.actions import add_picture, choose_design, publish_design, save_design
from credentials.designs.document import Signatory, Spec
from credentials.keys.actions import make_key, rotate_key, withdraw_key
from credentials.keys.states import Purpose
from credentials.models import Certificate, Design, SigningKey
from lms.cohorts.models import Cohort
from lms.courses.models import CoursePage

NAME = "和平区专班结业证书（示例）"
ADVANCED = "骨干班研修证书（草稿，示例）"
KEYS_MADE, KEY_LOST, KEY_ROTATED = 6 * 365, 400, 120  # days ago
PUBLISHED, TAUGHT = 150, 45
FLAME, BRUSH = (196, 57, 33, 210), (24, 28, 38, 235)  # red-brown, ink; the last number is how dense
SPEC = Spec(
    frame="double",
    colour="pine",
    heading="结业证书",
    heading_en="Certificate of Completion",
    body="兹证明\n{姓名}\n参加{班次}学习，修完规定内容，经考核合格，准予结业。\n{课程}",
    body_en="This is to certify that {name} has completed {course_en} and met all its requirements.\n"
    "Issued by {issuer} on {issued_on}.",
    details=("hours", "expires"),
    seal_at="left",
)


def make_keys() -> None:
    """Keys as after some years: the one for PDF files rotated, one for badges withdrawn before it signed anything.

    Nothing where there is a key already: keys of a place are never touched.
    """
    if SigningKey.objects.exists():
        return
    with days_ago(KEYS_MADE):
        first = make_key(purpose=Purpose.PDF, actor=None)
    with days_ago(KEY_LOST + 30):
        lost = make_key(purpose=Purpose.BADGE, actor=None)
        make_key(purpose=Purpose.TOKEN, actor=None)
    with days_ago(KEY_LOST):
        reason = "私钥文件曾误存到共享文件夹，当天发现，未签发任何徽章（示例）。"
        withdraw_key(key=lost, reason=reason, actor=None)
    with days_ago(KEY_ROTATED):
        rotate_key(key=first, actor=None)


def draw_templates(named: dict[str, Organisation], accounts: dict[str, User]) -> Design:
    """The district's template, published twice and changed since, and the city's draft. Idempotent by name."""
    district, officer = named["district"], accounts["district@example.com"]
    if found := Design.objects.filter(organisation=district, name=NAME).first():
        return found
    facts: dict[str, Any] = {"organisation": district, "name": NAME, "is_active": True, "actor": officer}
    design = save_design(design=None, spec=SPEC, **facts)
    seal, first, second = (
        add_picture(design=design, upload=_file(name, picture), actor=officer)
        for name, picture in (("印章图片", _seal()), ("签名一", _signature(3)), ("签名二", _signature(8)))
    )
    signed = (
        Signatory("单敬之（示例）", "和平区社会工作指导中心 主任", first),
        Signatory("曾景行（示例）", "授课老师", second),
    )
    with days_ago(PUBLISHED + 30):
        publish_design(design=save_design(design=design, spec=SPEC, **facts), actor=officer)
    whole = Spec(**{**vars(SPEC), "signatories": signed, "seal": seal})
    with days_ago(PUBLISHED):
        publish_design(design=save_design(design=design, spec=whole, **facts), actor=officer)
    body = SPEC.body.replace("修完规定内容", "修完全部课程")
    save_design(design=design, spec=Spec(**{**vars(whole), "body": body}), **facts)
    save_design(
        design=None,
        organisation=named["tianjin"],
        name=ADVANCED,
        spec=Spec(
            paper="portrait",
            frame="line",
            colour="indigo",
            heading="研修证书",
            heading_en="Certificate of Advanced Study",
            signatories=(Signatory("解守正（示例）", "天津市民政局 分管负责人"),),
            seal_at="centre",
        ),
        is_active=True,
        actor=accounts["city@example.com"],
    )
    return design


def certify_by_template(
    course: CoursePage, design: Design, people: Sequence[Person], officer: User, by: Organisation
) -> None:
    """A class of the district, long over, whose certificates the template drew; badges of three, one of them revoked
    since. Idempotent."""
    plan = Plan("past", f"{course.title} · 和平区专班", "Heping class", 30, -10, 5, 6, 30)
    if Cohort.objects.filter(course=course, title=plan.title).exists():
        return
    with days_ago(TAUGHT + 30):
        cohort = open_cohorts(course, [plan], by, officer)["past"]
        choose_design(cohort=cohort, design=design, actor=officer)
    with days_ago(TAUGHT + 20):
        enrolments = fill(cohort, people, len(people), officer)
    for enrolment in enrolments:
        study(enrolment, 1.0, began=TAUGHT, pace=1)
    held = list(Certificate.objects.filter(enrolment__in=enrolments).order_by("pk"))
    for certificate in held[:3]:
        badge_for(certificate=certificate)
    if len(held) > 2:
        reason = "与线下纸质证书重复发放（示例）。"
        revoke(certificate=held[2], reason=reason, reason_class="mistake", actor=officer)


def _file(name: str, picture: Image.Image) -> SimpleUploadedFile:
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    return SimpleUploadedFile(f"{name}（样例）.png", kept.getvalue(), "image/png")


def _seal() -> Image.Image:
    """Two rings with “样例” in them, on a clear ground: nobody can take it for a seal."""
    picture = Image.new("RGBA", (420, 420), (0, 0, 0, 0))
    drawing = ImageDraw.Draw(picture)
    for inset, width in ((8, 12), (34, 4)):
        drawing.ellipse((inset, inset, 420 - inset, 420 - inset), outline=FLAME, width=width)
    font = ImageFont.truetype(str(FONTS / "NotoSerifSC-Bold.ttf"), 116)
    drawing.text((210, 205), "样例", font=font, fill=FLAME, anchor="mm")
    return picture


def _signature(turn: int) -> Image.Image:
    """A stroke that winds like handwriting and spells nothing, on a clear ground."""
    picture = Image.new("RGBA", (620, 200), (0, 0, 0, 0))
    drawing = ImageDraw.Draw(picture)
    points = [
        (
            40 + step * 1.8 + 34 * math.sin(step / turn),
            100 + 52 * math.sin(step / 17) * math.cos(step / (turn * 9)) - step / 12,
        )
        for step in range(300)
    ]
    drawing.line(points, fill=BRUSH, width=7, joint="curve")
    return picture
