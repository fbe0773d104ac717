"""Addresses of the bell, of how people are told, and of what partner systems are told; mounted at /notices/."""

from django.urls import path

from notices.pages import bell, live, preferences, undelivered, webhooks

app_name = "notices"
urlpatterns = [
    path("", bell.messages_page, name="list"),
    path("badge/", bell.badge, name="badge"),
    path("bell/", bell.bell, name="bell"),
    path("live/", live.live, name="live"),
    path("read", bell.mark_all_read, name="read_all"),
    path("<int:pk>/", bell.follow_link, name="open"),
    path("<int:pk>/read", bell.mark_read, name="read"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("undelivered/", undelivered.undelivered, name="undelivered"),
    path("undelivered/<int:pk>/resend", undelivered.resend, name="resend"),
    path("webhooks/", webhooks.subscriptions, name="webhooks"),
    path("webhooks/new/<int:client>/", webhooks.new, name="webhook_new"),
    path("webhooks/<int:pk>/", webhooks.subscription, name="webhook"),
    path("webhooks/<int:pk>/switch", webhooks.switch, name="webhook_switch"),
    path("webhooks/<int:pk>/edit/", webhooks.edit, name="webhook_edit"),
    path("webhooks/<int:pk>/secret", webhooks.renew_secret, name="webhook_secret"),
    path("webhooks/<int:pk>/end", webhooks.end, name="webhook_end"),
    path("webhooks/<int:pk>/replay", webhooks.replay, name="webhook_replay"),
    path("webhooks/<int:pk>/calls/<int:call>/skip", webhooks.skip, name="webhook_skip"),
]
