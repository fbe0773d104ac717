"""Photos with which a unit shows what it did: kept on the order, served only to who may see it."""

import uuid
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor, ActorKind
from config.refusal import Refused
from hotline.choices import WITH_HOTLINE, WITH_UNIT
from hotline.door import DOOR
from hotline.lifecycle import HOTLINE, UNIT
from hotline.meeting import OrderMeeting
from hotline.models import SUBJECT, Order, OrderPhoto
from hotline.querysets import WRITE, visible_to
from incidents.photo_reading import Examined
from incidents.photos import files_kept_or_removed, written
from journal.append import append

MOST_PHOTOS = 30


def may_add(m: OrderMeeting) -> bool:
    """The units that have a part in it, while they have it; the hotline while it decides."""
    if m.by.kind is ActorKind.CLIENT and WRITE not in m.by.scopes:
        return False
    if m.record.state in WITH_HOTLINE:
        return bool(m.post_for(HOTLINE))
    return m.record.state in WITH_UNIT and bool(m.post_for(UNIT))


def add(*, number: str, by: Actor, now: datetime, photo: Examined) -> OrderPhoto:
    """Add a photo to the order `number`; the same picture sent twice is kept once.

    Raises Order.DoesNotExist for outsiders, Refused (403: not in your hands now; 409: too many).
    """
    with files_kept_or_removed(), transaction.atomic():
        order = visible_to(by).select_for_update(of=("self",)).get(number=number)
        if not may_add(DOOR.meet(order, by, now)):
            raise Refused("photo_not_yours", _("You cannot add a photo to the order now."), 403)
        twin = order.photos.filter(sha256=photo.sha256, round=order.round).first()
        if twin is not None:
            return twin
        if order.photos.count() >= MOST_PHOTOS:
            raise Refused("too_many_photos", _("The order has thirty photos; that is enough."), 409)
        kept = _stored(order, photo, by, now)
        append(
            "hotline_order.photo_added",
            subject=(SUBJECT, order.pk),
            area_code=order.area_code,
            by=by,
            now=now,
            data={"photo": kept.pk},
        )
    return kept


def _stored(order: Order, photo: Examined, by: Actor, now: datetime) -> OrderPhoto:
    row = OrderPhoto(
        order=order,
        width=photo.width,
        height=photo.height,
        sha256=photo.sha256,
        round=order.round,
        uploaded_by_id=by.user_id,
        uploaded_at=now,
    )
    name = uuid.uuid4().hex
    for field, suffix, jpeg in (
        (row.file, "", photo.jpeg),
        (row.thumbnail, "_small", photo.thumbnail),
    ):
        field.save(f"{name}{suffix}.jpg", ContentFile(jpeg), save=False)
        written(field.name)
    row.save()
    return row


def photo_response(actor: Actor, number: str, photo_id: int, size: str) -> FileResponse:
    """The picture, for who may see its order; `size` is `full` or `thumb`. Raises OrderPhoto.DoesNotExist (404)."""
    photo = OrderPhoto.objects.get(
        pk=photo_id, order__number=number, order__in=visible_to(actor).values("pk")
    )
    stored = photo.thumbnail if size == "thumb" else photo.file
    try:
        response = FileResponse(stored.open("rb"), content_type="image/jpeg")
    except FileNotFoundError:
        raise OrderPhoto.DoesNotExist from None
    response["Cache-Control"] = "private, max-age=86400, immutable"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Disposition"] = "inline"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
