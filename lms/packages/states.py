"""The kinds of packages, and what is known of a SCO."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    SCORM12 = "scorm12", "SCORM 1.2"
    SCORM2004 = "scorm2004", "SCORM 2004"
    H5P = "h5p", "H5P"
    CMI5 = "cmi5", "cmi5"


class Completion(models.TextChoices):
    UNKNOWN = "unknown", pgettext_lazy("content", "Not begun")
    INCOMPLETE = "incomplete", pgettext_lazy("content", "Begun")
    COMPLETED = "completed", pgettext_lazy("content", "Completed")


class Success(models.TextChoices):
    UNKNOWN = "unknown", pgettext_lazy("content", "Not judged")
    PASSED = "passed", _("Passed")
    FAILED = "failed", pgettext_lazy("content", "Not passed")


class Mode(models.TextChoices):
    """How a unit of cmi5 is opened."""

    NORMAL = "Normal", pgettext_lazy("content", "To work in")
    REVIEW = "Review", pgettext_lazy("content", "To look at again")
