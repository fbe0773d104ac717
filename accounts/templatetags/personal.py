"""Masks for personal data: `{% load personal %}{{ person.phone|masked_phone }}`."""

from django import template

from accounts.personal import mask_name, mask_phone

register = template.Library()


@register.filter
def masked_phone(phone: str | None) -> str:
    """`138****1234`."""
    return mask_phone(phone or "")


@register.filter
def masked_name(name: str | None) -> str:
    """`张*`, `欧**娜`."""
    return mask_name(name or "")
