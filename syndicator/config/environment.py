"""Put variables of the environment into the texts of feeds.yaml, so that no secret stands in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping

_VARIABLE = re.compile(r"\$(?P<escape>\$\{)|\$\{(?P<inside>[^}]*)(?P<end>\}?)")
_INSIDE = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?P<default>.*))?", re.DOTALL)


class Unset(Exception):
    """A variable cannot be put in; the text says which, and how to help it. It never holds a value."""


def expand(text: str, env: Mapping[str, str]) -> str:
    """Return *text* with `${NAME}` and `${NAME:-default}` filled from *env*, `$${` standing for `${`.

    As in a shell, the default also stands in for a variable that is set and empty. Raise `Unset`.

    >>> expand("${HOME_PAGE:-https://news.example}/ costs $${5}", {})
    'https://news.example/ costs ${5}'
    """

    def fill(match: re.Match[str]) -> str:
        if match["escape"]:
            return "${"
        if not match["end"]:
            raise Unset('a "${" is not closed by "}"; write "$${" for the two characters themselves')
        inside = _INSIDE.fullmatch(match["inside"])
        if inside is None:
            raise Unset(
                'the name of a variable has letters, digits and "_"; write ${NAME} or ${NAME:-default}, '
                'or "$${" for the two characters themselves'
            )
        name, default = inside["name"], inside["default"]
        value = env.get(name, "") or default if default is not None else env.get(name)
        if value is None:
            raise Unset(f"the environment has no variable {name}; set it, or write ${{{name}:-default}}")
        return value

    return _VARIABLE.sub(fill, text) if "${" in text else text
