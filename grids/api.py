"""The API of this room: areas, where a point lies, boundaries for maps."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_vary_headers
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.actor import Actor
from config.etags import etag_of
from grids.coordinates import to_wgs84
from grids.filters import AreaFilter
from grids.geojson import Asked, feature_collection, version_of
from grids.locate import locate
from grids.models import Area, AreaQuerySet
from grids.queries import ancestors, seen_prefixes, visible_to
from grids.serializers import (
    AreaBranchOut,
    AreaOut,
    GeoJsonIn,
    LocatedOut,
    LocateIn,
    TreeIn,
)
from grids.tree import branch

_AREA = {
    "code": "120103007001001",
    "level": "grid",
    "name": "Grid 01",
    "name_zh": "第01网格",
    "name_en": "Grid 01",
    "parent": "120103007001",
    "plot_type": "residential",
    "synthetic": True,
    "boundary_source": "make_grids: 120103007001",
    "status": "active",
    "valid_from": "2026-08-01",
    "valid_to": None,
    "successors": [],
    "version": 1,
    "box": [117.2211, 39.0803, 117.2243, 39.0829],
}
_LOCATED = {
    "how": "inside",
    "grid": "120103007001001",
    "distance_m": 0.0,
    "approximate": False,
    "synthetic": True,
    "lon": 117.2225,
    "lat": 39.0811,
    "path": [
        {"code": "120103", "name": "河西区", "level": "district"},
        {"code": "120103007", "name": "友谊路街道", "level": "subdistrict"},
    ],
}


def _actor(request: Request) -> Actor:
    """Who is asking. Raises PermissionDenied for somebody whose posts show no areas at all."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not seen_prefixes(actor):
        raise PermissionDenied
    return actor


class _Areas(GenericAPIView[Area]):
    """What every view of areas shares: partners need the scope, and everybody sees only their own."""

    needs_scope = "areas:read"

    def get_queryset(self) -> AreaQuerySet:
        if getattr(self, "swagger_fake_view", False):
            return Area.objects.none()
        return visible_to(_actor(self.request)).listed().prefetch_related("successors")


class AreaList(ListAPIView[Area], _Areas):
    """Areas in scope, in code order."""

    serializer_class = AreaOut
    filterset_class = AreaFilter
    ordering_fields = (("code", "asc"),)

    @extend_schema(
        operation_id="areas_list",
        summary="Areas in scope",
        examples=[OpenApiExample("A grid", _AREA, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The areas that fit the filters."""
        return super().get(request, *args, **kwargs)


class AreaDetail(RetrieveAPIView[Area], _Areas):
    """One area."""

    serializer_class = AreaOut
    lookup_field = "code"

    @extend_schema(
        operation_id="areas_read",
        summary="One area",
        examples=[OpenApiExample("A grid", _AREA, response_only=True)],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The area with this code."""
        return super().get(request, *args, **kwargs)


class AreaTree(APIView):
    """Areas as a tree."""

    needs_scope = "areas:read"

    @extend_schema(
        operation_id="areas_tree",
        summary="An area with what lies below it",
        parameters=[TreeIn],
        responses=AreaBranchOut,
    )
    def get(self, request: Request) -> Response:
        """The subtree of `root`, `depth` levels deep."""
        asked = TreeIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        found = branch(asked.validated_data["root"], asked.validated_data["depth"], _actor(request))
        if found is None:
            raise Http404
        return Response(found)


class AreaLocate(APIView):
    """The grid of a point."""

    needs_scope = "areas:read"

    @extend_schema(
        operation_id="areas_locate",
        summary="The grid in which a point lies, or the nearest one",
        parameters=[LocateIn],
        responses=LocatedOut,
        examples=[OpenApiExample("Inside a grid", _LOCATED, response_only=True)],
    )
    def get(self, request: Request) -> Response:
        """Where the point lies. A point outside every grid is an answer too: `unplaced`."""
        asked = LocateIn(data=request.query_params)
        asked.is_valid(raise_exception=True)
        point = asked.validated_data
        _actor(request)
        lon, lat = to_wgs84(point["lon"], point["lat"], point["crs"])
        found = locate(float(lon), float(lat))
        return Response(
            {
                "how": found.how.value,
                "grid": found.grid_code,
                "distance_m": found.distance_m if found.grid_code else None,
                "approximate": found.approximate,
                "synthetic": found.synthetic,
                "lon": float(lon),
                "lat": float(lat),
                "path": _path(found.grid_code),
            }
        )


def _path(code: str | None) -> list[dict[str, str]]:
    if code is None:
        return []
    own = Area.objects.listed().filter(code=code)
    return [
        {"code": area.code, "name": area.shown_name, "level": area.level}
        for area in (*ancestors(code), *own)
        if len(area.code) >= 6
    ]


class AreaGeoJson(APIView):
    """Boundaries for maps."""

    needs_scope = "areas:read"

    @extend_schema(
        operation_id="areas_geojson",
        summary="Boundaries as GeoJSON, simplified for the zoom; at most 500 KB",
        parameters=[GeoJsonIn],
        responses={(200, "application/geo+json"): OpenApiTypes.OBJECT},
    )
    def get(self, request: Request) -> HttpResponseBase:
        """A FeatureCollection. `ETag` changes with any boundary: send it back in `If-None-Match`."""
        given = GeoJsonIn(data=request.query_params)
        given.is_valid(raise_exception=True)
        asked = Asked(**given.validated_data)
        etag = etag_of("areas", "geojson", version_of(asked, _actor(request)))
        unchanged = get_conditional_response(request, etag=etag)
        if unchanged is None:
            body = feature_collection(asked, _actor(request))
            unchanged = HttpResponse(body, content_type="application/geo+json")
            unchanged["ETag"] = etag
        unchanged["Cache-Control"] = "private, no-cache"  # kept, but asked about before use
        patch_vary_headers(unchanged, ["Accept-Language", "Cookie", "Authorization"])
        return unchanged
