"""What the API of the catalogue gives."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from clocks.choices import AllowanceKind
from incidents.catalogue_departments import department_label
from incidents.catalogue_standards import Line, closing_lines, filing_lines
from incidents.choices import PhotoKind, Risk
from incidents.models import CatalogueItem, CatalogueStatus, CatalogueVersion, ItemLimit
from incidents.serializers import UnitOut


class BranchOut(serializers.Serializer[Any]):
    """A class or a subclass."""

    code = serializers.CharField()
    name = serializers.CharField(help_text="In the caller's language.")
    name_en = serializers.CharField()


class CatalogueLimitOut(serializers.ModelSerializer[ItemLimit]):
    """How long handling may take. `value` and `kind` are null while a person has not read the standard's words."""

    kind = serializers.ChoiceField(choices=AllowanceKind.choices, allow_null=True)
    text = serializers.CharField(
        source="shown_allowance", help_text="The limit in the caller's language."
    )
    needs_person = serializers.BooleanField(help_text="The words could not be read.")

    class Meta:
        model = ItemLimit
        fields = (
            "id", "urgency", "value", "kind", "text", "condition", "closing_condition", "verbatim",
            "handling_units", "supervising_units", "needs_person",
        )  # fmt: skip

    def to_representation(self, instance: ItemLimit) -> dict[str, Any]:
        shown: dict[str, Any] = super().to_representation(instance)
        return shown | {"kind": instance.kind or None, "needs_person": bool(instance.needs_person)}


class TripleOut(serializers.Serializer[Any]):
    """Each 1 to 3."""

    intuitiveness = serializers.IntegerField()
    disorder = serializers.IntegerField()
    harm = serializers.IntegerField()


class CatalogueItemOut(serializers.ModelSerializer[CatalogueItem]):
    """A matter with its limits."""

    edition = serializers.CharField(source="version.code")
    class_ = serializers.SerializerMethodField(method_name="get_class_")
    subclass = serializers.SerializerMethodField()
    department = serializers.SerializerMethodField(help_text="The kind in the caller's language.")
    risk = serializers.ChoiceField(choices=Risk.choices, allow_null=True)
    triple = serializers.SerializerMethodField()
    evidence = serializers.ListField(
        child=serializers.ChoiceField(choices=PhotoKind.choices), help_text="Photos demanded."
    )
    limits = CatalogueLimitOut(many=True)

    class Meta:
        model = CatalogueItem
        fields: tuple[str, ...] = (
            "code", "name", "name_en", "edition", "class_", "subclass", "department_kind", "department",
            "self_handle", "risk", "triple", "evidence", "enabled", "source", "limits",
        )  # fmt: skip

    def get_fields(self) -> dict[str, Any]:
        """`class` is a word of the language, so the attribute has another name."""
        fields = super().get_fields()
        return {"class" if name == "class_" else name: field for name, field in fields.items()}

    def get_class_(self, item: CatalogueItem) -> BranchOut:
        return _branch(item.class_code, item.shown_class, item.class_name_en)

    def get_subclass(self, item: CatalogueItem) -> BranchOut:
        return _branch(item.sub_code, item.shown_sub, item.sub_name_en)

    def get_department(self, item: CatalogueItem) -> str:
        return department_label(item.department_kind)

    @extend_schema_field(TripleOut(allow_null=True))
    def get_triple(self, item: CatalogueItem) -> dict[str, int] | None:
        if item.risk is None:
            return None
        names = ("intuitiveness", "disorder", "harm")
        return {name: getattr(item, name) for name in names}


def _branch(code: str, name: str, name_en: str) -> BranchOut:
    return {"code": code, "name": name, "name_en": name_en}  # type: ignore[return-value]


class LineOut(serializers.Serializer[Line]):
    """A line to tick; `product_default` marks what no standard of the city's words."""

    text = serializers.CharField(source="words")
    product_default = serializers.BooleanField(source="ours")

    class Meta:
        ref_name = "StandardLine"


class CatalogueItemDetailOut(CatalogueItemOut):
    """A matter with its limits and standards."""

    filing_standards = serializers.SerializerMethodField()
    closing_standards = serializers.SerializerMethodField()

    class Meta(CatalogueItemOut.Meta):
        fields = (*CatalogueItemOut.Meta.fields, "filing_standards", "closing_standards")

    @extend_schema_field(LineOut(many=True))
    def get_filing_standards(self, item: CatalogueItem) -> Any:
        return _lines(filing_lines, item)

    @extend_schema_field(LineOut(many=True))
    def get_closing_standards(self, item: CatalogueItem) -> Any:
        return _lines(closing_lines, item)


def _lines(read: Callable[[CatalogueItem], list[Line]], item: CatalogueItem) -> Any:
    lines: Any = read(item)
    return LineOut(lines, many=True).data


class CatalogueVersionOut(serializers.ModelSerializer[CatalogueVersion]):
    """An edition."""

    status = serializers.ChoiceField(choices=CatalogueStatus.choices)
    items = serializers.IntegerField(source="item_count")

    class Meta:
        model = CatalogueVersion
        fields = (
            "code", "name", "name_en", "status", "source", "effective_from", "imported_at",
            "activated_at", "items",
        )  # fmt: skip


class ResponsibilityIn(serializers.Serializer[Any]):
    """A matter and a place."""

    item = serializers.CharField(max_length=20, help_text="Code of the item.")
    area = serializers.CharField(
        max_length=15,
        required=False,
        default="",
        allow_blank=True,
        help_text="Code of the area (4 to 15 digits); empty for a case without a place.",
    )


class ChoiceOut(serializers.Serializer[Any]):
    """A unit, and what speaks for it: `why` is for programs, `reason` is the same as a sentence."""

    unit = UnitOut(source="organisation")
    reason = serializers.CharField()
    why = serializers.DictField()

    class Meta:
        ref_name = "ResponsibilityChoice"


class ResponsibilityOut(serializers.Serializer[Any]):
    """Who would get it today. `chosen` is null where nothing names a unit."""

    item = serializers.CharField()
    area = serializers.CharField()
    on = serializers.DateField()
    chosen = ChoiceOut(allow_null=True)
    others = ChoiceOut(many=True)
