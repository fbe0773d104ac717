"""Bringing people in by Excel: looked at first, all or nothing, and no file can do harm."""

import io
import zipfile
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from openpyxl import Workbook as Book

from accounts.actor import Actor
from accounts.identity import actor_of
from accounts.models import Organisation, Post, User, Workbook
from accounts.roles import Role
from accounts.workbook.keeping import apply_workbook, check_workbook, report_of
from accounts.workbook.reading import MOST_ROWS
from accounts.workbook.running import Report
from accounts.workbook.writing import report_book, template
from config.refusal import Refused, SomebodyWasFirst
from tests import factories
from tests.accounts import books
from tests.accounts.conftest import Verbs
from tests.factories import ABROAD, HOME

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(db: None) -> User:
    return factories.person_with(Role.SYSTEM_ADMIN)


@pytest.fixture
def by(admin: User, now: datetime) -> Actor:
    return actor_of(admin, now)


def _checked(content: bytes, by: Actor, now: datetime) -> tuple[Workbook, Report]:
    workbook = check_workbook(content, "people.xlsx", by=by, now=now)
    return workbook, report_of(workbook)


def _said(report: Report) -> list[tuple[str, int, str, str]]:
    return [(f.sheet, f.row, f.column, f.code) for f in report.findings]


def _counts() -> tuple[int, int, int]:
    return Organisation.objects.count(), User.objects.count(), Post.objects.count()


def test_a_check_tells_everything_and_writes_nothing(
    by: Actor, now: datetime, verbs: Verbs
) -> None:
    before = _counts()
    _workbook, report = _checked(books.district(), by, now)

    assert not report.findings
    assert [(o.sheet, o.row, o.outcome) for o in report.outcomes] == [
        ("organisations", 3, "created"),
        ("organisations", 2, "created"),
        ("people", 2, "created"),
        ("people", 3, "created"),
        ("posts", 2, "created"),
        ("posts", 3, "created"),
        ("posts", 4, "created"),
    ]
    assert not any(o.password for o in report.outcomes)
    assert _counts() == before
    assert verbs() == []


def test_confirming_imports_all_of_it_and_hands_over_passwords(
    by: Actor, now: datetime, verbs: Verbs
) -> None:
    workbook, _report = _checked(books.district(), by, now)
    done = apply_workbook(workbook, by=by, now=now)

    child = Organisation.objects.get(code="HX-HW")
    assert child.administrative_parent == Organisation.objects.get(code="HX-CGW")
    zhang = User.objects.get(username="zhang.san")
    assert zhang.phone == "13812341234"
    assert zhang.must_change_password
    assert {(p.role, p.valid_to) for p in zhang.posts.all()} == {
        ("department", None),
        ("unit_leader", date(2027, 12, 31)),
    }
    passwords = {o.name.split()[0]: o.password for o in done.outcomes if o.sheet == "people"}
    assert zhang.check_password(passwords["zhang.san"])
    assert verbs().count("post.granted") == 3
    assert verbs()[-1] == "workbook.applied"
    assert not bytes(Workbook.objects.get().content).startswith(b"PK")


def test_importing_the_same_again_changes_nothing(by: Actor, now: datetime, verbs: Verbs) -> None:
    workbook, _report = _checked(books.district(), by, now)
    apply_workbook(workbook, by=by, now=now)
    events = len(verbs())
    again, report = _checked(books.district(), by, now + timedelta(minutes=1))

    assert {o.outcome for o in report.outcomes} == {"unchanged"}
    apply_workbook(again, by=by, now=now + timedelta(minutes=1))
    assert verbs()[events:] == ["workbook.applied"]


def test_pressing_confirm_twice_imports_once(by: Actor, now: datetime) -> None:
    workbook, _report = _checked(books.district(), by, now)
    apply_workbook(workbook, by=by, now=now)
    with pytest.raises(SomebodyWasFirst):
        apply_workbook(workbook, by=by, now=now)


