"""Photos: judged by content, made anew without what they knew, kept once, and never in the wrong hands."""

import io
import struct
import zlib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import translation
from PIL import Image

from config.refusal import Refused
from incidents.choices import PhotoKind, State
from incidents.models import Incident, Photo
from incidents.photo_reading import MOST_PIXELS, PhotoRefused, examine, examine_all
from incidents.photos import add, files_kept_or_removed, remove_orphans
from incidents.report import report
from tests.incidents.photo_samples import Upload, encoded, exif, jpeg
from tests.incidents.town import Town, a_case, a_report, last_event, picture, step

SOUND = {
    "JPEG": encoded("JPEG"),
    "PNG": encoded("PNG"),
    "WEBP": encoded("WEBP"),
    "HEIF": encoded("HEIF"),
}


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


# --- reading --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", SOUND)
def test_each_kind_becomes_a_new_jpeg_with_a_small_one(kind: str) -> None:
    photo = examine(Upload(SOUND[kind], "whatever.exe"))
    assert opened(photo.jpeg).format == opened(photo.thumbnail).format == "JPEG"
    assert (photo.width, photo.height) == opened(photo.jpeg).size == (80, 60)
    assert photo.jpeg != SOUND[kind]


def test_a_large_photo_is_made_smaller_and_its_small_one_smaller_still() -> None:
    photo = examine(Upload(encoded(size=(4000, 1000)), "a.jpg"))
    assert (photo.width, photo.height) == opened(photo.jpeg).size == (2560, 640)
    assert opened(photo.thumbnail).size == (480, 120)


def test_position_and_time_are_taken_out_and_then_nothing_is_left_of_the_exif() -> None:
    photo = jpeg(gps=(117.205, 39.005), taken="2026:03:09 09:30:00")
    assert photo.position == pytest.approx((117.205, 39.005), abs=1e-6)
    assert photo.taken_at == datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
    for data in (photo.jpeg, photo.thumbnail):
        assert not opened(data).getexif()
        assert b"Phone of Somebody" not in data
        assert b"Exif" not in data


def test_a_cameras_own_offset_counts_and_the_south_and_west_are_negative() -> None:
    photo = jpeg(gps=(-70.5, -33.25), taken="2026:03:09 09:30:00", offset="-03:00")
    assert photo.position == pytest.approx((-70.5, -33.25), abs=1e-6)
    assert photo.taken_at == datetime(2026, 3, 9, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "gestern", "1970:01:01 00:00:00"])
def test_a_camera_that_does_not_know_the_time_says_nothing(taken: str) -> None:
    assert jpeg(taken=taken).taken_at is None


def test_a_position_that_cannot_be_is_no_position() -> None:
    assert jpeg(gps=(0.0, 0.0)).position is None
    assert jpeg(gps=(190.0, 39.0)).position is None


def test_a_photo_held_sideways_is_turned_upright() -> None:
    photo = jpeg(turned=6)  # the top is on the right: turn by 90 degrees
    assert (photo.width, photo.height) == (60, 80)
    upright = opened(photo.jpeg).convert("RGB")
    assert upright.getpixel((30, 10))[0] > 200  # type: ignore[index]
    assert upright.getpixel((30, 70))[2] > 200  # type: ignore[index]


def test_what_is_transparent_becomes_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(out, "PNG")
    photo = examine(Upload(out.getvalue(), "a.png"))
    assert opened(photo.jpeg).convert("RGB").getpixel((10, 10)) == (255, 255, 255)


# --- hostile -----------------------------------------------------------------------------------------


