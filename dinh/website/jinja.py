"""The template environment: one for all rooms, templates of a room under its own name."""

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import jinja2
from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from dinh.foundation.notify.public import unread_count
from dinh.foundation.ui.public import in_words, jinja_filters, jinja_globals, page_context
from dinh.portal.public import Around, citizen_menu, citizen_nav, foot_links
from dinh.sso.public import positions_to_choose
from dinh.website.navigation import officials_nav

if TYPE_CHECKING:
    from dinh.foundation.actions.public import Request

__all__ = ["environment", "page"]

ROOMS = Path(__file__).resolve().parents[1]


def _loaders() -> jinja2.BaseLoader:
    """Templates are named by room: ``onestop/desk.html`` is dinh/onestop/templates/onestop/desk.html."""
    folders = [folder for folder in sorted(ROOMS.glob("**/templates")) if folder.is_dir()]
    return jinja2.FileSystemLoader(folders)


def address(name: str, **parameters: Any) -> str:
    """Return the address of a named route; parameters by their names."""
    return reverse(name, kwargs=parameters or None)


def environment(**options: Any) -> jinja2.Environment:
    """Build the environment: escaped, strict about names, in the reader's language."""
    options.update(
        loader=_loaders(),
        undefined=jinja2.StrictUndefined,
        extensions=["jinja2.ext.i18n"],
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=settings.DEBUG,
    )
    env = jinja2.Environment(**options)  # noqa: S701 - Django's backend passes autoescape=True
    env.install_gettext_callables(in_words, translation.ngettext, newstyle=True)  # type: ignore[attr-defined]
    env.filters.update(jinja_filters())
    env.globals.update(jinja_globals(), static=static, address=address, is_sample=settings.IS_SAMPLE)
    return env


def page(request: HttpRequest) -> dict[str, Any]:
    """The context processor: the values on which every skeleton relies."""
    signed = cast("Request", request)
    by = getattr(request, "by", None)
    is_official = by is not None and by.kind == "official"
    context = page_context(
        request,
        nav=officials_nav(request, by) if is_official and by is not None else citizen_nav(request.path),
        positions=positions_to_choose(signed),
        unread=unread_count(by),
    )
    around = Around()
    return {
        **context,
        "citizen_menu": citizen_menu(by),
        # Read from the database only by a page that shows them: not by a fragment, not by an error page.
        "foot_links": SimpleLazyObject(lambda: [*foot_links(), *around.links("chan-trang")]),
        "more_links": SimpleLazyObject(lambda: around.links("thanh-chinh")),
        "notices": SimpleLazyObject(lambda: around.notices),
    }
