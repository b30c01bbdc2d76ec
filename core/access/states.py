"""The six roles of the product."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    TRAINEE = "trainee", _("Trainee")
    SUPERVISOR = "supervisor", _("Supervisor")
    INSTRUCTOR = "instructor", _("Instructor")
    ADMINISTRATOR = "administrator", _("Administrator")
    FINANCE = "finance", _("Finance officer")
    AUDITOR = "auditor", _("Auditor")


DESK = frozenset({Role.INSTRUCTOR, Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR})
READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
