"""Addresses of databases, as DATABASE_URL has them."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

__all__ = ["database_settings"]


def database_settings(address: str, *, pool: int = 8) -> dict[str, Any]:
    """Return Django's settings of ``postgresql://user:password@host:port/name?option=value``.

    A folder of sockets is given as ``?host=/its/path``; other options go to libpq as they are. The
    process keeps up to ``pool`` connections; with 0 (behind PgBouncer) each request opens its own.
    Statements are bound by the server, and on kept connections prepared when they come again.
    """
    parts = urlsplit(address)
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    host = options.pop("host", "") or unquote(parts.hostname or "")
    port = options.pop("port", "") or str(parts.port or "")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")) or "dinh",
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": port,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, **(_kept(pool) if pool else {}), **options},
    }


def _kept(pool: int) -> dict[str, Any]:
    return {"pool": {"min_size": 1, "max_size": pool}, "prepare_threshold": 3}
