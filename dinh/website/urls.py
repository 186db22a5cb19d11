"""Root addresses. Each room brings its own."""

from django.urls import URLPattern, URLResolver, include, path

from dinh.website.advice import give, unheld_page
from dinh.website.gallery import gallery
from dinh.website.identity import choose_language, identity_stylesheet
from dinh.website.navigation import first_page
from dinh.website.views import health_page, live, metrics, ready

# Addresses are tried in this order: those asked for most, by people who work here all day, come first.
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("dinh.workspace.urls")),
    path("", include("dinh.portal.urls")),
    path("", include("dinh.sso.urls")),
    path("", include("dinh.foundation.actions.urls")),
    path("", include("dinh.foundation.calendars.urls")),
    path("", include("dinh.foundation.directory.urls")),
    path("", include("dinh.foundation.notify.urls")),
    path("", include("dinh.foundation.signing.urls")),
    path("", include("dinh.onestop.urls")),
    path("identity.css", identity_stylesheet, name="identity-css"),
    path("ngon-ngu/", choose_language, name="language"),
    path("lam-viec/bat-dau/", first_page, name="first-page"),
    path("health/live", live, name="health-live"),
    path("health/ready", ready, name="health-ready"),
    path("metrics", metrics, name="metrics"),
    path("quan-tri/suc-khoe/", health_page, name="health"),
    path("quan-tri/vai-tro/quyen-chua-ai-co/", unheld_page, name="unheld"),
    path("quan-tri/vai-tro/quyen-chua-ai-co/them/", give, name="unheld-give"),
    path("quan-tri/giao-dien/", gallery, name="gallery"),
]

handler400 = "dinh.website.errors.bad_request"
handler403 = "dinh.website.errors.forbidden"
handler404 = "dinh.website.errors.not_found"
handler500 = "dinh.website.errors.server_error"
