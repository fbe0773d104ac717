"""E-mail, by Django's mail: the server is named in the settings; without one, mails are printed to the log."""

import smtplib

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _
from django.utils.translation import override

from notices.channels import Message, Never, TryAgain


def send(message: Message) -> None:
    """One mail. `Message-ID` is the idempotency key, so that a mailbox can tell a repeat. Raises TryAgain, Never."""
    mail = EmailMessage(
        subject=_subject(message),
        body=f"{message.text}\n\n{message.link}".strip() + "\n",
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[message.to],
        headers={"Message-ID": f"<{message.key}@{_domain()}>", "Auto-Submitted": "auto-generated"},
    )
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as refused:
        codes = [code for code, _said in refused.recipients.values()]
        raise (Never if min(codes, default=0) >= 500 else TryAgain)(f"SMTP {codes}") from refused
    except (smtplib.SMTPException, OSError) as error:
        # What the server said may hold addresses; its code says enough.
        code = getattr(error, "smtp_code", "")
        raise TryAgain(f"{type(error).__name__} {code}".strip()) from error


def _subject(message: Message) -> str:
    with override(message.language):
        return _("Yiwang: %(text)s") % {"text": message.text.splitlines()[0][:120]}


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
