"""The guard: which network addresses may be dialled, decided on the address of the socket."""

import socket
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
# what older releases of the standard library take for public
_SPECIAL_4 = tuple(map(IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "100.64.0.0/10")))
_SPECIAL_6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))


class NotPublicError(OSError):
    """A connection was refused before it was begun: its address is not public."""

    def __init__(self, address: str) -> None:
        # one text for all, so that a host with several such addresses gives one error
        super().__init__("its address is not public")
        self.address = address


def is_public(address: str) -> bool:
    """Whether a network address is one of the public internet's.

    The addresses that IPv6 wraps around one of IPv4 (mapped, 6to4, NAT64) are
    judged by the one inside. Not public are all that the registries of special
    addresses (RFC 6890) say so of, besides multicast and what is reserved.

    :param address: an IPv4 or IPv6 address, as a socket has it.
    """
    try:
        ip = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return _is_public_4(ip) if isinstance(ip, IPv4Address) else _is_public_6(ip)


def _is_public_4(ip: IPv4Address) -> bool:
    special = ip.is_multicast or ip.is_reserved or any(ip in network for network in _SPECIAL_4)
    return ip.is_global and not special


def _is_public_6(ip: IPv6Address) -> bool:
    inside = ip.ipv4_mapped or ip.sixtofour
    if ip in _NAT64:
        inside = IPv4Address(ip.packed[-4:])
    if inside is not None:
        return _is_public_4(inside)
    return ip in _UNICAST and ip.is_global and not any(ip in network for network in _SPECIAL_6)


def guarded_socket(address_info: tuple[Any, ...]) -> socket.socket:
    """A socket for an address that is about to be dialled: aiohttp's ``socket_factory``.

    :raise NotPublicError: when it is not public.
    """
    family, kind, protocol, _, address = address_info
    check([address[0]])
    return socket.socket(family, kind, protocol)


def check(addresses: Iterable[str]) -> None:
    """Refuse a host that has any address which is not public.

    :raise NotPublicError: for the first that is not.
    """
    for address in addresses:
        if not is_public(address):
            raise NotPublicError(address)
