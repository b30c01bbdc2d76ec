"""A participant list as a meeting service exports it, and how it is handed in."""

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook


def of(name, klass):
    return reverse(f"attendance:{name}", args=[klass.pk])


def listed(rows, headings=("用户昵称（入会昵称）", "手机号", "入会时间", "退会时间")):
    book = Workbook()
    book.active.append(["会议主题：接案与预估"])
    book.active.append(list(headings))
    for row in rows:
        book.active.append(list(row))
    kept = io.BytesIO()
    book.save(kept)
    return SimpleUploadedFile("参会成员.xlsx", kept.getvalue())


def upload(desk, room, file):
    answer = desk.post(of("upload", room.klass), {"file": file})
    assert answer.status_code == 302, answer.context["form"].errors
    return answer["Location"]
