"""Keeping a file, and handing it out."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.http import FileResponse, Http404

from core.access.scope import Asker
from core.attachments.models import Attachment
from core.attachments.policy import CONTENT_TYPES

INLINE = {"application/pdf", "image/jpeg", "image/png"}


def keep_file(*, upload: Any, actor: Asker) -> Attachment:
    """Keep a file that AttachmentField has accepted. The same bytes are stored once, however often they are handed in.

    The file is whole in the store before the row names it. Side effects: the file; a row.
    """
    upload.seek(0)
    content: bytes = upload.read()
    digest = hashlib.sha256(content).hexdigest()
    ending = PurePath(upload.name or "").suffix.lower()
    name = f"attachments/{digest[:2]}/{digest}{ending}"
    store = storages["private"]
    if not store.exists(name):
        name = store.save(name, ContentFile(content))
    return Attachment.objects.create(
        name=PurePath(upload.name or "").name[:200],
        content_type=CONTENT_TYPES[ending],
        size=len(content),
        sha256=digest,
        stored=name,
        uploaded_by_id=actor.pk or 0,
    )


def attachment_response(attachment: Attachment, *, download: bool = False) -> FileResponse:
    """The file, for whoever was found to have the right to see what it proves. Never kept by anybody on the way.

    Raises Http404 when the store has lost it.
    """
    try:
        file = storages["private"].open(attachment.stored)
    except FileNotFoundError:
        raise Http404
    shown = attachment.content_type in INLINE and not download
    answer = FileResponse(
        file, as_attachment=not shown, filename=attachment.name, content_type=attachment.content_type
    )
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
