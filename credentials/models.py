"""All models of credentials, found here by Django; they live in their features."""

from credentials.certificates.models import Certificate, PendingIssue, SerialCounter
from credentials.hours.models import HoursEntry, HoursRule

__all__ = ["Certificate", "HoursEntry", "HoursRule", "PendingIssue", "SerialCounter"]
