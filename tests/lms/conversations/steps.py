"""What the tests of conversations share: addresses, what is posted and by whom, an attack."""

import uuid

from django.urls import reverse

from core.models import Notice
from lms.conversations.actions import discussion as actions
from lms.conversations.actions import moderation
from lms.models import (
    Post,
    Thread,
)

ATTACK = "<script>alert(1)</script> https://example.com/a?b=1 <img src=x onerror=alert(2)>"


def at(name, enrolment, pk=None):
    return reverse(f"lms:{name}", args=[enrolment.pk] if pk is None else [enrolment.pk, pk])


def desk(name, pk):
    return reverse(f"talk:{name}", args=[pk])


def keyed(**fields):
    return {"key": str(uuid.uuid4()), **fields}


def start(cohort, user, title="家访时对方不开门", body="大家怎么办？", key=None):
    return actions.open_thread(cohort=cohort, actor=user, key=key or uuid.uuid4(), title=title, body=body)


def say(thread, user, body="先打电话约。", key=None):
    row = Thread.objects.select_related("cohort__organisation", "author").get(pk=thread.pk)
    return actions.write_post(thread=row, actor=user, key=key or uuid.uuid4(), body=body)


def fresh(post):
    rows = Post.objects.select_related("thread__cohort__organisation", "thread__author", "author")
    return rows.get(pk=post.pk)


def report(post, user, reason="泄露隐私"):
    return actions.report_post(post=fresh(post), actor=user, reason=reason)


def hide(post, user, reason="泄露隐私"):
    return moderation.hide_post(post=fresh(post), actor=user, reason=reason)


def kinds(user):
    return list(Notice.objects.filter(user=user).values_list("kind", flat=True))
