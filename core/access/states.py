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


DESK = frozenset({Role.INSTRUCTOR, Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR})  # who has a desk at all
READERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})  # who reads everything in their tree
COURSE_READERS = READERS | {Role.INSTRUCTOR}  # and who reads what goes on in courses and cohorts there
