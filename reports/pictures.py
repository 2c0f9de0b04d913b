"""Photographs lose what they tell beside the picture: where and with what they were taken.

Only the way up is kept. The picture itself is not touched.
"""

import struct
from collections.abc import Iterator

_ORIENTATION = 0x0112
_APP0, _APP1, _APP2, _APP14, _APP15, _COMMENT = 0xE0, 0xE1, 0xE2, 0xEE, 0xEF, 0xFE
_SCAN, _END = 0xDA, 0xD9
_IN_SCAN = {0x00, *range(0xD0, 0xD8)}
"""After 0xFF within a scan: a byte of the picture, or a mark to start again from."""
_PNG_KEPT_OUT = {b"eXIf", b"tEXt", b"iTXt", b"zTXt", b"tIME"}
_PNG_HEAD = 8


def _scan_end(data: bytes, at: int) -> int:
    """Where the scan that runs from here ends: at the next marker of its own."""
    at = data.find(b"\xff", at)
    while 0 <= at < len(data) - 1 and data[at + 1] in _IN_SCAN:
        at = data.find(b"\xff", at + 2)
    return at if at >= 0 else len(data)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG, a scan with its picture, up to the end mark; not what hangs on."""
    at = 2
    while at < len(data):
        first, marker = struct.unpack(">BB", data[at : at + 2])
        if first != 0xFF:
            raise struct.error("no marker where one must stand")
        if marker == 0xFF:
            at += 1
            continue
        if marker == _END:
            yield marker, data[at : at + 2]
            return
        end = at + 2 + struct.unpack(">H", data[at + 2 : at + 4])[0]
        if marker == _SCAN:
            end = _scan_end(data, end)
        yield marker, data[at:end]
        at = end


def _tells_more(marker: int, segment: bytes) -> bool:
    """Whether a segment tells anything beside the picture, its size and its colours."""
    if marker == _APP2:
        return not segment[4:].startswith(b"ICC_PROFILE\0")
    is_known = marker in (_APP0, _APP14)
    return marker == _COMMENT or (_APP0 <= marker <= _APP15 and not is_known)


def _orientation(exif: bytes) -> int:
    """The way up (1 to 8) that an Exif segment tells; 1 where it tells none."""
    tiff = exif[10:]
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None or len(tiff) < 10:
        return 1
    start = struct.unpack(order + "I", tiff[4:8])[0]
    (count,) = struct.unpack(order + "H", tiff[start : start + 2] or b"\0\0")
    for entry in range(start + 2, start + 2 + 12 * count, 12):
        row = tiff[entry : entry + 12]
        if len(row) == 12 and struct.unpack(order + "H", row[:2])[0] == _ORIENTATION:
            value = struct.unpack(order + "H", row[8:10])[0]
            return value if value in range(1, 9) else 1
    return 1


def _exif(orientation: int) -> bytes:
    """An Exif segment that says only which way is up."""
    entry = struct.pack(">HHIHH", _ORIENTATION, 3, 1, orientation, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + b"\0\0\0\0"
    body = b"Exif\0\0" + tiff
    return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body


def _bare_jpeg(data: bytes) -> bytes:
    kept, orientation = [b"\xff\xd8"], 1
    for marker, segment in _segments(data):
        if marker == _APP1 and segment[4:10] == b"Exif\0\0":
            orientation = _orientation(segment)
        if not _tells_more(marker, segment):
            kept.append(segment)
    if orientation > 1:
        kept.insert(1, _exif(orientation))
    return b"".join(kept)


def _bare_png(data: bytes) -> bytes:
    kept, at = [data[:_PNG_HEAD]], _PNG_HEAD
    kind = b""
    while at < len(data) and kind != b"IEND":
        length = 12 + struct.unpack(">I", data[at : at + 4])[0]
        kind = data[at + 4 : at + 8]
        if kind not in _PNG_KEPT_OUT:
            kept.append(data[at : at + length])
        at += length
    return b"".join(kept)


def bare(data: bytes, content_type: str) -> bytes:
    """The same file without place, device and remarks, if it is a picture.

    Raises:
        struct.error: a picture whose inner lengths make no sense.
    """
    clean = {"image/jpeg": _bare_jpeg, "image/png": _bare_png}.get(content_type)
    return clean(data) if clean else data