def bomb(width: int, height: int) -> bytes:
    """A PNG of some hundred bytes that says it is enormous."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\x00" * 100)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    )


HOSTILE: dict[str, tuple[bytes, str]] = {
    "a text file called .jpg": (b"Dear Sir or Madam, this is no photo at all.", "not_a_photo"),
    "nothing at all": (b"", "not_a_photo"),
    "a page": (b"<html><script>alert(1)</script></html>", "not_a_photo"),
    "a drawing with a script": (b"<svg xmlns='x'><script>alert(1)</script></svg>", "not_a_photo"),
    "a PDF": (b"%PDF-1.7 ...", "not_a_photo"),
    "an animation": (encoded("GIF"), "not_a_photo"),
    "a TIFF": (encoded("TIFF"), "not_a_photo"),
    "the first bytes of a JPEG only": (b"\xff\xd8\xff\xe0" + b"\x00" * 200, "photo_damaged"),
    "a JPEG cut short": (encoded(size=(600, 400), quality=95)[:-2500], "photo_damaged"),
    "a PNG cut short": (encoded("PNG", size=(600, 400))[:-200], "photo_damaged"),
    "a WebP cut short": (encoded("WEBP", size=(600, 400))[:-60], "photo_damaged"),
    "a HEIC cut short": (encoded("HEIF", size=(600, 400))[:-300], "photo_damaged"),
    "a movie called HEIC": (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 400, "photo_damaged"),
    "a bomb": (bomb(60_000, 60_000), "too_many_pixels"),
    "a smaller bomb": (bomb(9_000, MOST_PIXELS // 9_000 + 1), "too_many_pixels"),
    "a liar about its size": (bomb(500, 500), "photo_damaged"),
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_what_is_no_photo_is_refused_with_a_sentence(what: str, language: str) -> None:
    content, code = HOSTILE[what]
    with translation.override(language), pytest.raises(PhotoRefused) as no:
        examine(Upload(content, "../../etc/IMG_1.jpg"))
    assert no.value.code == code
    assert no.value.status == 422
    assert str(no.value).startswith("IMG_1.jpg: ")


@pytest.mark.parametrize("honest", [True, False])
def test_thirty_megabytes_are_too_many_whatever_the_sender_says_of_the_size(honest: bool) -> None:
    upload = Upload(SOUND["JPEG"] + b"\x00" * 30 * 2**20, "big.jpg")
    if not honest:
        upload.size = 10
    with translation.override("en"), pytest.raises(PhotoRefused) as no:
        examine(upload, "big.jpg")
    assert no.value.code == "photo_too_large"
    assert "20 MB" in str(no.value)


def test_good_photos_of_an_upload_are_kept_when_others_are_bad() -> None:
    files = [
        Upload(SOUND["PNG"], "one.png"), Upload(b"no", "two.jpg"), Upload(SOUND["WEBP"], "three.webp"),
        Upload(SOUND["JPEG"][:-20] + b"", "four.jpg"),
    ]  # fmt: skip
    sound, faults = examine_all(files)
    assert [photo.name for photo in sound][:2] == ["one.png", "three.webp"]
    assert "two.jpg" in str(faults[0])


def test_exif_that_is_nonsense_does_not_cost_the_photo() -> None:
    broken = encoded(exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff" + b"\x07" * 60)
    photo = examine(Upload(broken, "a.jpg"))
    assert (photo.position, photo.taken_at) == (None, None)


def test_a_photo_may_carry_a_script_behind_it_but_does_not_keep_it() -> None:
    photo = examine(Upload(SOUND["JPEG"] + b"<script>alert(1)</script>", "a.jpg"))
    assert b"script" not in photo.jpeg + photo.thumbnail


# --- keeping ---------------------------------------------------------------------------------------------


def stored() -> set[str]:
    root = Path(default_storage.location)  # type: ignore[attr-defined]
    return {str(file) for file in root.rglob("*") if file.is_file()}


@pytest.mark.django_db
def test_a_photo_is_added_with_an_event_and_a_name_that_says_nothing(here: Town) -> None:
    case = a_report(here, photos=())
    photo = add(
        number=case.number, by=here.worker, now=here.later(), kind="scene",
        photo=jpeg(gps=(117.2, 39.0)),
    )  # fmt: skip
    assert "IMG_1" not in str(photo.file.name)
    assert (photo.lon, photo.lat) == pytest.approx((117.2, 39.0), abs=1e-6)
    assert last_event(case).data["photo"] == photo.pk
    assert default_storage.exists(str(photo.file.name))
    assert default_storage.exists(str(photo.thumbnail.name))


@pytest.mark.django_db
def test_the_same_picture_sent_twice_is_kept_once(here: Town) -> None:
    case = a_report(here, photos=())
    first, second = (
        add(number=case.number, by=here.worker, now=here.later(), kind="scene", photo=picture())
        for _turn in range(2)
    )
    assert first == second
    assert case.photos.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("state", "name", "kind", "allowed"),
    [
        (State.REPORTED, "worker", "scene", True),
        (State.REPORTED, "worker", "after", True),
        (State.REPORTED, "clerk", "scene", True),
        (State.REPORTED, "chief", "scene", False),
        (State.HANDLING, "handler", "after", True),
        (State.HANDLING, "worker", "after", False),
        (State.HANDLING, "supervisor", "after", False),
        (State.FEEDBACK, "handler", "after", False),
        (State.VERIFYING, "worker", "check", True),
        (State.VERIFYING, "dispatcher", "check", False),
        (State.VERIFYING, "handler", "check", False),
        (State.CLOSED, "worker", "scene", False),
    ],
)
def test_who_adds_which_photo_and_when(
    here: Town, state: State, name: str, kind: str, allowed: bool
) -> None:
    case = a_case(here, state)
    facts: dict[str, Any] = {
        "number": case.number, "by": getattr(here, name), "now": here.later(), "kind": kind,
        "photo": picture("orange"),
    }  # fmt: skip
    if allowed:
        assert add(**facts).kind == kind
        return
    with pytest.raises(Refused) as no:
        add(**facts)
    assert no.value.status == 403


@pytest.mark.django_db
def test_an_outsider_adds_nothing_to_a_case_they_do_not_see(here: Town) -> None:
    case = a_report(here)
    with pytest.raises(Incident.DoesNotExist):
        add(
            number=case.number,
            by=here.foreign_clerk,
            now=here.later(),
            kind="scene",
            photo=picture(),
        )


@pytest.mark.django_db
def test_files_go_when_the_deed_they_belong_to_fails(here: Town) -> None:
    before = stored()

    def fail_after_a_report() -> None:
        with files_kept_or_removed(), transaction.atomic():
            photos = [picture("navy")]
            report(by=here.worker, now=here.later(), source="grid", text="井盖", photos=photos)
            assert len(stored() - before) == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_a_report()
    assert stored() == before
    assert not Photo.objects.exists()


@pytest.mark.django_db
def test_files_that_nobody_owns_are_swept_and_owned_ones_stay(here: Town) -> None:
    photo = a_report(here).photos.get()
    folder = Path(str(photo.file.name)).parent
    lost = Path(default_storage.location) / folder / "lost.jpg"  # type: ignore[attr-defined]
    lost.write_bytes(b"x")
    year, month, day = map(int, folder.parts[1:])
    remove_orphans(datetime(year, month, day, tzinfo=UTC).date())
    assert not lost.exists()
    assert default_storage.exists(str(photo.file.name))
    assert default_storage.exists(str(photo.thumbnail.name))
    assert remove_orphans(datetime(1999, 1, 1, tzinfo=UTC).date()) == 0


@pytest.mark.django_db
def test_a_check_photo_of_before_filing_does_not_pass_the_check_before_closing(here: Town) -> None:
    case = a_report(here, by=here.clerk, source="hotline")
    step(here, "precheck", case, here.clerk)
    add(number=case.number, by=here.worker, now=here.later(), kind=PhotoKind.CHECK, photo=picture())
    assert case.photos.get(kind="check").round == 0


def test_the_samples_say_what_cameras_say() -> None:
    assert exif(gps=(117.2, 39.0))
