"""Headers and passwords of a source, with what stands for them in the configuration filled in."""

import re
from base64 import b64encode
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from feedkit.errors import FetchError

_VARIABLE = re.compile(r"\{env:([A-Za-z_][A-Za-z0-9_]*)\}")
_PAIR = re.compile(rf"((?:{_VARIABLE.pattern}|(?!{{env:)[^:])*):(.*)", re.DOTALL)
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_OURS = {
    "accept-encoding", "connection", "content-encoding", "content-length", "expect", "host",
    "if-modified-since", "if-none-match", "keep-alive", "proxy-authorization", "proxy-connection",
    "te", "trailer", "transfer-encoding", "upgrade",
}  # fmt: skip


def headers_objection(headers: Mapping[str, str]) -> str:
    """What is wrong with headers as configured, or ``""``."""
    for name in headers:
        if not _TOKEN.fullmatch(name):
            return f"is no name of a header: {name!r}"
        if name.lower() in _OURS:
            return f"is for feedkit to say: {name!r}"
    if len({name.lower() for name in headers}) < len(headers):
        return "names a header twice"
    return ""


def auth_objection(auth: str, headers: Mapping[str, str]) -> str:
    """What is wrong with a name and password as configured, beside the headers, or ``""``."""
    if auth and not _PAIR.fullmatch(auth):
        return 'must be a name and a password, as in "name:{env:PASSWORD}"'
    if auth and "authorization" in map(str.lower, headers):
        return "there is a header Authorization already"
    return ""


def secret_headers(
    headers: Mapping[str, str], auth: str, environment: Mapping[str, str]
) -> dict[str, str]:
    """The headers to send, with variables of the environment in the place of ``{env:NAME}``.

    :param headers: headers as configured, by name.
    :param auth: ``name:password`` for basic authentication (RFC 7617), or ``""``.
    :param environment: the variables.
    :raise FetchError: when one is not set, or can't stand in a header; it shows no value.
    """
    sent = {name: _filled(text, environment, name) for name, text in headers.items()}
    if match := _PAIR.fullmatch(auth):
        pair = ":".join(_filled(text, environment, "auth") for text in (match[1], match[3]))
        sent |= basic_auth(pair)
    return sent


def basic_auth(pair: str) -> dict[str, str]:
    """The header for ``name:password`` (RFC 7617), none for ``""``."""
    encoded = b64encode(pair.encode(errors="replace")).decode()
    return {"Authorization": f"Basic {encoded}"} if pair else {}


def _filled(text: str, environment: Mapping[str, str], where: str) -> str:
    def value(match: re.Match[str]) -> str:
        found = environment.get(match[1])
        if found is None:
            raise FetchError(f"needs the environment variable {match[1]}, which is not set")
        return found

    filled = _VARIABLE.sub(value, text)
    if not filled.isprintable():
        raise FetchError(f"what {where} is set to can't stand in a header")
    return filled


def without_password(url: str) -> tuple[str, str]:
    """An address without the name and password in it, and these as ``name:password``."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url, ""
    named, _, host = parts.netloc.rpartition("@")
    name, _, password = named.partition(":")
    return parts._replace(netloc=host).geturl(), f"{unquote(name)}:{unquote(password)}"
