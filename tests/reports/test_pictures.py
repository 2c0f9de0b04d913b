"""Photographs lose place, device and remarks; the picture and the way up stay as they were."""

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports import pictures
from reports.pictures import bare

CANARY = b"GPS 41.3275 N 19.8187 E by Canary"
SIZE = b"\x08\0\x10\0\x10\x01\x01\x11\0"
HEAD, END = b"\xff\xd8", b"\xff\xd9"


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def exif(orientation: int | None, order: str = ">", more: int = 0) -> bytes:
    """An Exif segment as a camera writes it: the place, and which way is up."""
    mark = b"MM\0*" if order == ">" else b"II*\0"
    rows = [struct.pack(order + "HHIHH", 0x010F, 2, 1, 65, 0)] * more
    if orientation is not None:
        rows.append(struct.pack(order + "HHIHH", 0x0112, 3, 1, orientation, 0))
    table = struct.pack(order + "H", len(rows)) + b"".join(rows) + b"\0" * 4
    body = mark + struct.pack(order + "I", 8) + table + CANARY
    return segment(0xE1, b"Exif\0\0" + body)


JFIF = segment(0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0")
COLOURS = segment(0xE2, b"ICC_PROFILE\0\x01\x01 colours")
ADOBE = segment(0xEE, b"Adobe\0\x64\0\0\0\0\x01")
TABLES = segment(0xDB, b"\0" * 65) + segment(0xC0, SIZE) + segment(0xC4, b"\0" * 20)
SCAN = segment(0xDA, b"\x01\x01\0\0\x3f\0") + b"light and \xff\0 shade \xff\xd0 again \xff\xd7 end"
PICTURE = TABLES + SCAN + END

KEPT = [
    ("the bare picture", PICTURE),
    ("the frame", JFIF + PICTURE),
    ("the colours", JFIF + COLOURS + PICTURE),
    ("how colours are stored", ADOBE + PICTURE),
    ("several scans", TABLES + SCAN + segment(0xC4, b"\0" * 9) + SCAN + END),
    ("an interval of marks", segment(0xDD, b"\0\x04") + PICTURE),
]


@pytest.mark.parametrize("body", [row[1] for row in KEPT], ids=[row[0] for row in KEPT])
def test_what_is_needed_to_draw_it_stays_byte_for_byte(body: bytes) -> None:
    assert bare(HEAD + body, "image/jpeg") == HEAD + body


TOLD = [
    ("Exif", exif(None)),
    ("Exif of another camera", exif(None, "<", more=3)),
    ("XMP", segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + CANARY)),
    ("a list of pictures", segment(0xE2, b"MPF\0" + CANARY)),
    ("press data", segment(0xED, b"Photoshop 3.0\0" + CANARY)),
    ("a remark", segment(0xFE, CANARY)),
    *((f"part {n} of a maker", segment(0xE0 + n, CANARY)) for n in (3, 4, 5, 10, 11, 12, 15)),
]


@pytest.mark.parametrize("told", [row[1] for row in TOLD], ids=[row[0] for row in TOLD])
@pytest.mark.parametrize("place", ["before", "after the frame", "between scans", "behind the end"])
def test_what_tells_more_goes_wherever_it_stands(told: bytes, place: str) -> None:
    parts = {
        "before": (told + JFIF + PICTURE, JFIF + PICTURE),
        "after the frame": (JFIF + told + PICTURE, JFIF + PICTURE),
        "between scans": (TABLES + SCAN + told + SCAN + END, TABLES + SCAN + SCAN + END),
        "behind the end": (JFIF + PICTURE + told, JFIF + PICTURE),
    }
    given_, left = parts[place]
    found = bare(HEAD + given_, "image/jpeg")
    assert found == HEAD + left
    assert CANARY not in found


