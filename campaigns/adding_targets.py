"""A list of targets is written: all of it, or nothing, and nothing twice."""

from collections import Counter

from django.db import IntegrityError
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from campaigns import tallying
from campaigns.door import CAMPAIGNS, CampaignMeeting
from campaigns.listing import ListRead
from campaigns.models import Target
from config.refusal import SomebodyWasFirst

BATCH = 2_000


@CAMPAIGNS.guard("add_targets")
def goes_to_somebody(m: CampaignMeeting) -> str | Promise | None:
    """Each target belongs to somebody from the beginning."""
    return None if m.assignments else _("Say first whom the campaign goes to.")


@CAMPAIGNS.effect("add_targets")
def add_targets(m: CampaignMeeting) -> None:
    """Write what the list has and the campaign has not. The campaign is locked, so two imports at once follow each
    other, and the second finds everything there."""
    read: ListRead = m.facts["read"]
    for target in read.fresh:
        target.number = f"{m.record.number}-T{m.record.next_target:05d}"
        target.updated_at = m.now
        m.record.next_target += 1
    try:
        Target.objects.bulk_create(read.fresh, batch_size=BATCH)
    except IntegrityError as error:  # the database's own word, should the lock ever fail
        raise SomebodyWasFirst from error
    tallying.add_new(Counter(target.assignment_id for target in read.fresh))
    m.data.update(targets=len(read.fresh), listed_already=read.there)
