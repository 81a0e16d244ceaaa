"""The stand-alone verifier's own Ed25519, against the ``cryptography`` package."""

from __future__ import annotations

import random

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from samverka.journal import verifier

#: RFC 8032, section 7.1, TEST 3.
RFC_KEY = bytes.fromhex("fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025")
RFC_TEXT = bytes.fromhex("af82")
RFC_SIGNATURE = bytes.fromhex(
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
)


def by_cryptography(text: bytes, signature: bytes, key: bytes) -> bool:
    """What the package says."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def test_the_example_of_the_rfc() -> None:
    """A known key, text and signature; not with another text."""
    assert verifier.signed(RFC_TEXT, RFC_SIGNATURE, RFC_KEY)
    assert not verifier.signed(b"\xaf\x83", RFC_SIGNATURE, RFC_KEY)


def test_it_agrees_with_cryptography() -> None:
    """On true signatures, and on every kind of damage to text, signature and key."""
    dice = random.Random(8032)
    for _ in range(12):
        private = Ed25519PrivateKey.from_private_bytes(dice.randbytes(32))
        key, text = private.public_key().public_bytes_raw(), dice.randbytes(dice.randrange(200))
        signature = private.sign(text)
        assert verifier.signed(text, signature, key)
        place = dice.randrange(64)
        damaged = signature[:place] + bytes([signature[place] ^ 1 << dice.randrange(8)]) + signature[place + 1 :]
        other = key[:-1] + bytes([key[-1] ^ 1])
        for case in ((text + b"x", signature, key), (text, damaged, key), (text, signature, other)):
            assert verifier.signed(*case) is by_cryptography(*case) is False


@pytest.mark.parametrize(
    ("signature", "key"),
    [
        (RFC_SIGNATURE[:63], RFC_KEY),
        (RFC_SIGNATURE + b"\0", RFC_KEY),
        (RFC_SIGNATURE, RFC_KEY[:31]),
        (RFC_SIGNATURE, b"\xff" * 32),  # y is not below p
        (RFC_SIGNATURE, (2).to_bytes(32, "little")),  # no x has that y
        (RFC_SIGNATURE[:32] + bytes(32), RFC_KEY),
        (b"\xff" * 32 + RFC_SIGNATURE[32:], RFC_KEY),
        # the same signature with the group's order added to s: malleable, and refused
        (
            RFC_SIGNATURE[:32] + (int.from_bytes(RFC_SIGNATURE[32:], "little") + verifier.ORDER).to_bytes(32, "little"),
            RFC_KEY,
        ),
    ],
)
def test_what_is_not_in_form_is_no_signature(signature: bytes, key: bytes) -> None:
    """Wrong lengths, points that are none, and numbers out of range: no exception, no."""
    assert not verifier.signed(RFC_TEXT, signature, key)


def test_a_check_that_only_compares_y_is_caught() -> None:
    """The broken twin: without comparing x, the negated points pass as well. Ours refuses them."""
    public = verifier.point_of(RFC_KEY)
    assert public is not None
    negated = RFC_KEY[:-1] + bytes([RFC_KEY[-1] ^ 128])
    assert verifier.point_of(negated) == (verifier.P - public[0], public[1], 1, (verifier.P - public[3]) % verifier.P)
    assert not verifier.signed(RFC_TEXT, RFC_SIGNATURE, negated)
    mirrored = RFC_SIGNATURE[:31] + bytes([RFC_SIGNATURE[31] ^ 128]) + RFC_SIGNATURE[32:]
    assert not verifier.signed(RFC_TEXT, mirrored, RFC_KEY)
