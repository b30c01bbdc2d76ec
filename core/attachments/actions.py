"""Keeping a file, and handing it out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import PurePath
from typing import Any
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import transaction
from django.db.models import Exists, ForeignObjectRel, OuterRef, QuerySet, Sum
from django.http import FileResponse, Http404
from django.utils import timezone

from core.access.scope import Asker
from core.attachments.models import Attachment
from core.attachments.policy import CONTENT_TYPES

HELD_BYTES = 60 * 1024 * 1024  # of one account, by forms that could not be handed in
UNUSED_DAYS = 2  # a file that was received with a form is held for one day
SHARED, APART = "attachments", "tables"  # folders of the private store
INLINE = {"application/pdf", "image/jpeg", "image/png"}


def keep_file(*, upload: Any, actor: Asker, apart: bool = False) -> Attachment:
    """Keep a file that AttachmentField has accepted. The same bytes are stored once, however often they are handed in;
    with `apart` they are stored under a name of their own, so that they can be erased without anybody missing them.

    The file is whole in the store before the row names it, and put back if it was erased as unused meanwhile. Side
    effects: the file; a row.
    """
    upload.seek(0)
    content: bytes = upload.read()
    digest = hashlib.sha256(content).hexdigest()
    ending = PurePath(upload.name or "").suffix.lower()
    name = f"{APART}/{digest[:2]}/{uuid4()}{ending}" if apart else f"{SHARED}/{digest[:2]}/{digest}{ending}"
    store = storages["private"]
    if not store.exists(name):
        name = store.save(name, ContentFile(content))
    transaction.on_commit(lambda: _put_back(name, content))
    return Attachment.objects.create(
        name=PurePath(upload.name or "").name[:200],
        content_type=CONTENT_TYPES[ending],
        size=len(content),
        sha256=digest,
        stored=name,
        uploaded_by_id=actor.pk or 0,
    )


def kept_file(*, file: Any, actor: Asker) -> Attachment:
    """The same of what was handed in with a form: a file of this try is kept, one that was held since an earlier try is kept
    already (`HeldFilesForm.given`)."""
    return file if isinstance(file, Attachment) else keep_file(upload=file, actor=actor)


def hold_files(*, uploads: Mapping[str, Any], actor: Asker) -> dict[str, Attachment]:
    """Keep the files of a form (`HeldFilesForm`) that could not be handed in yet, so that they need not be chosen again.

    Nothing points to them until it is handed in: what is not used by then is erased (`erase_unused`). Of one account so
    many bytes are held at a time; a file beyond is not, and is to be chosen again. Side effects: as of `keep_file`.
    """
    mine = _pointed_at_by_nothing().filter(uploaded_by_id=actor.pk or 0)
    room = HELD_BYTES - (mine.aggregate(sum=Sum("size"))["sum"] or 0)
    held = {}
    for name, upload in uploads.items():
        if upload.size <= room:
            room -= upload.size
            held[name] = keep_file(upload=upload, actor=actor)
    return held


def _put_back(name: str, content: bytes) -> None:
    store = storages["private"]
    if not store.exists(name):
        store.save(name, ContentFile(content))


def erase_unused() -> list[str]:
    """Erase the files that prove nothing after two days: of an application that was never handed in, or of an act that
    was rolled back. What they show may be an identity card, and nobody has a use for it. Says what it erased.

    Whatever points to an Attachment keeps it, in any app. Safe to call at any time. Side effects: rows, files.
    """
    before = timezone.now() - timedelta(days=UNUSED_DAYS)
    unused = _pointed_at_by_nothing().filter(created_at__lt=before)
    names = set(unused.values_list("stored", flat=True))
    number, _rows = unused.delete()
    store = storages["private"]
    names |= {name for name in _stored() if store.get_modified_time(name) < before}
    names -= set(Attachment.objects.values_list("stored", flat=True))
    for name in sorted(names):
        with suppress(FileNotFoundError):
            with store.open(name) as file:
                content = file.read()
            store.delete(name)
            # Handed in at this very moment by somebody else: `keep_file` looked before it was erased here.
            if Attachment.objects.filter(stored=name).exists():
                _put_back(name, content)
    return [f"attachments unused: {number} rows, {len(names)} files erased"] if number or names else []


def _pointed_at_by_nothing() -> QuerySet[Attachment]:
    """The attachments to which no row of any model points."""
    rows = Attachment.objects.all()
    for relation in Attachment._meta.get_fields(include_hidden=True):
        if isinstance(relation, ForeignObjectRel):
            pointing = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            rows = rows.filter(~Exists(pointing))
    return rows


def _stored() -> Iterator[str]:
    """The names of all files in the store that were kept as attachments."""
    store = storages["private"]
    for top in (SHARED, APART):
        with suppress(FileNotFoundError):
            for folder in store.listdir(top)[0]:
                for file in store.listdir(f"{top}/{folder}")[1]:
                    yield f"{top}/{folder}/{file}"


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
