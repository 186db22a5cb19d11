"""Reads about forms filled in at a counter: the clerk's, and whoever's phone has the address."""

from uuid import UUID

from dinh.foundation.actions.public import Actor
from dinh.foundation.directory.public import may_at
from dinh.kernel.errors import NotFound, existing
from dinh.kernel.secrets import hash_key
from dinh.onestop.models import AssistedForm

__all__ = ["access_offered", "offered_under"]


def access_offered(by: Actor, form_id: UUID) -> AssistedForm:
    """Return a form offered at the desk where the person receives. Raises ``NotFound``."""
    form = AssistedForm.objects.select_related("version__procedure").filter(pk=form_id).first()
    if form is None or not may_at(by, "dossier.receive", form.desk_id):
        raise NotFound
    return form


def offered_under(key: str) -> AssistedForm:
    """Return the form under an address's key. Raises ``NotFound``."""
    rows = AssistedForm.objects.select_related("version__procedure", "desk")
    return existing(rows.filter(key_hash=hash_key(key)).first())
