"""Unpack bodies that servers compressed, in pieces and within bounds: gzip, deflate, Brotli, Zstandard."""

from __future__ import annotations

import re
import sys
import zlib
from collections.abc import Callable, Iterator, Mapping
from typing import Protocol

import brotli

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

ACCEPT_ENCODING = "gzip, deflate, br, zstd"
_MAX_LAYERS = 3  # honest servers need one, and two by mistake
_MAX_STREAMS = 100  # one after the other in one body; every further one costs a copy of what is left
_STEP = 2**16  # bytes unpacked before their sum is looked at
# RFC 9659, section 3: no window above 8 MiB, or else a small frame could ask us for gigabytes.
_ZSTD_OPTIONS: dict[int, int] = {zstd.DecompressionParameter.window_log_max: 23}
_GZIP = b"\x1f\x8b"
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class UnpackError(Exception):
    """The body cannot be unpacked, or there is too much of it; the text says which."""


class Unpacker:
    """Gathers a body of at most *most* bytes, packed as *encoding*, the header Content-Encoding, says.

    A text that is not packed in spite of that header is taken as it is, and what is gzip still is unpacked once
    more: both are usual where two programs of one server mean to compress.
    """

    def __init__(self, encoding: str, *, most: int) -> None:
        names = [name for name in re.split(r"[\s,]+", encoding.lower()) if name not in ("", "identity")]
        if len(names) > _MAX_LAYERS:
            raise UnpackError(f"compressed {len(names)} times over")
        self._most = most
        # They are named in the order in which they were applied (RFC 9110, section 8.4).
        self._layers = [_Layer(name, most) for name in reversed(names) if name in _DECODERS]
        # Some servers write a charset there.
        self._unknown = [name for name in names if name not in _DECODERS]
        self._content = bytearray()

    def feed(self, piece: bytes) -> None:
        """Take the next bytes from the wire. Raise `UnpackError` as soon as too much comes out of them."""
        self._push(piece, 0)

    def end(self) -> bytes:
        """Return the body. Raise `UnpackError` when its end is missing."""
        for depth, layer in enumerate(self._layers):
            self._push(layer.end(), depth + 1)
        content = bytes(self._content)
        if content.startswith(_GZIP):
            layer = _Layer("gzip", self._most)
            content = b"".join(layer.unpack(content)) + layer.end()
        if self._unknown and not _is_text(content):
            raise UnpackError(f"compressed as {self._unknown[0][:40]!r}, for which we did not ask")
        return content

    def _push(self, piece: bytes, depth: int) -> None:
        if depth < len(self._layers):
            for unpacked in self._layers[depth].unpack(piece):
                self._push(unpacked, depth + 1)
            return
        self._content += piece
        if len(self._content) > self._most:
            raise UnpackError(f"larger than {say_size(self._most)}")


def say_size(count: int) -> str:
    """Return a number of bytes in words.

    >>> say_size(8 * 2**20)
    '8 MiB'
    """
    for unit, size in (("MiB", 2**20), ("KiB", 2**10)):
        if count >= size:
            return f"{count / size:g} {unit}"
    return f"{count} bytes"


class _Decoder(Protocol):
    """One way to unpack. What comes out comes in pieces of about `_STEP` bytes, however far the input expands."""

    def unpack(self, data: bytes) -> Iterator[bytes]: ...

    @property
    def ended(self) -> bool: ...


class _Layer:
    """One coding of a body. Each layer counts for itself, as a bomb may lie inside another."""

    def __init__(self, name: str, most: int) -> None:
        self._name = name
        self._most = most
        self._given = 0
        self._taken = b""  # while nothing came out: it may be no packed body at all
        self._decoder: _Decoder | None = None

    def unpack(self, piece: bytes) -> Iterator[bytes]:
        if not piece:
            return
        if self._decoder is None:
            self._decoder = _DECODERS[self._name](piece)
        if not self._given:
            self._taken += piece
        try:
            for unpacked in self._decoder.unpack(piece):
                self._given += len(unpacked)
                if self._given > self._most:
                    raise UnpackError(f"larger than {say_size(self._most)} when unpacked")
                yield unpacked
        except (zlib.error, brotli.error, zstd.ZstdError) as error:
            if self._given or not self._may_be_plain():
                raise UnpackError(f"not compressed as it says ({self._name})") from error
            self._decoder = _Plain()
            self._given = len(self._taken)
            yield self._taken

    def _may_be_plain(self) -> bool:
        # gzip under another name is unpacked when all layers are off.
        return _is_text(self._taken) or ("gzip" not in self._name and self._taken.startswith(_GZIP))

    def end(self) -> bytes:
        """Return what is left, where it turns out at the end only that nothing was packed."""
        if self._decoder is None or self._decoder.ended:
            return b""
        # The first bytes of plain text, or of gzip, may read like the beginning of an endless Brotli.
        if self._given or not self._may_be_plain():
            raise UnpackError(f"the answer broke off: the end of its {self._name} is missing")
        return self._taken


