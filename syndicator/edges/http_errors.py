"""Say in plain words why there is no answer."""

from __future__ import annotations

import errno
import os
import socket
import ssl

import aiohttp

from syndicator.edges.public_network import PrivateAddressError
from syndicator.edges.unpack import say_size

MAX_FIELD = 32 * 2**10  # bytes of one header line; content security policies of 10 KiB are usual by now
MAX_FIELDS = 256  # header lines; honest servers were met that send sixty

# OpenSSL's X509_V_ERR_… numbers.
_CERTIFICATE = {
    9: "is not valid yet",
    10: "expired",
    18: "is signed by itself",
    19: "is signed by an authority that we do not know",
    20: "is signed by an authority that we do not know, or the server leaves out an intermediate certificate",
    21: "is signed by an authority that we do not know, or the server leaves out an intermediate certificate",
    62: "is for another host",
    64: "is for another address",
}
# OpenSSL's names of errors. An alert is what the server says of us.
_TLS = {
    "UNSUPPORTED_PROTOCOL": "the server speaks only versions of TLS that are too old",
    "TLSV1_ALERT_PROTOCOL_VERSION": "the server speaks only versions of TLS that are too old",
    "WRONG_SSL_VERSION": "the server speaks only versions of TLS that are too old",
    "WRONG_VERSION_NUMBER": "the server does not speak TLS at this port",
    "HTTP_REQUEST": "the server does not speak TLS at this port",
    "SSLV3_ALERT_HANDSHAKE_FAILURE": "the server has no cipher in common with us",
    "NO_CIPHERS_AVAILABLE": "the server has no cipher in common with us",
    "DH_KEY_TOO_SMALL": "the server's keys are too short",
    "EE_KEY_TOO_SMALL": "the key of the certificate is too short",
    "UNSAFE_LEGACY_RENEGOTIATION_DISABLED": "the server is too old to renegotiate safely",
    "TLSV1_UNRECOGNIZED_NAME": "the server does not know this host",
}


_NO_WAY = frozenset({errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EADDRNOTAVAIL})


def is_unreached(error: Exception) -> bool:
    """Tell whether *error* means that the way to the server was not found: no name service, or no route."""
    if isinstance(error, aiohttp.ClientConnectorDNSError):
        return True
    return isinstance(error, aiohttp.ClientConnectorError) and error.os_error.errno in _NO_WAY


def explain(error: Exception, *, host: str) -> str:
    """Return why the question to *host* that ended with *error* got no answer."""
    match error:
        case aiohttp.ClientConnectorCertificateError(certificate_error=ssl.SSLCertVerificationError() as refused):
            return f"the certificate {_CERTIFICATE.get(refused.verify_code, f'is refused: {refused.verify_message}')}"
        case aiohttp.ClientConnectorDNSError(os_error=OSError(errno=socket.EAI_AGAIN)):
            return "host not found: the name service does not answer"
        case aiohttp.ClientConnectorDNSError():
            return "host not found"
        case aiohttp.ClientSSLError():
            reason = getattr(error.os_error, "reason", "") if isinstance(error, aiohttp.ClientConnectorError) else ""
            return f"no secure connection: {_TLS.get(reason or '', error)}"
        case aiohttp.ClientConnectorError(os_error=ConnectionError(errno=None)):
            # Only asyncio's handshake ends without a number.
            return "no secure connection: the server broke it off"
        case aiohttp.ClientConnectorError(os_error=PrivateAddressError(address=address)):
            where = address if address == host else f"{host} leads to {address}, which"
            return (
                f"{where} is an address of a private network; "
                "if it is your own newsroom's, set allow_private: true on the source"
            )
        case aiohttp.ServerDisconnectedError():
            return "the server closed the connection without an answer"
        case aiohttp.ClientPayloadError():
            return "the answer broke off"
        case aiohttp.ClientResponseError(message=message) if message.strip().startswith("Got more than"):
            return f"headers larger than {say_size(MAX_FIELD)}"
        case aiohttp.ClientResponseError(message="Too many headers received"):
            return f"more than {MAX_FIELDS} headers"
        case aiohttp.ClientResponseError():
            # What follows a colon may be the bytes that came.
            return f"the answer is no HTTP: {' '.join(error.message.partition(':')[0].split())[:200]}"
        case aiohttp.InvalidURL():
            return f"{str(error.url)[:200]!r} is no address"
        case OSError(errno=int(number)):
            return os.strerror(number).lower()
    return f"{type(error).__name__}: {error}"