def test_what_changed_since_the_check_stops_the_import(by: Actor, now: datetime) -> None:
    workbook, _report = _checked(books.district(), by, now)
    factories.organisation(code="HX-CGW", name="别人刚建的")
    report = apply_workbook(workbook, by=by, now=now)

    assert not User.objects.filter(username="zhang.san").exists()
    assert next(o for o in report.outcomes if o.row == 3).outcome == "changed"
    workbook.refresh_from_db()
    assert workbook.state == "checked"
    apply_workbook(workbook, by=by, now=now)  # looked at again, confirmed again
    assert User.objects.filter(username="zhang.san").exists()


def test_a_check_is_good_for_an_hour_and_for_who_made_it(by: Actor, now: datetime) -> None:
    workbook, _report = _checked(books.district(), by, now)
    colleague = factories.actor(Role.SYSTEM_ADMIN)
    with pytest.raises(Refused):
        apply_workbook(workbook, by=colleague, now=now)
    with pytest.raises(Refused) as refused:
        apply_workbook(workbook, by=by, now=now + timedelta(minutes=61))
    assert refused.value.code == "workbook_expired"


def test_an_altered_file_is_not_imported(by: Actor, now: datetime) -> None:
    workbook, _report = _checked(books.district(), by, now)
    Workbook.objects.update(sha256="0" * 64)
    with pytest.raises(Refused) as refused:
        apply_workbook(workbook, by=by, now=now)
    assert refused.value.code == "workbook_altered"


def test_every_bad_row_is_listed_with_its_place(by: Actor, now: datetime) -> None:
    factories.organisation(code="OK")
    factories.user(username="fremd", organisation=factories.organisation(ABROAD))
    content = books.book(
        {
            "机构": [
                books.ORGANISATION_HEAD,
                ["A-1", "甲", "", "没有的类型", "", "120103", "", ""],
                ["A-2", "乙", "", "部门", "", "1201031", "", ""],
                ["A-3", "", "", "部门", "", "120103", "", ""],
                ["A-4", "丁", "", "部门", "", "120103", "NIX", ""],
                ["A-4", "丁", "", "部门", "", "120103", "", ""],
                ["A-5", "戊", "", "部门", "", ABROAD, "", ""],
                ["A-6", "己", "", "部门", "", "120103", "A-7", ""],
                ["A-7", "庚", "", "部门", "", "120103", "A-6", ""],
                ["A-8", "辛", "", "部门", "", "=1+1", "", ""],
            ],
            "人员": [
                books.PEOPLE_HEAD,
                ["UPPER case", "甲", "OK", ""],
                ["gut", "乙", "NIX", ""],
                ["fremd", "丙", "", ""],
                ["wu", "丁", "OK", "不是电话"],
                ["ohne", "戊", "", ""],
            ],
            "岗位": [
                books.POST_HEAD,
                ["nobody", "受理员", "", "120103", "2026-03-01", ""],
                ["gut2", "系统管理员", "", "120103", "2026-03-01", ""],
                ["gut3", "受理员", "", "120103", "3/1/26", ""],
                ["gut4", "受理员", "", "120103", 46082, ""],
                ["gut5", "受理员", "", "120103", "2026-02-30", ""],
            ],
        }
    )
    _workbook, report = _checked(content, by, now)

    assert set(_said(report)) == {
        ("organisations", 2, "kind", "not_a_choice"),
        ("organisations", 3, "area_code", "refused"),
        ("organisations", 4, "name", "missing"),
        ("organisations", 5, "administrative_parent", "no_such_organisation"),
        ("organisations", 6, "code", "duplicate"),
        ("organisations", 7, "area_code", "not_yours"),
        ("organisations", 8, "administrative_parent", "parents_in_a_circle"),
        ("organisations", 9, "administrative_parent", "parents_in_a_circle"),
        ("organisations", 10, "area_code", "formula"),
        ("people", 2, "username", "refused"),
        ("people", 3, "organisation", "no_such_organisation"),
        ("people", 4, "username", "foreign"),
        ("people", 5, "phone", "refused"),
        ("people", 6, "organisation", "refused"),
        ("posts", 2, "username", "no_such_person"),
        ("posts", 3, "role", "not_a_choice"),
        ("posts", 4, "valid_from", "day_as_text"),
        ("posts", 4, "username", "no_such_person"),
        ("posts", 5, "valid_from", "day_as_number"),
        ("posts", 5, "username", "no_such_person"),
        ("posts", 6, "valid_from", "day_as_text"),
        ("posts", 6, "username", "no_such_person"),
    }


