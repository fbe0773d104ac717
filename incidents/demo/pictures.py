"""Pictures for demonstration cases: drawn, plainly labelled as such, and different before and after."""

import io
import random

from PIL import Image, ImageDraw

SIZE = (960, 720)


def street_corner(seed: int, *, mended: bool) -> bytes:
    """A JPEG of a drawn street corner, with something lying on the pavement unless it was `mended`."""
    rng = random.Random(seed)
    image = Image.new("RGB", SIZE, (196 - rng.randrange(30), 214, 230))
    draw = ImageDraw.Draw(image)
    _houses(draw, rng)
    draw.rectangle((0, 470, 960, 560), fill=(170, 166, 158))
    for x in range(0, 960, 60):
        draw.line((x, 470, x - 30, 560), fill=(150, 146, 138), width=2)
    draw.rectangle((0, 560, 960, 720), fill=(84, 86, 92))
    for x in range(20, 960, 160):
        draw.rectangle((x, 634, x + 80, 644), fill=(226, 226, 214))
    _tree(draw, 120 + rng.randrange(600))
    if not mended:
        _matter(draw, rng)
    draw.rectangle((0, 0, 960, 34), fill=(28, 42, 58))
    draw.text((14, 6), "YIWANG DEMONSTRATION PICTURE", fill=(235, 240, 245), font_size=20)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def _houses(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    x = 0
    while x < 960:
        width, top = rng.randrange(120, 220), rng.randrange(90, 300)
        tone = rng.randrange(140, 200)
        draw.rectangle((x, top, x + width, 470), fill=(tone, tone - 12, tone - 30))
        for wx in range(x + 16, x + width - 30, 40):
            for wy in range(top + 20, 440, 52):
                draw.rectangle((wx, wy, wx + 22, wy + 30), fill=(96, 118, 138))
        x += width


def _tree(draw: ImageDraw.ImageDraw, x: int) -> None:
    draw.rectangle((x, 330, x + 16, 480), fill=(104, 78, 56))
    draw.ellipse((x - 70, 200, x + 86, 360), fill=(74, 124, 70))


def _matter(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    x = 420 + rng.randrange(200)
    for _ in range(26):
        dx, dy, r = rng.randrange(-90, 90), rng.randrange(-24, 30), rng.randrange(10, 34)
        colour = rng.choice([(60, 58, 54), (120, 96, 60), (46, 78, 120), (150, 60, 50)])
        draw.rectangle((x + dx, 520 + dy, x + dx + r, 520 + dy + r), fill=colour)
    draw.ellipse((x - 130, 450, x + 150, 590), outline=(208, 40, 40), width=5)
