"""Know which addresses are public, and open sockets to no others."""

from __future__ import annotations

import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any, TypeAlias

AddressInfo: TypeAlias = tuple[int, int, int, str, tuple[Any, ...]]  # as `socket.getaddrinfo` gives it

# The tables are our own, after IANA's special-purpose registries (RFC 6890): what `ipaddress` calls private or global
# differs between the versions of Python that we run on.
_NOT_PUBLIC_4 = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this host (RFC 791); Linux takes 0.0.0.0 for the loopback
        "10.0.0.0/8",  # private (RFC 1918)
        "100.64.0.0/10",  # behind a provider's NAT (RFC 6598)
        "127.0.0.0/8",  # loopback (RFC 1122)
        "169.254.0.0/16",  # link-local (RFC 3927); clouds keep their secrets at 169.254.169.254
        "172.16.0.0/12",  # private (RFC 1918)
        "192.0.0.0/24",  # protocols (RFC 6890)
        "192.0.2.0/24",  # examples (RFC 5737)
        "192.88.99.0/24",  # relays from 6to4 (RFC 7526)
        "192.168.0.0/16",  # private (RFC 1918)
        "198.18.0.0/15",  # benchmarks (RFC 2544)
        "198.51.100.0/24",  # examples (RFC 5737)
        "203.0.113.0/24",  # examples (RFC 5737)
        "224.0.0.0/4",  # multicast (RFC 5771)
        "240.0.0.0/4",  # reserved (RFC 1112), and the broadcast address
    )
)
# Of IPv6 only this is given to networks of the internet (RFC 4291, section 2.4). Outside lie the loopback, unique
# local, site-local, link-local and multicast addresses, and all that is reserved.
_GLOBAL_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocols (RFC 2928); Teredo, which lies in it, is looked into below
        "2001:db8::/32",  # examples (RFC 3849)
        "3fff::/20",  # examples (RFC 9637)
    )
)
# A translator's prefix (RFC 6052). Where a network has IPv6 only, its name service gives such addresses for all hosts
# that have IPv4 only, so that they may not all be refused.
_NAT64 = IPv6Network("64:ff9b::/96")


class PrivateAddressError(OSError):
    """The *address* to be connected to is not public.

    The text names no address, as several errors of one text stay of this type when a host has several addresses.
    """

    def __init__(self, address: str) -> None:
        super().__init__("an address of a private network")
        self.address = address


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether a host of the internet may have *address*; one that carries others in it is as these are.

    >>> is_public(ip_address("::ffff:10.0.0.1"))
    False
    """
    if isinstance(address, IPv4Address):
        return not any(address in network for network in _NOT_PUBLIC_4)
    if carried := _carried(address):
        return all(is_public(inner) for inner in carried)
    return address in _GLOBAL_6 and not any(address in network for network in _NOT_PUBLIC_6)


def _carried(address: IPv6Address) -> tuple[IPv4Address, ...]:
    """Return the IPv4 addresses to which packets for *address* may go in the end."""
    if address.ipv4_mapped:
        return (address.ipv4_mapped,)
    if address.sixtofour:
        return (address.sixtofour,)
    if address.teredo:
        return address.teredo
    return (IPv4Address(int(address) & 0xFFFF_FFFF),) if address in _NAT64 else ()


def open_public_socket(info: AddressInfo, *, known: Collection[tuple[str, int]] = ()) -> socket.socket:
    """Return a socket for *info*; raise `PrivateAddressError` for an address that is neither public nor *known*.

    This is called with the very address that is connected to next. So neither a name that leads to two addresses in
    turn, nor a spelling such as `0x7f.1`, gets past it.
    """
    family, kind, protocol, _, (address, port, *_) = info
    # A link-local address may carry its interface, `fe80::1%eth0`.
    if (address, port) not in known and not is_public(ip_address(address.partition("%")[0])):
        raise PrivateAddressError(address)
    return socket.socket(family, kind, protocol)