def test_all_faults_of_a_row_are_listed_at_once(by: Actor, now: datetime) -> None:
    content = books.book(
        {
            "机构": [
                books.ORGANISATION_HEAD,
                ["A-1", "甲", "", "部门", "", "120103", "", ""],
                ["A-1", "乙", "", "部门", "No Such", "=1+1", "NIX", "NOT"],
                ["A-2", "", "", "部门", "", "1201031", "", ""],
            ],
            "人员": [
                books.PEOPLE_HEAD,
                ["zhang.san", "张三", "A-1", ""],
                ["zhang.san", "张三", "NIX", "不是电话"],
                ["UPPER case", "甲", "A-1", "不是电话"],
                ["", "乙", "NIX", ""],
            ],
            "岗位": [
                books.POST_HEAD,
                ["zhang.san", "受理员", "NIX", "1201031", "2026-03-01", ""],
            ],
        }
    )
    before = _counts()
    _workbook, report = _checked(content, by, now)

    assert set(_said(report)) == {
        ("organisations", 3, "code", "duplicate"),
        ("organisations", 3, "department_kind", "refused"),
        ("organisations", 3, "area_code", "formula"),
        ("organisations", 3, "administrative_parent", "no_such_organisation"),
        ("organisations", 3, "professional_parent", "no_such_organisation"),
        ("organisations", 4, "name", "missing"),
        ("organisations", 4, "area_code", "refused"),
        ("people", 3, "username", "duplicate"),
        ("people", 3, "organisation", "no_such_organisation"),
        ("people", 3, "phone", "refused"),
        ("people", 4, "username", "refused"),
        ("people", 4, "phone", "refused"),
        ("people", 5, "username", "missing"),
        ("people", 5, "organisation", "no_such_organisation"),
        ("posts", 2, "organisation", "no_such_organisation"),
        ("posts", 2, "area_code", "refused"),
    }
    assert len(_said(report)) == len(set(_said(report)))
    assert [(o.sheet, o.row) for o in report.outcomes] == [("organisations", 2), ("people", 2)]
    assert _counts() == before


def test_rows_that_may_not_be_unique_are_not_called_the_same(by: Actor, now: datetime) -> None:
    rows = [["zhang.san", "没有的角色", "", "", "2026-03-01", ""]] * 2
    _workbook, report = _checked(books.book({"岗位": [books.POST_HEAD, *rows]}), by, now)
    assert {f.code for f in report.findings} == {"not_a_choice"}
    assert report.blocked
    assert all(finding.sentence for finding in report.findings)
    with pytest.raises(Refused) as refused:
        apply_workbook(_workbook, by=by, now=now)
    assert refused.value.code == "workbook_blocked"


def test_administrators_are_apart_in_a_workbook_too(by: Actor, now: datetime) -> None:
    auditor = factories.person_with(Role.AUDIT_ADMIN)
    row = [auditor.username, "受理员", "", "120103", "2026-03-01", ""]
    _workbook, report = _checked(books.book({"岗位": [books.POST_HEAD, row]}), by, now)

    (finding,) = report.findings
    assert (finding.code, finding.column) == ("refused", "role")
    assert "三员分立" in finding.sentence


