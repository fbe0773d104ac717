"""A fresh installation gets its first administrators from the command line, and only the first."""

import pytest
from django.core.management import CommandError, call_command

from accounts.identity import actor_of
from accounts.models import User
from accounts.roles import Role

pytestmark = pytest.mark.django_db


def test_the_first_one_is_made_and_the_password_printed(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("make_administrator", "security_admin", "Li.An", "李安")
    made = User.objects.get(username="li.an")

    assert made.check_password(capsys.readouterr().out.split()[1])
    (post,) = actor_of(made).posts
    assert (post.role, post.area_code) == (Role.SECURITY_ADMIN, "")


def test_a_second_one_is_left_to_the_page() -> None:
    call_command("make_administrator", "security_admin", "li.an", "李安")
    with pytest.raises(CommandError):
        call_command("make_administrator", "security_admin", "wang.an", "王安")
    assert not User.objects.filter(username="wang.an").exists()


def test_a_taken_name_gets_a_sentence() -> None:
    call_command("make_administrator", "security_admin", "li.an", "李安")
    with pytest.raises(CommandError, match=r"li\.an"):
        call_command("make_administrator", "audit_admin", "li.an", "李安")
