"""One append-only log of everything that happened. Timelines, notices, counters and audit are readings of it."""

from django.db import models


class Event(models.Model):
    """Something that happened to one subject. Rows are never changed: a trigger forbids UPDATE and DELETE.

    `xid` is PostgreSQL's transaction id (`journal_xid()`, see migration 0002), which readers need to see
    no gaps. `at` is when it happened (UTC); `recorded_at` is when it was written down.
    `seq` counts the subject's events from 1; `previous_hash` and `hash` chain them (`journal/chain.py`).
    """

    id = models.BigAutoField(primary_key=True)
    xid = models.BigIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.BigIntegerField(null=True)
    actor_label = models.CharField(max_length=120)
    actor_post = models.CharField(max_length=120, blank=True)
    verb = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=24)
    subject_id = models.CharField(max_length=40)
    seq = models.IntegerField()
    area_code = models.CharField(max_length=15, db_collation="C", blank=True)
    data = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["xid", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_kind", "subject_id", "seq"], name="event_chain_has_no_fork"
            )
        ]
        indexes = [
            models.Index(fields=["xid", "id"], name="event_reading_order"),
            models.Index(fields=["at", "id"], name="event_by_time"),
            models.Index(fields=["verb", "at", "id"], name="event_by_verb"),
            models.Index(fields=["actor_kind", "actor_id", "at", "id"], name="event_by_actor"),
            models.Index(fields=["area_code", "at", "id"], name="event_by_area"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind}/{self.subject_id}#{self.seq}"


class Cursor(models.Model):
    """How far a named reader has come: everything up to (xid, event id) has had its effect."""

    name = models.CharField(max_length=60, primary_key=True)
    xid = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Seal(models.Model):
    """A keyed hash over all event hashes of one stretch of the log, chained to the seal before it.

    The stretch runs in reading order from after (`from_xid`, `from_event_id`) up to and including
    (`to_xid`, `to_event_id`). A day with very many events has several parts. `digest` is the SHA-256 of
    the event hashes; `rows` remembers each sealed event's id and the first bytes of its hash, so that
    verifying can name the row; `hash` covers all of it under the installation's key (`journal/seal.py`).
    """

    day = models.DateField()
    part = models.IntegerField(default=1)
    from_xid = models.BigIntegerField()
    from_event_id = models.BigIntegerField()
    to_xid = models.BigIntegerField()
    to_event_id = models.BigIntegerField()
    events = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    rows = models.BinaryField()
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    sealed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["day", "part"], name="seal_once")]

    def __str__(self) -> str:
        return f"{self.day}#{self.part}"
