"""What a browser would send from a drawn form, and pages drawn without a server."""

import re
import uuid
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Any

import pytest
from django.http import QueryDict
from django.template.loader import get_template
from django.test import RequestFactory

from dinh.foundation.actions.public import Actor
from dinh.foundation.ui.public import FormView


class SentForm(HTMLParser):
    """Reads the controls of a form as a browser does when it sends them."""

    def __init__(self) -> None:
        super().__init__()
        self.pairs: list[tuple[str, str]] = []
        self.select = self.textarea = ""
        self.typed: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value if value is not None else "" for key, value in attrs}
        if tag == "input" and given.get("type") in ("radio", "checkbox"):
            if "checked" in given:
                self.pairs.append((given["name"], given["value"]))
        elif tag == "input":
            self.pairs.append((given["name"], given.get("value", "")))
        elif tag == "select":
            self.select = given["name"]
        elif tag == "option" and "selected" in given:
            self.pairs.append((self.select, given["value"]))
        elif tag == "textarea":
            self.textarea, self.typed = given["name"], []

    def handle_data(self, data: str) -> None:
        if self.textarea:
            self.typed.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.pairs.append((self.textarea, "".join(self.typed)))
            self.textarea = ""


def sent(pairs: Mapping[str, Any] | list[tuple[str, str]]) -> QueryDict:
    """Return the values as Django gives them to a view."""
    answers = QueryDict(mutable=True)
    for name, value in pairs.items() if isinstance(pairs, Mapping) else pairs:
        for one in value if isinstance(value, list) else [value]:
            answers.appendlist(name, one)
    return answers


def draw(source: str, **values: Any) -> str:
    """Return what a fragment of template with the components draws."""
    env = get_template("ui/components.html").template.environment
    head = '{% import "ui/components.html" as ui %}'
    return str(env.from_string(head + source).render(**values))


def send_drawn(view: FormView) -> QueryDict:
    """Draw a form and send it back untouched."""
    form = SentForm()
    form.feed(draw("{{ ui.form_fields(view) }}", view=view))
    return sent(form.pairs)


@pytest.fixture
def gallery_page() -> Callable[[str], str]:
    """Draw the gallery for an official; the argument is the query of its address."""
    from dinh.website.gallery import gallery

    def page(query: str = "") -> str:
        request = RequestFactory().get(f"/quan-tri/giao-dien/{query}")
        request.by = Actor(
            kind="official", name="Trần Đức Thắng", position="Chuyên viên", account_id=uuid.uuid4()
        )
        request.session = {}
        return gallery(request).content.decode()

    return page


def words(html: str) -> str:
    """The text of a page without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))