def test_headings_may_stand_below_a_title_and_in_english(by: Actor, now: datetime) -> None:
    made = Book()
    tab = made.active
    assert tab is not None
    tab.title = " people "
    tab.append(["河西区人员名单"])
    tab.merge_cells("A1:C1")
    tab.append(["User name *", "Full name", "Organisation code", "Remarks"])
    tab.append(["zhao.liu", "赵六", factories.organisation().code, "…"])
    _workbook, report = _checked(books.saved(made), by, now)

    assert [o.outcome for o in report.outcomes] == ["created"]
    assert _said(report) == [("people", 2, "", "column_unknown")]
    assert not report.blocked


def test_merged_headings_get_a_sentence(by: Actor, now: datetime) -> None:
    made = books.opened(books.district())
    made["人员"].merge_cells("B1:C1")
    _workbook, report = _checked(books.saved(made), by, now)

    assert ("people", 1, "", "merged_header") in _said(report)
    assert "B1:C1" in next(f.sentence for f in report.findings if f.code == "merged_header")


def test_merged_cells_below_the_headings_get_a_sentence(by: Actor, now: datetime) -> None:
    made = books.opened(books.district())
    made["人员"].merge_cells("C2:C3")
    _workbook, report = _checked(books.saved(made), by, now)

    assert ("people", 2, "", "merged_cells") in _said(report)


def test_unknown_sheets_are_named_and_missing_ones_do_not_matter(by: Actor, now: datetime) -> None:
    row = ["wang.wu", "王五", factories.organisation().code]
    content = books.book({"Sheet1": [["x"]], "人员": [books.PEOPLE_HEAD, row]})
    _workbook, report = _checked(content, by, now)

    assert [o.outcome for o in report.outcomes] == ["created"]
    assert [f.code for f in report.findings] == ["sheet_unknown"]


def test_missing_and_doubled_columns_are_named(by: Actor, now: datetime) -> None:
    content = books.book({"人员": [["用户名", "用户名", "手机号"], ["a.b", "c", "13900000000"]]})
    _workbook, report = _checked(content, by, now)

    assert {f.code for f in report.findings} == {"column_twice", "column_missing"}


def test_an_empty_cell_leaves_what_is_stored(by: Actor, now: datetime) -> None:
    office = factories.organisation(name_en="Kept", department_kind="sanitation", code="X-1")
    row = ["X-1", "新名字", "", "治理中心", "", "", "", ""]
    row[3] = "社会治理中心"
    workbook, report = _checked(books.book({"机构": [books.ORGANISATION_HEAD, row]}), by, now)
    apply_workbook(workbook, by=by, now=now)

    office.refresh_from_db()
    assert (office.name, office.name_en, office.area_code) == ("新名字", "Kept", HOME)
    assert report.outcomes[0].changes == {"name": [report.outcomes[0].changes["name"][0], "新名字"]}


def test_phones_are_masked_in_what_the_check_shows(by: Actor, now: datetime) -> None:
    factories.user(
        username="wang.wu", name="王五", phone="13811112222", organisation=factories.organisation()
    )
    content = books.book({"人员": [books.PEOPLE_HEAD, ["wang.wu", "王五", "", "13833334444"]]})
    _workbook, report = _checked(content, by, now)

    assert report.outcomes[0].changes == {"phone": ["138****2222", "138****4444"]}


def _zip_bomb() -> bytes:
    return books.rezipped(
        books.district(), {"xl/sharedStrings.xml": b"<sst>" + b" " * (40 * 2**20) + b"</sst>"}
    )


def _entities() -> bytes:
    lol = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><worksheet>&b;</worksheet>'
    return books.rezipped(books.district(), {"xl/worksheets/sheet1.xml": lol})


