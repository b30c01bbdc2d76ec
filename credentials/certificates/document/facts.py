"""What a certificate says, and the fixed words around it.

Bilingual by nature: Chinese first and large, one small English line under it, whatever language the officer who
issues it works in. So its words are part of the facts (``CertificateWording``, frozen with them at issue) and do
not go through gettext.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, fields

from core.pdf.pages import chinese_date, english_date
from core.pdf.paper import DocumentInfo
from credentials.designs.document import Design, Printed


@dataclass(frozen=True)
class CertificateWording:
    """Every fixed word of the certificate, in both languages."""

    heading: str = "结业证书"
    heading_en: str = "Certificate of Completion"
    lead: str = "兹证明"
    lead_en: str = "This is to certify that"
    statement: str = "已修完下列课程的全部内容，经考核合格，准予结业。"
    statement_en: str = "has completed the following course and passed its assessment"
    programme: str = "项目"
    programme_en: str = "Programme"
    cohort: str = "班次"
    cohort_en: str = "Cohort"
    hours: str = "学时"
    hours_en: str = "Hours"
    expires: str = "有效期至"
    expires_en: str = "Valid until"
    no_expiry: str = "长期有效"
    issuer: str = "发证单位"
    issuer_en: str = "Issued by"
    serial: str = "证书编号"
    serial_en: str = "No."
    code: str = "核验码"
    scan: str = "扫码核验"
    scan_en: str = "Scan to verify"


def wording_of(*, by_lessons: bool, by_quizzes: bool) -> CertificateWording:
    """The words for what the course asked for: nothing is certified that nobody had to do."""
    if not (by_lessons or by_quizzes):  # by attendance, minutes or assignments alone
        return CertificateWording(
            statement="已按要求完成下列课程的学习，准予结业。",
            statement_en="has met the requirements of the following course",
        )
    if not by_quizzes:
        return CertificateWording(
            statement="已修完下列课程的全部内容，准予结业。",
            statement_en="has completed the following course",
        )
    if not by_lessons:
        return CertificateWording(
            statement="已通过下列课程的全部考核，准予结业。",
            statement_en="has passed the assessment of the following course",
        )
    return CertificateWording()


@dataclass(frozen=True)
class CertificateFacts:
    """What one certificate says. Nothing else is looked up, and nothing is worked out from these.

    ``hours`` is the number of hours as printed ("72", "13.5"); ``code`` the unguessable short code;
    ``expires_on`` None means no end; ``watermark`` (样例) is set for demonstration only. Empty English titles,
    programme or cohort are left out.
    """

    serial: str
    code: str
    name: str
    course_title: str
    hours: str
    issuer: str
    issued_on: dt.date
    expires_on: dt.date | None
    verify_url: str
    programme: str = ""
    cohort: str = ""
    course_title_en: str = ""
    issuer_en: str = ""
    watermark: str | None = None
    design: Design | None = None  # an organisation's template; None for the standard look
    wording: CertificateWording = field(default_factory=CertificateWording)

    def texts(self) -> list[str]:
        """Every text that is printed, to be checked for missing glyphs before anything is stored."""
        own = [getattr(self, item.name) for item in fields(self)]
        words = [getattr(self.wording, item.name) for item in fields(self.wording)]
        return [text for text in own + words if isinstance(text, str)]


def placeholders_of(facts: CertificateFacts, info: DocumentInfo) -> Printed:
    """The facts by the placeholders of templates, once for Chinese text and once for English."""
    expires = chinese_date(facts.expires_on) if facts.expires_on else facts.wording.no_expiry
    values = {
        "name": facts.name,
        "course": facts.course_title,
        "course_en": facts.course_title_en,
        "cohort": facts.cohort,
        "hours": facts.hours,
        "issuer": facts.issuer,
        "issued_on": chinese_date(facts.issued_on),
        "expires_on": expires,
        "serial": facts.serial,
    }
    english = {
        **values,
        "course_en": facts.course_title_en or facts.course_title,
        "issuer": facts.issuer_en or facts.issuer,
        "issued_on": english_date(facts.issued_on),
        "expires_on": english_date(facts.expires_on) if facts.expires_on else "no end date",
    }
    return Printed(info, values, english, facts.code, facts.verify_url, facts.watermark)
