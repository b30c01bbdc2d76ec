"""Certificates in the Wagtail admin: all of them with the verbs of an officer, and those on hold."""

from credentials.certificates.viewsets.holds import HoldViewSet
from credentials.certificates.viewsets.records import CertificateViewSet

__all__ = ["CertificateViewSet", "HoldViewSet"]