def _ole(words: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512 + words.encode("utf-16-le")


def _many_rows() -> bytes:
    rows = [[f"user{number}", "某人"] for number in range(MOST_ROWS + 50)]
    return books.book({"人员": [books.PEOPLE_HEAD[:2], *rows]})


def _far_row() -> bytes:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>x</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    return books.rezipped(books.district(), {"xl/worksheets/sheet1.xml": sheet})


def _cut_short() -> bytes:
    return books.rezipped(
        books.district(), {"xl/worksheets/sheet1.xml": b"<worksheet><sheetData><row r="}
    )


def _not_a_workbook_inside() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("readme.txt", "x")
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "workbook_not_excel"),
        (b"username,name\nzhang,san", "workbook_not_excel"),
        (b"PK\x03\x04 and then nothing", "workbook_not_excel"),
        (_not_a_workbook_inside(), "workbook_not_excel"),
        (books.district()[:-200], "workbook_not_excel"),
        (_ole("EncryptedPackage"), "workbook_protected"),
        (_ole("Workbook"), "workbook_old"),
        (books.rezipped(books.district(), {"xl/vbaProject.bin": b"x"}), "workbook_macros"),
        (_zip_bomb(), "workbook_bomb"),
        (_entities(), "workbook_entities"),
        (_many_rows(), "workbook_too_many_rows"),
        (_far_row(), "workbook_damaged"),
        (_cut_short(), "workbook_damaged"),
        (books.rezipped(books.district(), {"xl/workbook.xml": b"<no/>"}), "workbook_sheets"),
        (books.book({"Sheet1": [["a"]]}), "workbook_sheets"),
        (b"PK" + b"\0" * (6 * 2**20), "workbook_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_hostile_and_broken_files_get_a_sentence(
    content: bytes, code: str, by: Actor, now: datetime
) -> None:
    with pytest.raises(Refused) as refused:
        check_workbook(content, "x.xlsx", by=by, now=now)
    assert refused.value.code == code
    assert str(refused.value.sentence)
    assert not Workbook.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_template_can_be_filled_in_and_read_back(
    language: str, by: Actor, now: datetime
) -> None:
    from django.utils.translation import override

    with override(language):
        made = books.opened(template())
        assert len(made.sheetnames) == 5
        people = made[made.sheetnames[3]]
        people.append(["wang.wu", "王五", factories.organisation().code, "13900000000"])
        people.delete_rows(2, 199)
        assert people.cell(1, 1).comment is not None
        assert made[made.sheetnames[2]].data_validations.count == 1
    content = books.saved(made)
    _workbook, report = _checked(content, by, now)

    assert [o.name for o in report.outcomes] == ["wang.wu 王五"]
    assert not report.blocked


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("reader", ["zh-hans", "en"])
def test_the_template_untouched_has_nothing_unknown_and_no_data_rows(
    language: str, reader: str, client: Client, admin: User
) -> None:
    from django.utils.translation import override

    with override(language):
        content = template()
    assert books.opened(content)["choices"].sheet_state == "veryHidden"
    client.force_login(admin)
    admin.language = reader
    file = io.BytesIO(content)
    file.name = "template.xlsx"
    headers = {"Accept-Language": reader}
    shown = client.post("/accounts/import/", {"file": file}, follow=True, headers=headers)

    assert shown.context["findings"] == []
    words = {"zh-hans": "没有数据行", "en": "no data rows"}[reader]
    assert words in shown.content.decode()


def test_text_that_looks_like_a_formula_stays_text(by: Actor, now: datetime) -> None:
    content = books.book({"人员": [books.PEOPLE_HEAD, ["wang.wu", "'+1", "NIX", ""]]})
    made = books.opened(content)
    made["人员"]["B2"].value = "@SUM(A1)"
    _workbook, report = _checked(books.saved(made), by, now)
    written = books.opened(report_book(report, applied=False))

    assert all(cell.data_type != "f" for tab in written for row in tab for cell in row)


