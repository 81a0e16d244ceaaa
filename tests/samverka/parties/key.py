"""A security key in software: it registers and answers as WebAuthn asks (ES256, no attestation)."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

ORIGIN, HOST = "http://testserver", "testserver"


class SecurityKey:
    """One credential, for one site."""

    def __init__(self) -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.count = 0

    def registered(self, options: Any) -> str:
        """The answer to a registration's options, as the browser's script posts it."""
        public = ES256.from_cryptography_key(self.private.public_key())
        credential = AttestedCredentialData.create(bytes(16), self.id, public)
        signed = AttestationObject.create("none", self._stated(credential), {})
        client = self._client(CollectedClientData.TYPE.CREATE, options)
        return self._posted({"clientDataJSON": websafe_encode(client), "attestationObject": websafe_encode(signed)})

    def answered(self, options: Any) -> str:
        """The answer to a question's options."""
        stated, client = self._stated(), self._client(CollectedClientData.TYPE.GET, options)
        signature = self.private.sign(stated + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._posted({
            "clientDataJSON": websafe_encode(client), "authenticatorData": websafe_encode(stated),
            "signature": websafe_encode(signature),
        })  # fmt: skip

    def _stated(self, credential: bytes = b"") -> AuthenticatorData:
        flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV
        self.count += 1
        site = hashlib.sha256(HOST.encode()).digest()
        return AuthenticatorData.create(
            site, flags | AuthenticatorData.FLAG.AT if credential else flags, self.count, credential
        )

    def _client(self, kind: str, options: Any) -> CollectedClientData:
        return CollectedClientData.create(kind, options["publicKey"]["challenge"], ORIGIN)

    def _posted(self, response: dict[str, str]) -> str:
        name = websafe_encode(self.id)
        posted = {"id": name, "rawId": name, "type": "public-key", "response": response, "clientExtensionResults": {}}
        return json.dumps(posted)
