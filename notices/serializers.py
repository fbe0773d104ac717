"""What the API of this room takes and gives. Times are ISO 8601 with offset, quiet hours local (Asia/Shanghai)."""

from typing import Any

from rest_framework import serializers

from journal.wording import label_of as label_of_verb
from notices.choices import OUTWARD_CHOICES
from notices.models import Notice, Preference, Subscription, WebhookCall
from notices.webhooks.changing import GRACE_HOURS, LONGEST_GRACE_HOURS
from notices.webhooks.places import cursor_of
from notices.wording import label_of, lines, wording_of


class NoticeOut(serializers.ModelSerializer[Notice]):
    """A message of the bell. `text` is in the caller's language; a list hands all `texts` in, made at once."""

    text = serializers.SerializerMethodField()
    seriousness = serializers.SerializerMethodField()

    class Meta:
        model = Notice
        fields = ("id", "kind", "seriousness", "text", "link", "created_at", "read_at")

    def get_text(self, notice: Notice) -> str:
        texts: dict[int, str] = self.context.get("texts", {})
        return texts.get(notice.pk) or lines([notice])[0].text

    def get_seriousness(self, notice: Notice) -> str:
        return str(wording_of(notice.kind).seriousness)


class ReadIn(serializers.Serializer[Any]):
    """Up to which message."""

    newest = serializers.IntegerField(min_value=0, max_value=2**63 - 1)


class ReadOut(serializers.Serializer[Any]):
    """How many were not read before."""

    count = serializers.IntegerField()


class PreferenceOut(serializers.ModelSerializer[Preference]):
    """How the caller is told, beside the bell."""

    class Meta:
        model = Preference
        fields = ("ordinary", "urgent", "danger", "quiet_from", "quiet_until", "email")


class PreferenceIn(serializers.Serializer[Any]):
    """The whole of it: what is left out is empty."""

    ordinary = serializers.MultipleChoiceField(choices=OUTWARD_CHOICES, default=set)
    urgent = serializers.MultipleChoiceField(choices=OUTWARD_CHOICES, default=set)
    danger = serializers.MultipleChoiceField(choices=OUTWARD_CHOICES, default=set)
    quiet_from = serializers.TimeField(allow_null=True, default=None)
    quiet_until = serializers.TimeField(allow_null=True, default=None)
    email = serializers.EmailField(allow_blank=True, default="", max_length=200)


class UndeliveredOut(serializers.ModelSerializer[Notice]):
    """A message that was given up: its kind, never what it is about. `count` notices went along in it."""

    recipient = serializers.CharField(source="recipient.username")
    kind_label = serializers.SerializerMethodField()
    count = serializers.IntegerField()

    class Meta:
        model = Notice
        fields = (
            "id", "recipient", "channel", "kind", "kind_label", "count", "attempts", "last_error",
            "first_tried_at", "created_at",
        )  # fmt: skip

    def get_kind_label(self, notice: Notice) -> str:
        return label_of(notice.kind)


class SubscriptionOut(serializers.ModelSerializer[Subscription]):
    """A subscription. `paused_by` is empty where it paused itself because the receiver failed too long."""

    class Meta:
        model = Subscription
        fields = (
            "id", "client", "url", "verbs", "area_code", "state", "paused_at", "paused_by", "failures",
            "last_error", "last_sent_at", "created_at", "old_secret_until", "ended_at",
        )  # fmt: skip


class SubscriptionIn(serializers.Serializer[Any]):
    """`client` is for people who administer partner systems; a partner system leaves it out."""

    url = serializers.CharField(max_length=500)
    verbs = serializers.ListField(child=serializers.CharField(max_length=60), default=list)
    area_code = serializers.CharField(max_length=15, required=False)
    client = serializers.IntegerField(required=False)


class SubscriptionEdit(serializers.Serializer[Any]):
    """The whole of it: no verbs are all that may be heard."""

    url = serializers.CharField(max_length=500)
    verbs = serializers.ListField(child=serializers.CharField(max_length=60), default=list)
    area_code = serializers.CharField(max_length=15, allow_blank=True)


class RenewIn(serializers.Serializer[Any]):
    """For how many hours the old secret signs beside the new one."""

    grace_hours = serializers.IntegerField(
        min_value=0, max_value=LONGEST_GRACE_HOURS, default=GRACE_HOURS
    )


class NewSubscriptionOut(serializers.Serializer[Any]):
    """A subscription and the secret that signs its calls, this once."""

    subscription = SubscriptionOut()
    secret = serializers.CharField()


class ReplayIn(serializers.Serializer[Any]):
    """The `cursor` of the last event that is not wanted again."""

    cursor = serializers.CharField(max_length=40)


class CallOut(serializers.ModelSerializer[WebhookCall]):
    """One event for one subscription."""

    verb = serializers.CharField(source="event.verb")
    cursor = serializers.SerializerMethodField()

    class Meta:
        model = WebhookCall
        fields = (
            "id", "event_id", "cursor", "verb", "subject_kind", "subject_id", "round", "state", "attempts",
            "last_status", "last_error", "next_try_at", "sent_at",
        )  # fmt: skip

    def get_cursor(self, call: WebhookCall) -> str:
        return cursor_of(call.event)


class VerbOut(serializers.Serializer[Any]):
    """Something that a partner system can hear of."""

    verb = serializers.CharField()
    words = serializers.SerializerMethodField()

    def get_words(self, row: dict[str, str]) -> str:
        return label_of_verb(row["verb"])
