"""Where a request may go: never into the portal's own network, unless the operator allows a host.

The address is judged when the socket is opened, not when a name is looked up before: a name that answers differently
the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

from sources.connectors.problems import PrivateAddress


def is_allowed(host: str, address: str) -> bool:
    """Whether a connection to this address is fine: it is public, or the operator allows the host or address."""
    allowed = set(settings.CONNECTOR_PRIVATE_HOSTS)
    if host in allowed or address in allowed:
        return True
    ip = ipaddress.ip_address(address.split("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_global and not (mapped or ip).is_multicast


def check_peer(host: str, sock: socket.socket) -> None:
    """Errors: PrivateAddress, with the socket closed."""
    peer = sock.getpeername()
    address = peer[0] if isinstance(peer, tuple) else ""
    if not address or not is_allowed(host, address):
        sock.close()
        raise PrivateAddress(host=host)


class _Connection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()
        check_peer(self.host, sock)
        return sock


class _SecureConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()
        check_peer(self.host, sock)
        return sock


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = _SecureConnection


class GuardedAdapter(HTTPAdapter):
    """Opens connections to allowed addresses only; proxies of the environment are not asked."""

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **named: Any) -> None:
        self.poolmanager = PoolManager(num_pools=connections, maxsize=maxsize, block=block, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _SecurePool}
