"""Text with a few marks (Markdown) made into HTML that can do nothing but be read."""

import re
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

__all__ = ["as_html", "as_plain"]

# What an editor's text may become. Pictures, styles, scripts and frames are not in it.
_TAGS = {
    "h2", "h3", "h4", "p", "ul", "ol", "li", "a", "strong", "em", "blockquote", "hr", "br", "code",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip


@cache
def _reader() -> MarkdownIt:
    """CommonMark with tables, without raw HTML and without pictures."""
    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def as_html(text: str) -> Markup:
    """Return the text as HTML: headings from the second level, since the page has its own, and
    known tags only.

    Twice fenced: the reader makes no tag of what is typed, and whatever it makes is cleaned.
    """
    tokens = _reader().parse(text)
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(4, max(2, int(token.tag[1])))}"
    html = _reader().renderer.render(tokens, _reader().options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )
    return Markup(clean)  # noqa: S704 - cleaned right above


def as_plain(text: str, *, most: int = 300) -> str:
    """Return the words of a text without its marks, for descriptions and search results."""
    words = re.sub(r"<[^>]+>", " ", str(as_html(text)))
    plain = " ".join(Markup(words).unescape().split())  # noqa: S704 - only unescaped, never shown as HTML
    return plain if len(plain) <= most else plain[: most - 1].rsplit(" ", 1)[0] + "…"
