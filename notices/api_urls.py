"""This room's addresses below /api/v1/."""

from django.urls import URLPattern, path

from notices.api import messages, webhooks

urlpatterns: list[URLPattern] = [
    path("notices", messages.NoticeList.as_view(), name="api_notices"),
    path("notices/read", messages.NoticeReadAll.as_view(), name="api_notices_read_all"),
    path("notices/<int:pk>/read", messages.NoticeRead.as_view(), name="api_notice_read"),
    path("notices/preferences", messages.PreferenceView.as_view(), name="api_preferences"),
    path("notices/undelivered", messages.UndeliveredList.as_view(), name="api_undelivered"),
    path(
        "notices/undelivered/<int:pk>/resend",
        messages.UndeliveredResend.as_view(),
        name="api_resend",
    ),
    path("webhooks", webhooks.SubscriptionList.as_view(), name="api_webhooks"),
    path("webhooks/verbs", webhooks.VerbList.as_view(), name="api_webhook_verbs"),
    path("webhooks/<int:pk>", webhooks.SubscriptionDetail.as_view(), name="api_webhook"),
    path("webhooks/<int:pk>/pause", webhooks.SubscriptionPause.as_view(), name="api_webhook_pause"),
    path(
        "webhooks/<int:pk>/resume", webhooks.SubscriptionResume.as_view(), name="api_webhook_resume"
    ),
    path("webhooks/<int:pk>/secret", webhooks.SecretRenew.as_view(), name="api_webhook_secret"),
    path(
        "webhooks/<int:pk>/replay", webhooks.SubscriptionReplay.as_view(), name="api_webhook_replay"
    ),
    path("webhooks/<int:pk>/calls", webhooks.CallList.as_view(), name="api_webhook_calls"),
    path(
        "webhooks/<int:pk>/calls/<int:call>/skip",
        webhooks.CallSkip.as_view(),
        name="api_webhook_skip",
    ),
]
