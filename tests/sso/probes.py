"""Small views that stand for other rooms' screens, and the addresses of the tests."""

from django.http import HttpResponse
from django.urls import include, path

from dinh.foundation.actions.public import Request, route
from dinh.sso.permissions import END_OTHERS_SESSIONS
from dinh.sso.public import kept_values, recently_authenticated, requires_recent_password

sent: list[dict[str, str]] = []


@route(who="everyone")
def home(request: Request) -> HttpResponse:
    return HttpResponse(f"{request.by.kind}|{request.by.name}|{request.by.position}")


@route(who="official")
def office(request: Request) -> HttpResponse:
    return HttpResponse(f"{request.by.name}|{request.by.position}")


@route(who="citizen")
def citizens_only(request: Request) -> HttpResponse:
    return HttpResponse(request.by.name)


@route(who="official", permission=END_OTHERS_SESSIONS)
def administrators_only(request: Request) -> HttpResponse:
    return HttpResponse("ok")


@route(who="signed_in")
def form(request: Request) -> HttpResponse:
    if request.method == "POST":
        sent.append(dict(request.POST.items()))
        return HttpResponse("sent")
    values = kept_values(request)
    shown = {name: values.getlist(name) for name in values} if values else {}
    return HttpResponse(str(shown))


@route(who="signed_in")
@requires_recent_password(5)
def sign_paper(request: Request) -> HttpResponse:
    if request.method == "POST":
        sent.append(dict(request.POST.items()))
        return HttpResponse("signed")
    values = kept_values(request)
    return HttpResponse(f"{values.get('note') if values else ''}|{recently_authenticated(request, 5)}")


# Before the house's own addresses: these tests ask who is let in, not what the rooms then show.
urlpatterns = [
    path("", home),
    path("lam-viec/", office),
    path("ho-so/", form),
    path("chi-nguoi-dan/", citizens_only),
    path("chi-quan-tri/", administrators_only),
    path("ky/", sign_paper),
    path("", include("dinh.website.urls")),
]
