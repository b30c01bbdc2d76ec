"""How somebody was contacted."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Way(models.TextChoices):
    NOTICE = "notice", pgettext_lazy("contact", "By a message here")
    PHONE = "phone", pgettext_lazy("contact", "By telephone")
    IN_PERSON = "in_person", pgettext_lazy("contact", "In person")
