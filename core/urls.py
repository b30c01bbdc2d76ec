from django.urls import URLPattern, URLResolver, path

from core.ui import views as ui

app_name = "core"
urlpatterns: list[URLPattern | URLResolver] = [
    path("elder/", ui.elder, name="elder"),
    path("components/", ui.components, name="components"),
]
