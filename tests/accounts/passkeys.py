"""A passkey made of software: answers as a browser and its authenticator would."""

import hashlib
import json
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import (
    Aaguid,
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

FLAG = AuthenticatorData.FLAG


class SoftwarePasskey:
    def __init__(self, host):
        self.host = host
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.pk = secrets.token_bytes(16)
        self.owner = ""

    def create(self, options):
        """The answer to `navigator.credentials.create`, as the page sends it."""
        self.owner = options["publicKey"]["user"]["id"]
        credential = AttestedCredentialData.create(
            Aaguid.NONE, self.pk, ES256.from_cryptography_key(self.key.public_key())
        )
        data = self._data(FLAG.UP | FLAG.UV | FLAG.AT, credential)
        return self._answer(
            self._client_data("webauthn.create", options),
            attestationObject=AttestationObject.create("none", data, {}),
        )

    def get(self, options):
        """The answer to `navigator.credentials.get`."""
        client_data = self._client_data("webauthn.get", options)
        data = self._data(FLAG.UP | FLAG.UV)
        signature = self.key.sign(data + client_data.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(client_data, authenticatorData=data, signature=signature, userHandle=self.owner)

    def _data(self, flags, credential=b""):
        return AuthenticatorData.create(hashlib.sha256(self.host.encode()).digest(), flags, 0, credential)

    def _client_data(self, kind, options):
        return CollectedClientData.create(kind, options["publicKey"]["challenge"], f"http://{self.host}")

    def _answer(self, client_data, **response):
        parts = {"clientDataJSON": client_data, **response}
        return json.dumps(
            {
                "type": "public-key",
                "id": websafe_encode(self.pk),
                "rawId": websafe_encode(self.pk),
                "response": {
                    name: part if isinstance(part, str) else websafe_encode(part) for name, part in parts.items()
                },
                "clientExtensionResults": {"credProps": {"rk": True}},
            }
        )