class _Plain:
    """What was said to be packed, and is not."""

    ended = True

    def unpack(self, data: bytes) -> Iterator[bytes]:
        yield data


class _Zlib:
    """gzip (RFC 1952), in one stream or several, and deflate."""

    def __init__(self, wbits: int) -> None:
        self._wbits = wbits
        self._streams = 1
        self._stream = zlib.decompressobj(wbits)

    def unpack(self, data: bytes) -> Iterator[bytes]:
        unpacked = b""
        # With no input left, there may still be output that had no room in the last step.
        while data or len(unpacked) == _STEP:
            if self._stream.eof:
                if not data or not _GZIP.startswith(data[:2]):
                    return  # browsers pass over what lies behind the end, too
                self._streams += 1
                if self._streams > _MAX_STREAMS:
                    raise UnpackError(f"compressed in more than {_MAX_STREAMS} parts")
                self._stream = zlib.decompressobj(self._wbits)
            unpacked = self._stream.decompress(data, _STEP)
            data = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            if unpacked:
                yield unpacked

    @property
    def ended(self) -> bool:
        return self._stream.eof


class _Brotli:
    """Brotli (RFC 7932)."""

    def __init__(self) -> None:
        self._stream = brotli.Decompressor()

    def unpack(self, data: bytes) -> Iterator[bytes]:
        if self._stream.is_finished():
            return
        unpacked = self._stream.process(data, output_buffer_limit=_STEP)
        # It may take all of the input and still have more to give than it was allowed to.
        while unpacked or not self._stream.can_accept_more_data():
            yield unpacked
            if self._stream.is_finished():
                return
            unpacked = self._stream.process(b"", output_buffer_limit=_STEP)

    @property
    def ended(self) -> bool:
        return bool(self._stream.is_finished())


class _Zstd:
    """Zstandard (RFC 8878), in one frame or several."""

    def __init__(self) -> None:
        self._frames = 1
        self._frame = zstd.ZstdDecompressor(options=_ZSTD_OPTIONS)

    def unpack(self, data: bytes) -> Iterator[bytes]:
        while data or not (self._frame.needs_input or self._frame.eof):
            if self._frame.eof:
                self._frames += 1
                if self._frames > _MAX_STREAMS:
                    raise UnpackError(f"compressed in more than {_MAX_STREAMS} parts")
                self._frame = zstd.ZstdDecompressor(options=_ZSTD_OPTIONS)
            yield self._frame.decompress(data, _STEP)
            data = self._frame.unused_data if self._frame.eof else b""

    @property
    def ended(self) -> bool:
        return self._frame.eof


def _deflate(piece: bytes) -> _Decoder:
    # The standard means zlib's wrapper (RFC 1950), and some servers leave it out. Its first byte names the method, 8;
    # a bare stream (RFC 1951) that begins so would have rubbish in its padding.
    return _Zlib(zlib.MAX_WBITS if piece[0] & 0x0F == 8 else -zlib.MAX_WBITS)


# By the name in Content-Encoding: what makes a decoder for a body that begins with these bytes.
_DECODERS: Mapping[str, Callable[[bytes], _Decoder]] = {
    "gzip": lambda _: _Zlib(16 + zlib.MAX_WBITS),
    "x-gzip": lambda _: _Zlib(16 + zlib.MAX_WBITS),  # RFC 9110, section 8.4.1.3
    "deflate": _deflate,
    "br": lambda _: _Brotli(),
    "zstd": lambda _: _Zstd(),
}


def _is_text(data: bytes) -> bool:
    """Return whether *data* begins as a text does: of UTF-16, or without control characters."""
    return data.startswith((b"\xff\xfe", b"\xfe\xff")) or not _CONTROL.search(data, 0, 64)
