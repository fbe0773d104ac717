"""Editions of the catalogue: brought in as drafts, corrected, put in force; cases keep theirs for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from accounts.actor import SYSTEM, Actor, HeldPost
from accounts.edits import LOCAL, write_over
from accounts.roles import May
from clocks.allowance import Allowance, AllowanceError
from config.refusal import Refused, SomebodyWasFirst
from incidents.catalogue import active_version
from incidents.catalogue_formats import SHIPPED, read_catalogue
from incidents.catalogue_pinyin import initials_of, pinyin_of
from incidents.catalogue_reading import ItemRow, LimitRow, ReadCatalogue
from incidents.models import (
    CatalogueItem,
    CatalogueStatus,
    CatalogueVersion,
    ItemLimit,
    ResponsibilityRule,
)
from journal.append import append

DEFAULT_CODE = "yiwang-238"
DEFAULT_NAMES = (
    "一网默认事项目录（9大类38小类238项）",
    "Yiwang default catalogue (9 classes, 38 subclasses, 238 items)",
)
CATALOGUE, ITEM = "catalogue", "catalogue_item"  # subjects in the journal


@dataclass(frozen=True)
class Imported:
    """What an import did. `created` is False where the same content was there already."""

    version: CatalogueVersion
    created: bool


def require_manager(by: Actor) -> HeldPost | None:
    """The post under which `by` administers the catalogue, which is one for the whole installation.

    Raises PermissionDenied. The system itself needs no post.
    """
    return None if by.is_system else by.require(May.MANAGE_CATALOGUE)


def import_edition(
    *,
    read: ReadCatalogue,
    code: str,
    name: str,
    name_en: str = "",
    source: str = "",
    effective_from: date | None = None,
    by: Actor,
    now: datetime,
) -> Imported:
    """Write what was read as a new draft; editions that exist are never touched.

    The same content under the same code changes nothing. Raises Refused: `catalogue_unsound` where a row
    would be lost, `catalogue_empty`, `edition_exists` where the code stands for other content.
    """
    post = require_manager(by)
    _check_sound(read)
    fingerprint = read.fingerprint()
    there = CatalogueVersion.objects.filter(code=code).first()
    if there is not None:
        return _same(there, fingerprint)
    values = {
        "name": name,
        "name_en": name_en,
        "source": source,
        "effective_from": effective_from,
        "fingerprint": fingerprint,
        "imported_at": now,
        "read_report": read.report(),
        "changed_at": now,
        "changed_by": by.label,
    }
    try:
        with transaction.atomic():
            version = CatalogueVersion.objects.create(code=code, **values)
            _write_items(version, read.items)
            append(
                "catalogue.imported",
                subject=(CATALOGUE, version.pk),
                area_code="",
                by=by,
                now=now,
                post=post,
                data={"code": code, "fingerprint": fingerprint, "counts": read.counts()},
            )
    except IntegrityError:  # somebody imported under this code at the same moment
        return _same(CatalogueVersion.objects.get(code=code), fingerprint)
    return Imported(version, created=True)


def import_default(*, by: Actor = SYSTEM, now: datetime) -> CatalogueVersion:
    """The shipped catalogue as an edition, put in force where none is yet. Twice changes nothing."""
    read = read_catalogue(SHIPPED.read_bytes())
    version = import_edition(
        read=read,
        code=DEFAULT_CODE,
        name=DEFAULT_NAMES[0],
        name_en=DEFAULT_NAMES[1],
        by=by,
        now=now,
    ).version
    return version if active_version() else activate(version, by=by, now=now)


def _check_sound(read: ReadCatalogue) -> None:
    fatal = read.fatal
    if fatal:
        raise Refused(
            "catalogue_unsound",
            _("%(count)s rows cannot be read. Nothing was written; mend them and import again.")
            % {"count": len(fatal)},
            field="file",
        )
    if not read.items:
        raise Refused("catalogue_empty", _("The file has no items."), field="file")


def _same(there: CatalogueVersion, fingerprint: str) -> Imported:
    if there.fingerprint != fingerprint:
        raise Refused(
            "edition_exists",
            _(
                "The edition “%(code)s” exists with other content, and editions never change. "
                "Give the new one a code of its own."
            )
            % {"code": there.code},
            409,
            field="code",
        )
    return Imported(there, created=False)


def _write_items(version: CatalogueVersion, rows: list[ItemRow]) -> None:
    items = CatalogueItem.objects.bulk_create([_item(version, row) for row in rows])
    ItemLimit.objects.bulk_create(
        _limit(item, order, limit)
        for item, row in zip(items, rows, strict=True)
        for order, limit in enumerate(row.limits)
    )


def _item(version: CatalogueVersion, row: ItemRow) -> CatalogueItem:
    intuitiveness, disorder, harm = row.triple or (None, None, None)
    return CatalogueItem(
        version=version,
        code=row.code,
        class_code=row.class_code,
        class_name=row.class_name,
        class_name_en=row.class_name_en,
        sub_code=row.sub_code,
        sub_name=row.sub_name,
        sub_name_en=row.sub_name_en,
        name=row.name,
        name_en=row.name_en,
        initials=initials_of(row.name)[:120],
        pinyin=pinyin_of(row.name)[:400],
        department_kind=row.department_kind,
        self_handle=row.self_handle,
        intuitiveness=intuitiveness,
        disorder=disorder,
        harm=harm,
        filing_standards=list(row.filing_standards),
        closing_standards=list(row.closing_standards),
        evidence=list(row.evidence),
        source=row.source,
    )


def _limit(item: CatalogueItem, order: int, row: LimitRow) -> ItemLimit:
    return ItemLimit(
        item=item,
        order=order,
        urgency=row.urgency,
        value=row.value,
        kind=row.kind,
        verbatim=row.verbatim,
        condition=row.condition,
        closing_condition=row.closing_condition,
        handling_units=list(row.handling_units),
        supervising_units=list(row.supervising_units),
        needs_person=row.needs_person,
    )


def activate(
    version: CatalogueVersion, *, by: Actor, now: datetime, seen: int | None = None
) -> CatalogueVersion:
    """Put an edition in force and retire the one before; cases already filed keep theirs.

    `seen` is the `version` number that the person looked at. An edition in force already stays as it is.
    Raises Refused `limits_wait` where an enabled item has no limit that could be read, SomebodyWasFirst.
    """
    post = require_manager(by)
    with transaction.atomic():
        # All of them, in one order: two people activating at once come one after the other.
        locked = {v.pk: v for v in CatalogueVersion.objects.select_for_update().order_by("pk")}
        version = locked[version.pk]
        if version.status == CatalogueStatus.ACTIVE:
            return version
        if seen is not None and version.version != seen:
            raise version.overtaken()
        _check_limits(version)
        before = next((v for v in locked.values() if v.status == CatalogueStatus.ACTIVE), None)
        if before is not None:
            write_over(before, version=None, by=by, now=now, status=CatalogueStatus.RETIRED)
        version = write_over(
            version,
            version=None,
            by=by,
            now=now,
            status=CatalogueStatus.ACTIVE,
            activated_at=now,
            effective_from=version.effective_from or now.astimezone(LOCAL).date(),
        )
        append(
            "catalogue.activated",
            subject=(CATALOGUE, version.pk),
            area_code="",
            by=by,
            now=now,
            post=post,
            data={"code": version.code, "before": before.code if before else None},
        )
    return version


def without_limit(version: CatalogueVersion) -> list[CatalogueItem]:
    """Enabled items under which no case could be filed, because no limit of theirs could be read."""
    readable = ItemLimit.objects.filter(item__version=version, value__isnull=False)
    return list(
        CatalogueItem.objects.filter(version=version, enabled=True).exclude(
            pk__in=readable.values("item_id")
        )
    )


def _check_limits(version: CatalogueVersion) -> None:
    waiting = without_limit(version)
    if waiting:
        raise Refused(
            "limits_wait",
            ngettext_lazy(
                "%(count)s item has no limit that could be read: %(items)s. Set its limit or switch it off first.",
                "%(count)s items have no limit that could be read: %(items)s. "
                "Set their limits or switch them off first.",
                len(waiting),
            )
            % {"count": len(waiting), "items": "、".join(i.shown_name for i in waiting[:10])},
            409,
        )


def limits_for_a_person(
    version: CatalogueVersion, *, all_limits: bool = False
) -> QuerySet[ItemLimit]:
    """The limits of an edition that wait for a person (or all), in the order of the catalogue."""
    rows = ItemLimit.objects.filter(item__version=version).select_related("item")
    return (rows if all_limits else rows.exclude(needs_person="")).order_by("item__code", "order")


def with_figures(rows: QuerySet[CatalogueVersion]) -> QuerySet[CatalogueVersion]:
    """Each edition with `item_count` and `waiting_count`, in one query."""
    items = CatalogueItem.objects.filter(version=OuterRef("pk")).order_by().values("version")
    waiting = (
        ItemLimit.objects.filter(item__version=OuterRef("pk"))
        .exclude(needs_person="")
        .order_by()
        .values("item__version")
    )
    return rows.annotate(
        item_count=Coalesce(Subquery(items.annotate(n=Count("*")).values("n")), 0),
        waiting_count=Coalesce(Subquery(waiting.annotate(n=Count("*")).values("n")), 0),
    )


def rules_left_behind(version: CatalogueVersion) -> list[ResponsibilityRule]:
    """Rules without an end that name codes which this edition does not have: they would match nothing."""
    known = {""}
    for codes in CatalogueItem.objects.filter(version=version).values_list(
        "code", "sub_code", "class_code"
    ):
        known.update(codes)
    rules = ResponsibilityRule.objects.filter(valid_to=None).select_related("organisation")
    return [rule for rule in rules if rule.item_code not in known]


def set_enabled(item: CatalogueItem, *, enabled: bool, by: Actor, now: datetime) -> CatalogueItem:
    """Switch an item on or off: cases can be filed only under items that are on. A zone may use a part of the
    catalogue (domain row C1). Raises SomebodyWasFirst where it is so already, Refused for a retired edition."""
    post = require_manager(by)
    with transaction.atomic():
        version = _open_edition(item.version_id)
        changed = CatalogueItem.objects.filter(pk=item.pk, enabled=not enabled)
        if not changed.update(enabled=enabled):
            raise SomebodyWasFirst
        # Search in other processes notices by the edition's number.
        _count_up(version, by, now)
        append(
            "catalogue.item_enabled" if enabled else "catalogue.item_disabled",
            subject=(ITEM, item.pk),
            area_code="",
            by=by,
            now=now,
            post=post,
            data={"code": item.code, "edition": version.code},
        )
    item.refresh_from_db()
    return item


def set_limit(
    limit: ItemLimit,
    *,
    value: str | Decimal,
    kind: str,
    seen: int | None = None,
    by: Actor,
    now: datetime,
) -> ItemLimit:
    """A person says what a limit of a draft means. The standard's own words stay beside it.

    `seen` is the edition's `version` number when the form was opened. Raises Refused: `edition_fixed` for an
    edition that is or was in force, `bad_limit` for what is no allowance; SomebodyWasFirst.
    """
    post = require_manager(by)
    try:
        allowance = Allowance.parse(value, kind)
    except AllowanceError as error:
        raise Refused("bad_limit", error.sentence, field=error.field) from error
    with transaction.atomic():
        version = _open_edition(limit.item.version_id)
        if version.status != CatalogueStatus.DRAFT:
            raise _fixed(version)
        if seen is not None and version.version != seen:
            raise version.overtaken()
        before = _said(limit)
        limit.value, limit.kind = allowance.value, allowance.kind.value
        limit.needs_person = ""
        limit.save(update_fields=["value", "kind", "needs_person"])
        _count_up(version, by, now)
        append(
            "catalogue.limit_set",
            subject=(ITEM, limit.item_id),
            area_code="",
            by=by,
            now=now,
            post=post,
            data={
                "edition": version.code,
                "limit": limit.pk,
                "verbatim": limit.verbatim,
                "before": before,
                "after": _said(limit),
            },
        )
    return limit


def _said(limit: ItemLimit) -> Mapping[str, Any] | None:
    return None if limit.value is None else {"value": str(limit.value), "kind": limit.kind}


def _open_edition(pk: int) -> CatalogueVersion:
    """The edition, locked, as long as it is not retired."""
    version = CatalogueVersion.objects.select_for_update().get(pk=pk)
    if version.status == CatalogueStatus.RETIRED:
        raise _fixed(version)
    return version


def _fixed(version: CatalogueVersion) -> Refused:
    return Refused(
        "edition_fixed",
        _(
            "The edition “%(code)s” is or was in force: cases rest on it, so it never changes. "
            "Import a new edition instead."
        )
        % {"code": version.code},
        409,
    )


def _count_up(version: CatalogueVersion, by: Actor, now: datetime) -> None:
    CatalogueVersion.objects.filter(pk=version.pk).update(
        version=F("version") + 1, changed_at=now, changed_by=by.label
    )