def test_two_thousand_people_are_checked_within_seconds(by: Actor, now: datetime) -> None:
    import time

    office = factories.organisation()
    rows = [[f"user.{n}", "某人", office.code, f"139{n:08}"] for n in range(MOST_ROWS)]
    started = time.perf_counter()
    _workbook, report = _checked(books.book({"人员": [books.PEOPLE_HEAD, *rows]}), by, now)

    assert report.count("people", "created") == MOST_ROWS
    assert time.perf_counter() - started < 60


# --- by the pages -----------------------------------------------------------------------------


def test_upload_confirm_and_result_by_the_pages(client: Client, admin: User) -> None:
    client.force_login(admin)
    file = io.BytesIO(books.district())
    file.name = "河西区.xlsx"
    uploaded = client.post("/accounts/import/", {"file": file})
    look = client.get(uploaded["Location"])

    assert look.status_code == 200
    assert "尚未写入" in look.content.decode()
    done = client.post(f"{uploaded['Location']}confirm/", follow=True)
    assert "已全部导入" in done.content.decode()
    result = client.get(f"{uploaded['Location']}report.xlsx")
    made = books.opened(result.content)
    assert any(
        len(str(row[5].value or "")) == 19 for row in made.worksheets[0].iter_rows(min_row=2)
    )


def test_a_broken_upload_comes_back_with_its_sentence(client: Client, admin: User) -> None:
    client.force_login(admin)
    file = io.BytesIO(b"not a workbook")
    file.name = "x.xlsx"
    answer = client.post("/accounts/import/", {"file": file})

    assert answer.status_code == 422
    assert "不是 Excel 工作簿" in answer.content.decode()


def test_another_administrators_check_does_not_exist_for_me(client: Client, admin: User) -> None:
    workbook = check_workbook(
        books.district(),
        "x.xlsx",
        by=factories.actor(Role.SYSTEM_ADMIN),
        now=datetime.now().astimezone(),
    )
    client.force_login(admin)

    assert client.get(f"/accounts/import/{workbook.pk}/").status_code == 404
    assert client.get(f"/accounts/import/{workbook.pk}/report.xlsx").status_code == 404


# --- taking lists away -----------------------------------------------------------------------


def test_what_is_shown_can_be_taken_away_and_is_journaled(
    client: Client, admin: User, verbs: Verbs
) -> None:
    office = factories.organisation(code="HX-1")
    shown = factories.user(name="张三", phone="13812341234", organisation=office)
    factories.post(shown, Role.CLERK, organisation=office)
    factories.user(name="李四", organisation=office)
    client.force_login(admin)
    answer = client.post("/accounts/people/export/?q=张三")
    made = books.opened(answer.content)
    people = [[cell.value for cell in row] for row in made["人员"].iter_rows(min_row=2)]

    assert people == [["用户名", "姓名", "机构代码"], [shown.username, "张三", "HX-1"]]
    assert admin.name in str(made["人员"]["A1"].value)
    assert made["岗位"].max_row == 3
    assert b"13812341234" not in answer.content
    assert verbs() == ["people.exported"]


def test_what_was_taken_away_comes_back_unchanged(
    client: Client, admin: User, now: datetime
) -> None:
    by = actor_of(admin, now)
    workbook, _report = _checked(books.district(), by, now)
    apply_workbook(workbook, by=by, now=now)
    client.force_login(admin)
    for address in ("people", "organisations"):
        taken = client.post(f"/accounts/{address}/export/?q=H").content
        _workbook, report = _checked(taken, by, now)
        assert not report.blocked, report.findings
        assert {o.outcome for o in report.outcomes} <= {"unchanged"}


def test_too_long_a_list_is_not_taken_away(
    client: Client, admin: User, monkeypatch: pytest.MonkeyPatch, verbs: Verbs
) -> None:
    monkeypatch.setattr("accounts.exporting.MOST_ROWS", 2)
    for _number in range(3):
        factories.organisation()
    client.force_login(admin)
    answer = client.post("/accounts/organisations/export/", follow=True)

    assert "超过 2 行" in answer.content.decode()
    assert verbs() == []
