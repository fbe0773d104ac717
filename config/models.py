"""Answers kept so that a request sent twice is done once."""

from django.db import models


class KeptAnswer(models.Model):
    """The answer to one POST of one actor under one `Idempotency-Key`.

    Written in the transaction of the effect. `fingerprint` (SHA-256, hex) tells a repetition from another
    request under the same key. `body` is encrypted: answers can hold personal data.
    """

    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField()
    key = models.CharField(max_length=128, db_collation="C")
    fingerprint = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    kept_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["actor_kind", "actor_id", "key"], name="kept_answer_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.actor_kind}/{self.actor_id} {self.key}"
