"""What every form of this room does with an action's answer."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from accounts.forms import EditForm, add_refusal
from config.refusal import Refused, SomebodyWasFirst

T = TypeVar("T")


def attempt(
    form: Any, act: Callable[[], T], *, stored: Callable[[], Mapping[str, Any]] | None = None
) -> T | None:
    """Do it; where it is refused or not allowed, show why on the form as it was typed, and return None.

    `stored` tells what is in the record now, for an editor whom somebody overtook.
    """
    try:
        return act()
    except SomebodyWasFirst as refused:
        if isinstance(form, EditForm) and stored is not None:
            form.note_clash(refused, stored())
        else:
            add_refusal(form, refused)
    except Refused as refused:
        add_refusal(form, refused)
    except PermissionDenied:
        form.denied = True
        form.add_error(None, _("Your posts do not let you do this there."))
    return None


def attempt_plainly(request: HttpRequest, act: Callable[[], T], done: str) -> T | None:
    """The same for a button without a form: the answer is a message on the next page."""
    try:
        result = act()
    except Refused as refused:
        messages.error(request, str(refused.sentence))
        return None
    if done:
        messages.success(request, done)
    return result


def status_of(form: Any) -> int:
    """The HTTP status of a page that shows this form: 409 after a clash, 403, 422 with errors, else 200."""
    if getattr(form, "clash", None):
        return 409
    if getattr(form, "denied", False):
        return 403
    return 422 if form.errors else 200