@pytest.mark.parametrize("order", [">", "<"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_way_up_is_kept_and_nothing_else_of_it(orientation: int, order: str) -> None:
    found = bare(HEAD + exif(orientation, order, more=2) + PICTURE, "image/jpeg")
    kept = b"" if orientation == 1 else found[2 : found.index(TABLES)]
    assert found == HEAD + kept + PICTURE
    assert len(kept) in (0, 36)
    if kept:
        assert pictures._orientation(kept) == orientation
    assert bare(found, "image/jpeg") == found


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_a_way_up_that_does_not_exist_is_dropped(orientation: int) -> None:
    assert bare(HEAD + exif(orientation) + PICTURE, "image/jpeg") == HEAD + PICTURE


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"XX\0*\0\0\0\x08",
        b"MM\0*",
        b"MM\0*\xff\xff\xff\xff",
        b"MM\0*\0\0\0\x08\xff\xff\x01\x12",
    ],
    ids=["empty", "no order of bytes", "cut short", "leads outside", "more rows than there are"],
)
def test_a_broken_exif_part_is_dropped_and_the_picture_stays(body: bytes) -> None:
    given_ = HEAD + segment(0xE1, b"Exif\0\0" + body) + PICTURE
    assert bare(given_, "image/jpeg") == HEAD + PICTURE


def test_bytes_that_fill_up_between_segments_are_passed_over() -> None:
    given_ = HEAD + b"\xff\xff\xff" + exif(None) + b"\xff" + PICTURE
    assert bare(given_, "image/jpeg") == HEAD + PICTURE


@pytest.mark.parametrize(
    "data",
    [HEAD + b"no marker", HEAD + b"\xff", HEAD + b"\xff\xe1", HEAD + JFIF + b"\0\0" + PICTURE],
    ids=["no marker", "half a marker", "no length", "something in between"],
)
def test_a_picture_whose_lengths_make_no_sense_is_refused(data: bytes) -> None:
    with pytest.raises(struct.error):
        bare(data, "image/jpeg")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


PNG = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", b"\0\0\0\x01" * 3 + b"\0")
DATA, PNG_END = chunk(b"IDAT", b"light"), chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", [b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"])
@pytest.mark.parametrize("place", ["before", "after", "behind"])
def test_a_drawing_loses_what_it_tells_beside_its_picture(kind: bytes, place: str) -> None:
    told = chunk(kind, CANARY)
    made = {
        "before": PNG + told + DATA + PNG_END,
        "after": PNG + DATA + told + PNG_END,
        "behind": PNG + DATA + PNG_END + told,
    }
    assert bare(made[place], "image/png") == PNG + DATA + PNG_END


@pytest.mark.parametrize("kind", [b"PLTE", b"tRNS", b"gAMA", b"iCCP", b"sRGB", b"pHYs"])
def test_a_drawing_keeps_its_colours_and_size(kind: bytes) -> None:
    made = PNG + chunk(kind, b"kept") + DATA + PNG_END
    assert bare(made, "image/png") == made


def test_a_drawing_that_is_cut_short_is_refused() -> None:
    with pytest.raises(struct.error):
        bare(PNG + b"\0\0", "image/png")


@pytest.mark.parametrize("kind", ["application/pdf", "text/csv", "image/gif", ""])
def test_what_is_no_photograph_stays_as_it_is(kind: str) -> None:
    data = HEAD + exif(6) + PICTURE
    assert bare(data, kind) is data


@given(st.lists(st.sampled_from([JFIF, COLOURS, *(row[1] for row in TOLD)]), max_size=6))
@settings(max_examples=60)
def test_any_mixture_of_segments_leaves_no_place(parts: list[bytes]) -> None:
    found = bare(HEAD + b"".join(parts) + PICTURE, "image/jpeg")
    assert found == HEAD + b"".join(p for p in parts if p in (JFIF, COLOURS)) + PICTURE


@given(st.binary(max_size=80), st.integers(0, 200), st.sampled_from(["image/jpeg", "image/png"]))
@settings(max_examples=200)
def test_damaged_bytes_are_refused_or_cleaned_and_end_in_nothing_else(
    noise: bytes, at: int, kind: str
) -> None:
    whole = HEAD + JFIF + exif(6) + PICTURE if kind == "image/jpeg" else PNG + DATA + PNG_END
    try:
        found = bare(whole[:at] + noise + whole[at:], kind)
    except struct.error:
        return
    assert len(found) <= len(whole) + len(noise) + 36
