"""What was learned, and when."""

from django.db import models
from django.db.models import Q

from hotline.choices import Purpose, RunState


class TrainingRun(models.Model):
    """One attempt to learn from what people decided. Times are UTC.

    `progress` is in percent. `cases` were learned from, `held_back` were kept aside to judge by. `figures` is what the
    report shows: accuracy, macro-F1 and confusion of the new model and the accuracy of the old one on the same cases;
    labels and counts only, never a text.
    """

    purpose = models.CharField(max_length=8, choices=Purpose)
    state = models.CharField(max_length=10, choices=RunState, default=RunState.ASKED)
    asked_by = models.CharField(max_length=120)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    progress = models.SmallIntegerField(default=0)
    cases = models.IntegerField(default=0)
    held_back = models.IntegerField(default=0)
    figures = models.JSONField(default=dict)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"],
                condition=Q(state=RunState.ASKED),
                name="training_asked_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=RunState.values), name="training_state_is_known"
            ),
            models.CheckConstraint(
                condition=Q(progress__range=(0, 100)), name="training_progress_is_percent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}: {self.state}"

    @property
    def percents(self) -> dict[str, float]:
        """Accuracy and macro-F1 of the new model, and of the old one where there was one, in percent."""
        names = ("accuracy", "macro_f1", "old_accuracy", "old_macro_f1")
        return {name: round(100 * self.figures[name], 1) for name in names if name in self.figures}


class KeptModel(models.Model):
    """What one run learned: a plain file in the media storage, known by its SHA-256. One a purpose is in use."""

    run = models.OneToOneField(TrainingRun, models.PROTECT, related_name="model")
    purpose = models.CharField(max_length=8, choices=Purpose)
    file = models.FileField(upload_to="models/%Y/%m/")
    sha256 = models.CharField(max_length=64)
    size = models.IntegerField()
    made_at = models.DateTimeField()
    in_use = models.BooleanField(default=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=Q(in_use=True), name="model_one_in_use"
            )
        ]

    def __str__(self) -> str:
        return f"{self.purpose} {self.pk}"
