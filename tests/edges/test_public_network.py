"""Which addresses are public."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from syndicator.edges.public_network import PrivateAddressError, is_public, open_public_socket


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("0.0.0.0", id="unspecified"),
        pytest.param("10.1.2.3", id="private"),
        pytest.param("100.64.0.1", id="behind a provider's NAT"),
        pytest.param("100.127.255.255", id="its last one"),
        pytest.param("127.0.0.53", id="loopback"),
        pytest.param("169.254.169.254", id="link-local, where clouds keep secrets"),
        pytest.param("172.31.255.255", id="private, the last of it"),
        pytest.param("192.0.0.8", id="of a protocol"),
        pytest.param("192.168.1.1", id="private, at home"),
        pytest.param("198.19.0.1", id="of a benchmark"),
        pytest.param("203.0.113.5", id="of an example"),
        pytest.param("224.0.0.1", id="multicast"),
        pytest.param("240.0.0.1", id="reserved"),
        pytest.param("255.255.255.255", id="broadcast"),
        pytest.param("::", id="unspecified of IPv6"),
        pytest.param("::1", id="loopback of IPv6"),
        pytest.param("::7f00:1", id="IPv4-compatible"),
        pytest.param("::ffff:10.0.0.1", id="mapped into IPv6"),
        pytest.param("64:ff9b::10.0.0.1", id="translated to IPv4"),
        pytest.param("64:ff9b:1::1", id="translated within a network"),
        pytest.param("100::1", id="discarded"),
        pytest.param("2001::1", id="Teredo to nowhere"),
        pytest.param("2001:0:808:808::f5ff:fffe", id="Teredo to 10.0.0.1"),
        pytest.param("2001:db8::1", id="of an example of IPv6"),
        pytest.param("2002:a00:1::1", id="6to4 of 10.0.0.1"),
        pytest.param("3fff::1", id="of another example"),
        pytest.param("4000::1", id="not given to anybody"),
        pytest.param("fc00::1", id="unique local"),
        pytest.param("fd12:3456::1", id="unique local, made at random"),
        pytest.param("fe80::1", id="link-local of IPv6"),
        pytest.param("fec0::1", id="site-local"),
        pytest.param("ff02::1", id="multicast of IPv6"),
    ],
)
def test_is_not_public(address):
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("8.8.8.8", id="of IPv4"),
        pytest.param("100.63.255.255", id="just before a provider's NAT"),
        pytest.param("100.128.0.0", id="just behind it"),
        pytest.param("172.32.0.0", id="just behind a private network"),
        pytest.param("2606:4700::1", id="of IPv6"),
        pytest.param("::ffff:8.8.8.8", id="mapped into IPv6"),
        pytest.param("64:ff9b::808:808", id="translated to IPv4"),
        pytest.param("2002:808:808::1", id="6to4 of it"),
    ],
)
def test_is_public(address):
    assert is_public(ip_address(address))


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_whatever_carries_an_address_is_as_public_as_that(address):
    number = int(address)
    carriers = [
        IPv6Address(0xFFFF_0000_0000 | number),
        IPv6Address(0x0064_FF9B << 96 | number),
        IPv6Address(0x2002 << 112 | number << 80 | 1),
    ]

    assert [is_public(carrier) for carrier in carriers] == [is_public(address)] * 3


@given(st.integers(0, 2**32 - 1).map(IPv4Address) | st.integers(0x2 << 124, (0x4 << 124) - 1).map(IPv6Address))
def test_what_python_calls_private_or_special_is_not_public(address):
    special = address.is_private or address.is_multicast or address.is_reserved or address.is_link_local

    assert not (special and is_public(address))


def test_no_socket_is_opened_to_a_private_address():
    with pytest.raises(PrivateAddressError) as caught:
        open_public_socket((socket.AF_INET6, socket.SOCK_STREAM, 0, "", ("fe80::1%eth0", 80, 0, 2)))

    assert caught.value.address == "fe80::1%eth0"


def test_a_socket_is_opened_to_an_address_that_is_known():
    info = (socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", 8080))

    with open_public_socket(info, known={("127.0.0.1", 8080)}) as opened:
        assert opened.family == socket.AF_INET
    with pytest.raises(PrivateAddressError):
        open_public_socket(info, known={("127.0.0.1", 8081)})
