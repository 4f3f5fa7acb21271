"""Unpacking what servers compressed."""

from __future__ import annotations

import gzip
import random
import sys
import zlib

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.edges.unpack import ACCEPT_ENCODING, Unpacker, UnpackError, say_size

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

RSS = "<rss version='2.0'><channel><title>Tin tức</title></channel></rss>".encode()
NOISE = random.Random(3).randbytes(100_000)


def bare_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


PACKERS = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
    "identity": bytes,
    "": bytes,
}


def unpack(data: bytes, encoding: str, *, most: int = 2**20, piece: int = 2**16) -> bytes:
    unpacker = Unpacker(encoding, most=most)
    for at in range(0, len(data), piece):
        unpacker.feed(data[at : at + piece])
    return unpacker.end()


def test_all_that_is_asked_for_can_be_unpacked():
    assert set(ACCEPT_ENCODING.split(", ")) < set(PACKERS)


@pytest.mark.parametrize("encoding", PACKERS)
@pytest.mark.parametrize("content", [RSS, RSS * 3000, NOISE], ids=["short", "repeating", "noise"])
def test_unpacks_what_was_packed_however_it_is_cut(encoding, content):
    packed = PACKERS[encoding](content)

    for piece in (max(1, len(packed) // 500), 4096, 2**16, 2**20):
        assert unpack(packed, encoding, piece=piece) == content


@pytest.mark.parametrize(
    ("encoding", "packed"),
    [
        pytest.param("GZIP", gzip.compress(RSS), id="in capitals"),
        pytest.param("deflate", bare_deflate(RSS), id="deflate without its wrapper"),
        pytest.param("gzip", gzip.compress(RSS[:20]) + gzip.compress(RSS[20:]), id="gzip in two streams"),
        pytest.param("zstd", zstd.compress(RSS[:20]) + zstd.compress(RSS[20:]), id="Zstandard in two frames"),
        pytest.param("gzip", gzip.compress(RSS) + b"\0\0\0", id="something behind the end"),
        pytest.param("gzip, br", brotli.compress(gzip.compress(RSS)), id="two codings, in their order"),
        pytest.param("gzip", gzip.compress(gzip.compress(RSS)), id="gzip twice, told once"),
        pytest.param("", gzip.compress(RSS), id="gzip, not told"),
        pytest.param("br", gzip.compress(RSS), id="gzip, told as Brotli"),
        pytest.param("gzip", RSS, id="plain, told as gzip"),
        pytest.param("deflate", RSS, id="plain, told as deflate"),
        pytest.param("br", RSS, id="plain, told as Brotli"),
        pytest.param("zstd", RSS, id="plain, told as Zstandard"),
        pytest.param("utf-8", RSS, id="a charset in its place"),
    ],
)
@pytest.mark.parametrize("piece", [5, 2**16])
def test_unpacks_what_servers_get_wrong(encoding, packed, piece):
    assert unpack(packed, encoding, piece=piece) == RSS


@pytest.mark.parametrize("encoding", PACKERS)
def test_takes_nothing_for_nothing(encoding):
    assert unpack(b"", encoding) == b""


def test_takes_a_plain_text_in_utf_16():
    text = "<rss/>".encode("utf-16")

    assert unpack(text, "gzip") == text


@pytest.mark.parametrize(
    ("encoding", "packed", "why"),
    [
        pytest.param("gzip", b"\0\1\2\3", "not compressed as it says (gzip)", id="neither packed nor plain"),
        pytest.param("br", b"\xff" * 9 + b"\0", "not compressed as it says (br)", id="no Brotli"),
        pytest.param(
            "gzip", gzip.compress(NOISE)[:-90], "the answer broke off: the end of its gzip is missing", id="cut gzip"
        ),
        pytest.param(
            "br", brotli.compress(RSS)[:-9], "the answer broke off: the end of its br is missing", id="cut br"
        ),
        pytest.param(
            "zstd", zstd.compress(NOISE)[:-9], "the answer broke off: the end of its zstd is missing", id="cut zstd"
        ),
        pytest.param(
            "gzip", gzip.compress(NOISE)[:-8] + bytes(8), "not compressed as it says (gzip)", id="another checksum"
        ),
        pytest.param(
            "compress", b"\x1f\x9d\x90\0", "compressed as 'compress', for which we did not ask", id="compress"
        ),
        pytest.param("gzip, " * 9, b"", "compressed 9 times over", id="nine layers"),
        pytest.param("gzip", gzip.compress(b"") * 200, "compressed in more than 100 parts", id="many small streams"),
        pytest.param("zstd", zstd.compress(b"") * 200, "compressed in more than 100 parts", id="many small frames"),
        pytest.param("", bytes(1001), "larger than 1000 bytes", id="too much"),
        pytest.param("gzip", gzip.compress(bytes(1001)), "larger than 1000 bytes when unpacked", id="too much gzip"),
        pytest.param(
            "zstd",
            zstd.compress(bytes(2**25), options={zstd.CompressionParameter.window_log: 25}),
            "not compressed as it says (zstd)",
            id="a frame that asks for more memory than the standard allows",
        ),
    ],
)
def test_says_why_it_cannot_unpack(encoding, packed, why):
    with pytest.raises(UnpackError) as caught:
        unpack(packed, encoding, most=1000 if "1000" in why else 2**20)

    assert str(caught.value) == why


@given(st.sampled_from(sorted(PACKERS)), st.binary(max_size=300))
def test_whatever_the_bytes_are_it_unpacks_them_or_says_why_not(encoding, data):
    try:
        content = unpack(data, encoding, most=1000)
    except UnpackError as error:
        content = str(error).encode()

    assert len(content) <= 1000


@pytest.mark.parametrize(("count", "words"), [(512, "512 bytes"), (1536, "1.5 KiB"), (8 * 2**20, "8 MiB")])
def test_says_sizes_as_people_do(count, words):
    assert say_size(count) == words
