from django.urls import URLPattern, URLResolver, path

from cms.navigation import views as navigation
from cms.pages import views as pages

app_name = "cms"
urlpatterns: list[URLPattern | URLResolver] = [
    path("robots.txt", navigation.robots, name="navigation-robots"),
    path("favicon.ico", navigation.favicon, name="navigation-favicon"),
    path("manifest.webmanifest", navigation.manifest, name="navigation-manifest"),
    path("sitemap.xml", pages.sitemap, name="pages-sitemap"),
    path("media/images/<str:name>", pages.picture, name="pages-picture"),
]
