"""The API of the catalogue: items, editions, and who would get a matter in an area."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django_filters.utils import translate_validation
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import area_names
from accounts.actor import Actor
from accounts.edits import LOCAL
from config.etags import etag_of
from config.paging import Ordering
from incidents.api_catalogue_examples import ITEM, ITEM_DETAIL, RESPONSIBILITY, VERSION
from incidents.catalogue import (
    edition_coded,
    item_coded,
    items_of,
    may_manage,
    no_items,
    version_in_force,
    versions,
)
from incidents.catalogue_editions import with_figures
from incidents.catalogue_filters import BY_CODE, ItemFilter
from incidents.models import CatalogueItem, CatalogueVersion
from incidents.responsibility import candidates
from incidents.serializers_catalogue import (
    CatalogueItemDetailOut,
    CatalogueItemOut,
    CatalogueVersionOut,
    ResponsibilityIn,
    ResponsibilityOut,
)

READ = "catalogue:read"
_EDITION = OpenApiParameter(
    "edition", str, description="Code of an edition; without it the one in force."
)


def _actor(request: Request) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor


def _edition(request: Request) -> CatalogueVersion:
    """The edition asked for. Raises Http404 for one that the caller may not read, NoCatalogue without any."""
    code = request.query_params.get("edition", "")
    version = edition_coded(_actor(request), code)
    if version is not None:
        return version
    if code:
        raise Http404
    return version_in_force()


class CatalogueItems(ListAPIView[CatalogueItem]):
    """The matters of an edition."""

    needs_scope = READ
    serializer_class = CatalogueItemOut
    filterset_class = ItemFilter
    ordering_fields: Ordering = BY_CODE

    def get_queryset(self) -> QuerySet[CatalogueItem]:
        if getattr(self, "swagger_fake_view", False):
            return no_items()
        rows = items_of(_edition(self.request))
        return rows if may_manage(_actor(self.request)) else rows.filter(enabled=True)

    def filter_queryset(self, queryset: Any) -> Any:
        """By likeness where `q` is given, else by code."""
        chosen = ItemFilter(
            self.request.query_params,
            queryset,
            version=_edition(self.request),
            disabled_too=may_manage(_actor(self.request)),
        )
        if not chosen.is_valid():
            raise translate_validation(chosen.errors)
        self.ordering_fields = chosen.ordering
        return chosen.qs

    @extend_schema(
        operation_id="catalogue_items",
        summary="Matters of the catalogue",
        description=(
            "All matters of the edition in force, or of `edition`. `q` finds by a piece of the Chinese or English "
            "name, by code, pinyin or initials (`bllj`), and then the best come first."
        ),
        examples=[OpenApiExample("A matter", ITEM, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page of them."""
        return super().get(request, *args, **kwargs)


class CatalogueItemRead(APIView):
    """One matter."""

    needs_scope = READ

    @extend_schema(
        operation_id="catalogue_item",
        summary="One matter, with limits and standards",
        parameters=[_EDITION],
        responses=CatalogueItemDetailOut,
        examples=[OpenApiExample("A matter", ITEM_DETAIL, response_only=True)],
    )
    def get(self, request: Request, code: str) -> Response:
        """Its limits by condition, standards, and the photos demanded."""
        version = _edition(request)
        item = items_of(version).filter(code=code).first()
        if item is None or not (item.enabled or may_manage(_actor(request))):
            raise Http404
        etag = etag_of("catalogue-item", item.pk, version.version)
        return Response(CatalogueItemDetailOut(item).data, headers={"ETag": etag})


class CatalogueVersions(ListAPIView[CatalogueVersion]):
    """Editions of the catalogue."""

    needs_scope = READ
    serializer_class = CatalogueVersionOut
    filter_backends = ()
    ordering_fields: Ordering = (("pk", "desc"),)

    def get_queryset(self) -> QuerySet[CatalogueVersion]:
        if getattr(self, "swagger_fake_view", False):
            return with_figures(versions(_actor(self.request)).none())
        return with_figures(versions(_actor(self.request)))

    @extend_schema(
        operation_id="catalogue_versions",
        summary="Editions of the catalogue, newest first",
        description="Cases keep the edition under which they were filed. Drafts are seen by administrators only.",
        examples=[OpenApiExample("An edition", VERSION, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One page of them."""
        return super().get(request, *args, **kwargs)


class Responsibility(APIView):
    """Who would get it."""

    needs_scope = READ

    @extend_schema(
        operation_id="catalogue_responsibility",
        summary="Which unit a matter in an area goes to today, and why",
        description=(
            "The most specific rule wins: item before subclass before class before any, then the longer area code, "
            "then the higher priority; where no rule matches, the department kind. The dispatcher decides."
        ),
        parameters=[ResponsibilityIn],
        responses=ResponsibilityOut,
        examples=[OpenApiExample("By a rule", RESPONSIBILITY, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """The unit, its reason, and what else could be said for."""
        asked = ResponsibilityIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        item, area = asked.validated_data["item"], asked.validated_data["area"]
        area_names.check(area)
        today = timezone.now().astimezone(LOCAL).date()
        found = candidates(item_coded(item), area, today)
        answer = {
            "item": item,
            "area": area,
            "on": today,
            "chosen": found[0] if found else None,
            "others": found[1:],
        }
        return Response(ResponsibilityOut(answer).data)
