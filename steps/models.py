"""What records that move have in common, and the words that people write at their steps."""

from django.db import models


class Moving(models.Model):
    """A record that moves by steps. Times are UTC; `area_code` is the most exact area known, and scope reads it.

    `due_at`/`amber_at` repeat the record's clock that is due first, so that lists sort by it. `version` grows with
    every step; it is the ETag. A room narrows `state` with choices and a CHECK of its own.
    """

    number = models.CharField(max_length=20, unique=True)
    version = models.IntegerField(default=1)
    state = models.CharField(max_length=16)
    area_code = models.CharField(max_length=15, db_collation="C")
    updated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    amber_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number


class Remark(models.Model):
    """Words that somebody wrote at a step: a reason, a note, an opinion. The journal keeps only the number of the
    row, so that what people write (personal data may slip in) stays out of what can never be changed.
    """

    subject_kind = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    text = models.TextField()
    written_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="remark_by_subject")]

    def __str__(self) -> str:
        return f"remark {self.pk} on {self.subject_kind} {self.subject_id}"
