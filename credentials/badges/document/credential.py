"""What a badge says: frozen facts in, an OpenBadgeCredential (Open Badges 3.0 on VC data model 2.0) out.

Like the certificate it is Chinese first with one English line, whatever language somebody reads the site in. It holds
no name, no hash of one, and nothing else that tells who the holder is (ADR 0026).
"""

from __future__ import annotations

import datetime
import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Any

from credentials.badges.document.contexts import CONTROLLED_IDENTIFIERS, CREDENTIALS, OPEN_BADGES

_CHINA = datetime.timezone(datetime.timedelta(hours=8))


@dataclass(frozen=True)
class AchievementFacts:
    """What is achieved, the same for everybody who achieves it. `hours` as printed ("72", "13.5")."""

    title: str
    statement: str
    issuer: str
    title_en: str = ""
    statement_en: str = ""
    hours: str = ""
    course_code: str = ""
    version: str = ""
    heading: str = "结业证书"
    is_sample: bool = False


@dataclass(frozen=True)
class Addresses:
    """Where the parts of a badge are found; whole addresses."""

    site: str
    credential: str
    verify: str
    issuer: str
    achievement: str
    picture: str
    status_list: str


@dataclass(frozen=True)
class BadgeFacts:
    """What one badge says beside its achievement. `expires_on` None means no end; days are days in China."""

    serial: str
    issuer: str
    issued_on: datetime.date
    expires_on: datetime.date | None
    achieved_on: datetime.date | None
    status_index: int


def digest_of(facts: AchievementFacts) -> str:
    """A name for the achievement that follows from what it says: 32 hexadecimal digits."""
    text = json.dumps(asdict(facts), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


def achievement_of(facts: AchievementFacts, addresses: Addresses) -> dict[str, Any]:
    """The achievement, as it stands inside a badge and at its own address."""
    achievement: dict[str, Any] = {
        "id": addresses.achievement,
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": _title(facts),
        "description": _described(facts),
        "criteria": {"narrative": " ".join(part for part in (facts.statement, facts.statement_en) if part)},
        "image": {"id": addresses.picture, "type": "Image", "caption": _title(facts)},
        "inLanguage": "zh-CN",
    }
    if facts.course_code:
        achievement["humanCode"] = facts.course_code
    if facts.version:
        achievement["version"] = facts.version
    return achievement


def credential_of(facts: BadgeFacts, achievement: AchievementFacts, addresses: Addresses) -> dict[str, Any]:
    """The credential before it is signed. Equal facts give an equal credential."""
    credential: dict[str, Any] = {
        "@context": [CREDENTIALS, OPEN_BADGES],
        "id": addresses.credential,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": f"{achievement.heading} · {_title(achievement)}",
        "description": f"证书编号 {facts.serial}，{_described(achievement)}",
        "issuer": {
            "id": addresses.issuer,
            "type": ["Profile"],
            "name": facts.issuer,
            "url": addresses.site,
        },
        "validFrom": _moment(facts.issued_on, datetime.time()),
        "credentialSubject": {
            "id": f"{addresses.verify}#holder",
            "type": ["AchievementSubject"],
            "achievement": achievement_of(achievement, addresses),
        },
        "evidence": [
            {"id": addresses.verify, "type": ["Evidence"], "name": "证书核验 Verify this certificate"}
        ],
        "credentialStatus": {
            "id": f"{addresses.status_list}#{facts.status_index}",
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": str(facts.status_index),
            "statusListCredential": addresses.status_list,
        },
    }
    if facts.expires_on:  # the last day still counts
        credential["validUntil"] = _moment(facts.expires_on, datetime.time(23, 59, 59))
    if facts.achieved_on:
        credential["awardedDate"] = _moment(facts.achieved_on, datetime.time())
    return credential


def issuer_of(*, address: str, name: str, site: str, keys: list[dict[str, Any]]) -> dict[str, Any]:
    """Who issues, as a profile and at the same time as the document that says which keys speak for it.

    `keys` are verification methods without their controller, which is this address.
    """
    methods = [{**key, "controller": address} for key in keys]
    return {
        "@context": [CONTROLLED_IDENTIFIERS, OPEN_BADGES],
        "id": address,
        "type": ["Profile"],
        "name": name,
        "url": site,
        "verificationMethod": methods,
        "assertionMethod": [method["id"] for method in methods],
    }


def _title(facts: AchievementFacts) -> str:
    return f"【样例】{facts.title}" if facts.is_sample else facts.title


def _described(facts: AchievementFacts) -> str:
    parts = [f"{facts.issuer}《{facts.title}》", f"{facts.hours} 学时" if facts.hours else ""]
    text = "，".join(part for part in parts if part) + "。"
    english = f" {facts.title_en}." if facts.title_en else ""
    sample = " 样例，不作任何证明。" if facts.is_sample else ""
    return text + english + sample


def _moment(day: datetime.date, time: datetime.time) -> str:
    return datetime.datetime.combine(day, time, _CHINA).isoformat()
