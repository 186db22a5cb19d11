"""Root addresses. Each room brings its own."""

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from dinh.website.gallery import gallery
from dinh.website.identity import identity_stylesheet

urlpatterns: list[URLPattern | URLResolver] = [
    path("identity.css", identity_stylesheet, name="identity-css"),
    path("ngon-ngu/", set_language, name="language"),
    path("quan-tri/giao-dien/", gallery, name="gallery"),
]
