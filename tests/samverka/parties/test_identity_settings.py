"""What a party may state of its identity provider: a named host with TLS, and real domains."""

from __future__ import annotations

import pytest

from samverka.core.errors import Refused
from samverka.parties import identity


@pytest.mark.parametrize(
    "issuer",
    [
        "http://login.berg.exempel.se", "https://127.0.0.1", "https://[::1]/x", "https://169.254.169.254/latest",
        "https://localhost", "https://intranet", "https://a:b@login.berg.se", "https://login.berg.se/?x=1",
        "https://login.berg.se/#x", "ftp://login.berg.se", "https://2130706433", "https://login.berg.se:x", "https://[",
        "http://127.0.0.1:80",
    ],
)  # fmt: skip
def test_an_issuer_is_a_named_host_with_tls(issuer: str) -> None:
    """The site asks no address within its own network."""
    with pytest.raises(Refused, match="Utfärdare"):
        identity.issuer_address(issuer)


def test_an_issuer_keeps_its_path() -> None:
    """Providers have a path for each customer."""
    assert identity.issuer_address(" https://login.berg.se/t/v2/ ") == "https://login.berg.se/t/v2"


def test_the_address_of_a_description_is_taken_for_its_issuer() -> None:
    """It is what providers show; kept whole, the issuer that a token states would never be it, and nobody let in."""
    shown = "https://login.berg.se/t/v2/.well-known/openid-configuration"
    assert identity.issuer_address(shown) == identity.issuer_address(f"{shown}/") == "https://login.berg.se/t/v2"


@pytest.mark.parametrize("domains", ["", " , ", "*", "berg", "berg.se; krokom.se", "a@berg.se"])
def test_domains_are_domains(domains: str) -> None:
    """A star or nothing would let every address in."""
    with pytest.raises(Refused):
        identity.email_domains(domains)
    assert identity.email_domains("@Berg.se, krokom.se,berg.se") == ["berg.se", "krokom.se"]
