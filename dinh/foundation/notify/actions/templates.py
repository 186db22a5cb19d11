"""A province's own texts: drafted, checked, published, never changed after."""

import datetime as dt
from dataclasses import asdict

from django.db.models import Max

from dinh.foundation.actions.public import Actor, action
from dinh.foundation.notify.models import TemplateVersion
from dinh.foundation.notify.permissions import MANAGE_TEMPLATES
from dinh.foundation.notify.rules.catalogue import template_of
from dinh.foundation.notify.rules.texts import Texts, check_texts

__all__ = ["draft_template", "publish_template"]


@action("template.drafted", permission=MANAGE_TEMPLATES)
def draft_template(code: str, texts: Texts, *, by: Actor, now: dt.datetime) -> TemplateVersion:
    """Keep a draft of a template's texts; there is one draft a template. Raises ``TextRefused``."""
    check_texts(texts, known=template_of(code).known)
    newest = TemplateVersion.objects.filter(code=code, published_at__isnull=False)
    version = (newest.aggregate(last=Max("version"))["last"] or 0) + 1
    draft, _ = TemplateVersion.objects.update_or_create(
        code=code,
        published_at=None,
        defaults={**asdict(texts), "version": version, "created_at": now, "created_by": by.name},
    )
    return draft


@action("template.published", permission=MANAGE_TEMPLATES, on=TemplateVersion)
def publish_template(draft: TemplateVersion, *, by: Actor, now: dt.datetime) -> TemplateVersion:
    """Put a draft into use from now on, checked again against the fields of its room."""
    if draft.published_at is None:
        check_texts(draft.texts, known=template_of(draft.code).known)
        draft.published_at = now
        draft.save(update_fields=["published_at"])
    return draft
