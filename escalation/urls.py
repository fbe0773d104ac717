"""Pages of this room, mounted at /escalation/."""

from django.urls import path

from escalation import pages

app_name = "escalation"
urlpatterns = [
    path("rules/", pages.rules, name="rules"),
    path("rules/new/", pages.rule_new, name="rule_new"),
    path("rules/<int:pk>/", pages.rule, name="rule"),
    path("how/", pages.how, name="how"),
    path("failures/", pages.failures, name="failures"),
    path("failures/<int:pk>/try", pages.try_again, name="try_again"),
]
