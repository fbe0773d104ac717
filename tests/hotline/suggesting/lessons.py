"""Texts to learn from, and filings made of them."""

from datetime import timedelta
from itertools import cycle, islice

from accounts.models import Organisation
from hotline.suggesting.text_model import Labelled
from incidents.choices import Source, State
from incidents.models import Assignment, CatalogueItem, Incident
from tests.clocks.calendars import local

START = local("2026-03-09 09:00")
_PLACES = (
    "东门",
    "西门",
    "菜场旁",
    "学校对面",
    "三号楼下",
    "河边",
    "车站前",
    "公园里",
    "路口",
    "巷子里",
)
_SAID = {
    "010101": ("垃圾成堆没有人清理", "生活垃圾堆了一地发臭", "垃圾桶旁边都是剩饭剩菜"),
    "020101": ("井盖丢了怕人掉下去", "污水井的盖子不见了", "马路中间井口敞开很危险"),
}


def said(code: str, count: int) -> list[str]:
    """Different texts about one item."""
    texts = cycle(_SAID[code])
    return [f"{_PLACES[n % 10]}{n}号{text}" for n, text in enumerate(islice(texts, count))]


def lessons(each: int = 40) -> list[Labelled]:
    """As many texts of each of two items."""
    return [Labelled(code, text) for code in _SAID for text in said(code, each)]


def filings(
    each: int = 40, unit: Organisation | None = None, area: str = "120103001001001"
) -> None:
    """Filed cases; dispatched to `unit` and kept by it where one is given."""
    items = {item.code: item for item in CatalogueItem.objects.filter(version__status="active")}
    for code in _SAID:
        for n, text in enumerate(said(code, each)):
            at = START + timedelta(minutes=n)
            case = Incident.objects.create(
                number=f"T{code}{n:05d}",
                state=State.HANDLING if unit else State.FILED,
                source=Source.GRID,
                item=items[code],
                text=text,
                area_code=area,
                unit=unit,
                reported_at=at,
                filed_at=at,
                updated_at=at,
            )
            if unit:
                Assignment.objects.create(incident=case, unit=unit, lead=True, round=1, sent_at=at)
