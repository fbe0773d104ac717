"""The record that an address names, where the person may see it; anybody else is told that there is none."""

from django.http import Http404

from accounts.middleware import ActorRequest
from campaigns.models import Assignment, Campaign, Target
from campaigns.querysets import (
    assignments_visible_to,
    targets_visible_to,
    visible_to,
    with_names,
)


def campaign_or_404(request: ActorRequest, number: str) -> Campaign:
    """The campaign of this number, read for its page. Raises Http404."""
    seen = visible_to(request.actor).select_related("organisation", "drafted_by", "launched_by")
    found = seen.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def assignment_or_404(request: ActorRequest, number: str) -> Assignment:
    """The assignment of this number, read for its page. Raises Http404."""
    seen = with_names(assignments_visible_to(request.actor))
    found = seen.filter(number=number).first()
    if found is None:
        raise Http404
    return found


def target_or_404(request: ActorRequest, number: str) -> Target:
    """The target of this number, read for its page. Raises Http404."""
    seen = targets_visible_to(request.actor)
    found = seen.select_related("campaign", "assignment__campaign", "zone").filter(number=number)
    target = found.first()
    if target is None:
        raise Http404
    return target
