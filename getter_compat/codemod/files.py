"""Files read as they are encoded, and their text written the same way."""

from __future__ import annotations

import codecs
import io
import tokenize
from dataclasses import dataclass

from getter_compat.replacing import FileError as FileError


@dataclass(frozen=True)
class Source:
    """The text of a file, and what is needed to write it back the same way."""

    data: bytes
    text: str
    encoding: str
    bom: bytes

    def encoded(self, text: str) -> bytes:
        """Another text, as this file would hold it."""
        try:
            return self.bom + text.encode(self.encoding)
        except UnicodeEncodeError as error:
            raise FileError(f"the rewrite does not fit the encoding {self.encoding}") from error


def decode(data: bytes) -> Source:
    """Read bytes as Python would: byte-order mark, encoding cookie, else UTF-8."""
    if b"\0" in data:
        raise FileError("holds NUL bytes, so it is no Python source")
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except SyntaxError as error:
        raise FileError(f"unknown encoding: {error.msg}") from None
    encoding = "utf-8" if encoding == "utf-8-sig" else encoding
    try:
        text = data[len(bom) :].decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise FileError(f"line {line} is not {encoding}: {error.reason}") from None
    return Source(data, text, encoding, bom)
