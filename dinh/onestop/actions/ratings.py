"""A citizen rates the service."""

import datetime as dt

from dinh.foundation.actions.public import Actor, action
from dinh.kernel.errors import N_, Refused
from dinh.onestop.models import Dossier, Rating
from dinh.onestop.permissions import FOLLOW_DOSSIER

__all__ = ["AlreadyRated", "NotRateable", "rate"]


class NotRateable(Refused):
    message = N_("Hồ sơ chưa có kết quả nên chưa đánh giá được. Ông/Bà sẽ được mời đánh giá khi có kết quả.")


class AlreadyRated(Refused):
    message = N_("Ông/Bà đã đánh giá hồ sơ này rồi. Xin cảm ơn.")


@action("dossier.rated", permission=FOLLOW_DOSSIER, on=Dossier)
def rate(
    dossier: Dossier,
    *,
    overall: int,
    ease: int | None,
    timeliness: int | None,
    attitude: int | None,
    comment: str,
    by: Actor,
    now: dt.datetime,
) -> Rating:
    """Keep the owner's rating: 3 very satisfied, 2 satisfied, 1 not satisfied. Once a dossier.

    Raises ``NotRateable`` before there is a result or a refusal, ``AlreadyRated``.
    """
    if dossier.state not in ("done", "returned", "refused"):
        raise NotRateable
    if Rating.objects.filter(dossier=dossier).exists():
        raise AlreadyRated
    scale = {1, 2, 3}
    if overall not in scale or not {ease, timeliness, attitude} <= {*scale, None}:
        raise Refused(N_("Hãy chọn mức hài lòng."), field="overall")
    return Rating.objects.create(
        dossier=dossier,
        overall=overall,
        ease=ease,
        timeliness=timeliness,
        attitude=attitude,
        comment=comment.strip()[:2000],
        rated_at=now,
    )
