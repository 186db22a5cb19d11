"""How a screen of the directory is answered."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from dinh.foundation.actions.public import Request
from dinh.foundation.directory.forms import Typed

__all__ = ["done", "form_page", "page"]


def page(request: Request, template: str, **values: Any) -> HttpResponse:
    """Render a screen."""
    return render(request, f"directory/{template}", values)


def form_page(request: Request, template: str, typed: Typed, **values: Any) -> HttpResponse:
    """Render a form, empty or with what was typed and what is wrong."""
    status = 422 if typed.errors else 200
    return render(request, f"directory/{template}", {"typed": typed, **values}, status=status)


def done(request: Request, what: str, route: str, **parameters: Any) -> HttpResponse:
    """Say what was done and go to a page."""
    messages.success(request, what)
    return HttpResponseRedirect(reverse(f"directory:{route}", kwargs=parameters or None))
