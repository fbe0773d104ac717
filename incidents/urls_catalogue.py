"""Addresses of the catalogue's pages and of the rules of responsibility, inside this room's."""

from django.urls import URLPattern, path

from incidents.pages import catalogue, editions, rules

urlpatterns: list[URLPattern] = [
    path("catalogue/", catalogue.catalogue, name="catalogue"),
    path("catalogue/import/", editions.catalogue_import, name="catalogue_import"),
    path("catalogue/editions/", editions.editions, name="editions"),
    path("catalogue/editions/compare/", editions.editions_compare, name="editions_compare"),
    path("catalogue/editions/<str:code>/", editions.edition, name="edition"),
    path(
        "catalogue/editions/<str:code>/activate/",
        editions.edition_activate,
        name="edition_activate",
    ),
    path(
        "catalogue/editions/<str:code>/limits/<int:pk>/",
        editions.edition_limit,
        name="edition_limit",
    ),
    path("catalogue/items/<str:code>/", catalogue.catalogue_item, name="catalogue_item"),
    path(
        "catalogue/items/<str:code>/switch/",
        catalogue.catalogue_item_switch,
        name="catalogue_item_switch",
    ),
    path("rules/", rules.rules, name="rules"),
    path("rules/items/", rules.rule_item_options, name="rule_item_options"),
    path("rules/new/", rules.rule_new, name="rule_new"),
    path("rules/test/", rules.rules_test, name="rules_test"),
    path("rules/import/", rules.rules_import, name="rules_import"),
    path("rules/<int:pk>/", rules.rule, name="rule"),
    path("rules/<int:pk>/end/", rules.rule_end, name="rule_end"),
]
