"""A session's record on paper, for the two of it."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from core.access.scope import Asker
from core.pdf.faces import MissingGlyph, describe_character
from core.ui.lists import listed
from supervision.pairings.actions import NotPossible
from supervision.sessions.document import RecordFacts, render
from supervision.sessions.models import Session, SessionContent
from supervision.sessions.queries.page import said_rows


def record_of(*, session: Session, actor: Asker) -> bytes:
    """The record as it stands, as a PDF for one of the two; in Chinese, as it is filed. Nothing is kept or audited.

    Raises NotPossible for anybody else, and, naming the characters, where the paper would have a gap.
    """
    pairing = session.pairing
    if actor.pk not in (pairing.supervisor.person.user_id, pairing.mentee.user_id):
        raise NotPossible(_("Only the two of the session keep notes on it."))
    content: Any = SessionContent.objects.visible_to(actor).filter(session=session).first()
    starts_at, ends_at = timezone.localtime(session.starts_at), timezone.localtime(session.ends_at)
    with override("zh-hans"):
        shares = listed(f"{label} {minutes} 分钟" for label, minutes in session.share_labels)
        kinds = (session.get_form_display(), session.get_mode_display(), session.get_setting_display())
        signed = [
            f"{pairing.supervisor.person.name}　于 {timezone.localtime(session.logged_at):%Y-%m-%d %H:%M} 记录"
        ]
        if session.confirmed_at:
            confirmed = timezone.localtime(session.confirmed_at)
            signed.append(f"{pairing.mentee.name}　于 {confirmed:%Y-%m-%d %H:%M} 确认")
        signed += [
            f"更正：双方于 {timezone.localtime(row.answered_at):%Y-%m-%d %H:%M} 一致同意（第 {row.number} 版）"
            for row in session.amendments.accepted().order_by("pk")
            if row.answered_at
        ]
        facts = RecordFacts(
            number=session.revision,
            supervisor=f"{pairing.supervisor.person.name}（{pairing.supervisor.code}）",
            mentee=pairing.mentee.name,
            organisation=pairing.organisation.name,
            frame=(
                ("时间", f"{starts_at:%Y-%m-%d %H:%M}–{ends_at:%H:%M}，{session.minutes} 分钟"),
                ("类别", " · ".join(str(kind) for kind in kinds)),
                ("功能", shares),
                ("状态", str(session.get_state_display())),
            ),
            sections=tuple(said_rows(content.written)) if content else (),
            signed=tuple(signed),
            dated=session.held_on,
            sample=pairing.mentee.is_sample or pairing.supervisor.person.is_sample,
        )
    try:
        return render(facts)
    except MissingGlyph as missing:
        words = _("These characters cannot be printed: %(characters)s. Write it without them.")
        named = listed(describe_character(each) for each in missing.characters)
        raise NotPossible(words % {"characters": named})
