"""The certificate as a PDF: frozen facts in, the same bytes out, every time and everywhere. No database."""

from credentials.certificates.document.drawing import render
from credentials.certificates.document.facts import (
    CertificateFacts,
    CertificateWording,
    wording_of,
)

__all__ = ["CertificateFacts", "CertificateWording", "render", "wording_of"]
