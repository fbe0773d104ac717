"""Hundreds of enrolled people with accounts, made at once."""

from datetime import date

from django.utils import timezone

from accounts.models import User
from emergency.models import Enrolment

GRIDS = ("120103001001001", "120103001001002", "120103001002001", "120103001002002")


def crowd(size: int) -> None:
    """Volunteers spread over four grids."""
    users = User.objects.bulk_create(
        User(username=f"crowd{n}", name=f"志愿者{n}", password="!") for n in range(size)
    )
    Enrolment.objects.bulk_create(
        Enrolment(
            number=f"BR9{n:07d}",
            state="active",
            person=user,
            who=f"account-{user.pk}",
            kind="volunteer",
            area_code=GRIDS[n % len(GRIDS)],
            valid_from=date(2020, 1, 1),
            enrolled_at=timezone.now(),
            updated_at=timezone.now(),
        )
        for n, user in enumerate(users)
    )
