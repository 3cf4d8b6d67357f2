"""Addresses of servers as operators write them."""

from __future__ import annotations

import pytest

from config import env


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("redis://host:6379", "redis://host:6379/2"),
        ("redis://host:6379/", "redis://host:6379/2"),
        ("redis://:secret@host:6379/0", "redis://:secret@host:6379/2"),
        ("rediss://host:6380/0?ssl_cert_reqs=required", "rediss://host:6380/2?ssl_cert_reqs=required"),
        ("unix:///run/valkey.sock", "unix:///run/valkey.sock?db=2"),
    ],
)
def test_a_redis_address_gets_the_database_that_is_asked_for(url, expected):
    assert env.redis(url, 2) == expected
