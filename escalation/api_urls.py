"""This room's addresses below /api/v1/."""

from django.urls import path

from escalation import api

urlpatterns = [
    path("escalation/rules", api.RuleList.as_view(), name="api_escalation_rules"),
    path("escalation/rules/<int:pk>", api.RuleDetail.as_view(), name="api_escalation_rule"),
    path(
        "escalation/rules/<int:pk>/change",
        api.RuleChange.as_view(),
        name="api_escalation_rule_change",
    ),
    path("escalation/preview", api.PreviewView.as_view(), name="api_escalation_preview"),
    path("escalation/failures", api.FailureList.as_view(), name="api_escalation_failures"),
    path("escalation/failures/<int:pk>/try", api.TryAgain.as_view(), name="api_escalation_try"),
    path("incidents/<str:number>/ladder", api.CaseLadder.as_view(), name="api_incident_ladder"),
]
