"""What credentials adds to the Wagtail admin; written in the features."""

from wagtail import hooks

from credentials.certificates.viewsets import CertificateViewSet
from credentials.issuing.viewsets import IssuingViewSet


@hooks.register("register_admin_viewset")
def certificates() -> CertificateViewSet:
    return CertificateViewSet()


@hooks.register("register_admin_viewset")
def issuing() -> IssuingViewSet:
    return IssuingViewSet()
