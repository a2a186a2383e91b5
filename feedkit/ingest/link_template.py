"""The address of a post that has none, made from its date and title."""

from datetime import tzinfo
from string import Formatter

from feedkit._urls import is_web, slug_of, web_url
from feedkit.errors import ConfigError
from feedkit.model import Post

# the directives that no locale changes
_DIRECTIVES = frozenset("YmdHMSyj")


class LinkTemplate:
    """A template such as ``https://blog.example/{published:%Y/%m}/{slug}/``.

    ``{slug}`` is the title as blogs write it in addresses; ``{published:…}``
    the date, spelled with ``%Y %m %d %H %M %S %y %j``.

    :param text: the template.
    :param zone: the zone in which the date is spelled.
    :raise ConfigError: when it is no template of a web address.
    """

    def __init__(self, text: str, zone: tzinfo) -> None:
        self._zone = zone
        try:
            parts = list(Formatter().parse(text))
        except ValueError as error:
            raise ConfigError(f"{text!r} is no link template: {error}") from error
        self._parts = [part[:3] for part in parts]
        for _, name, spelling, conversion in parts:
            if conversion:
                raise ConfigError(f"!{conversion} has no meaning in a link template")
            if name is None or (name == "slug" and not spelling):
                continue
            if name != "published" or not spelling:
                shown = f"{{{name}}}" if not spelling else f"{{{name}:{spelling}}}"
                raise ConfigError(f"{shown} is neither {{slug}} nor {{published:%Y…}}")
            unknown = {part[:1] for part in spelling.split("%")[1:]} - _DIRECTIVES
            if unknown:
                raise ConfigError(f"%{min(unknown)} in {{published:{spelling}}} is not supported")
        if not is_web(self._parts[0][0] if parts else ""):
            raise ConfigError(f"{text!r} is no link template: it begins like no web address")
        if all(name is None for _, name, _ in self._parts):
            raise ConfigError(f"{text!r} is no link template: it has neither date nor title")

    def link(self, post: Post) -> str:
        """The address of a post, or ``""`` when it lacks what the template asks for."""
        address = ""
        for literal, name, spelling in self._parts:
            address += literal
            if name == "published":
                if post.published is None:
                    return ""
                address += post.published.astimezone(self._zone).strftime(spelling or "")
            elif name == "slug":
                slug = slug_of(post.title)
                if not slug:
                    return ""
                address += slug
        return web_url(address)
