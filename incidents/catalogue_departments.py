"""The 29 kinds of department that the shipped catalogue sends its items to."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DepartmentKind(models.TextChoices):
    """What a body handles. An imported catalogue may bring further words; they are shown as they are."""

    SANITATION = "sanitation", _("Sanitation")
    LAW_ENFORCEMENT = "law_enforcement", _("Urban law enforcement")
    SUBDISTRICT = "subdistrict", _("Subdistrict office")
    MUNICIPAL_WORKS = "municipal_works", _("Municipal works")
    LANDSCAPING = "landscaping", _("Landscaping")
    PUBLIC_SECURITY = "public_security", _("Public security")
    HOUSING_CONSTRUCTION = "housing_construction", _("Housing and construction")
    WATER_DRAINAGE = "water_drainage", _("Water and drainage")
    EMERGENCY_MANAGEMENT = "emergency_management", _("Emergency management")
    TRAFFIC_POLICE = "traffic_police", _("Traffic police")
    MARKET_REGULATION = "market_regulation", _("Market regulation")
    GAS_HEAT = "gas_heat", _("Gas and heating")
    FIRE_RESCUE = "fire_rescue", _("Fire and rescue")
    ECOLOGY_ENVIRONMENT = "ecology_environment", _("Ecology and environment")
    CIVIL_AFFAIRS = "civil_affairs", _("Civil affairs")
    POWER_SUPPLY = "power_supply", _("Power supply")
    HEALTH = "health", _("Health")
    TRANSPORT = "transport", _("Transport")
    JUSTICE = "justice", _("Justice")
    TELECOM = "telecom", _("Telecommunications")
    URBAN_MANAGEMENT = "urban_management", _("Urban management")
    PROPERTY_COMPANY = "property_company", _("Property management")
    PLANNING_RESOURCES = "planning_resources", _("Planning and resources")
    PUBLIC_UTILITIES = "public_utilities", _("Public utilities")
    POLITICAL_LEGAL = "political_legal", _("Political and legal affairs")
    HR_SOCIAL_SECURITY = "hr_social_security", _("Human resources and social security")
    EDUCATION = "education", _("Education")
    PETITION_OFFICE = "petition_office", _("Petitions")
    FINANCIAL_OFFICE = "financial_office", _("Financial affairs")


_LABELS = dict(DepartmentKind.choices)


def department_label(kind: str) -> str:
    """The kind in the reader's language; a word that is not ours is shown as it is."""
    return str(_LABELS.get(kind, kind))
