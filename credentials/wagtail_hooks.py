"""What credentials adds to the Wagtail admin; written in the features."""

from wagtail import hooks

from credentials.certificates.viewsets import CertificateViewSet


@hooks.register("register_admin_viewset")
def certificates() -> CertificateViewSet:
    return CertificateViewSet()
