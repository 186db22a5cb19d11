"""Pages go out compressed; what is compressed already, or sent piece by piece, goes as it is.

Why this is safe for pages of people who have signed in: docs/decisions/0252.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

__all__ = ["CompressedPages"]

TEXT = ("text/", "application/json", "application/xml", "application/rss+xml", "image/svg+xml")


class CompressedPages(GZipMiddleware):
    """Django's own compression, with its random padding, for text that is whole."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.get("Content-Type", "").startswith(TEXT):
            return response
        return super().process_response(request, response)
