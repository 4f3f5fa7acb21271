"""Choose the language of a page for the visitor who asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request

from syndicator.model.language import choose_language


def page_language(request: Request, languages: Sequence[str]) -> str:
    """Return which of *languages* suits the visitor: by `?lang=`, the path, Accept-Language; else the first."""
    folder = request.url.path.lstrip("/").split("/")[0]
    wanted = [
        request.query_params.get("lang", ""),
        folder if folder in languages else "",
        *accepted(request.headers.get("accept-language", "")),
    ]
    return choose_language(filter(None, wanted), languages) or languages[0]


def accepted(header: str) -> list[str]:
    """Return the tags of an Accept-Language header, best first (RFC 9110, section 12.5.4); those of `q=0` left out.

    >>> accepted("en;q=0.5, vi-VN, vi;q=0.9, *;q=0.1, fr;q=0")
    ['vi-VN', 'vi', 'en']
    """
    weighted = []
    for part in header.split(","):
        tag, _, parameter = part.partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            weight = 0.0
        if weight > 0 and tag.strip() not in ("", "*"):
            weighted.append((weight, tag.strip()))
    return [tag for _, tag in sorted(weighted, key=lambda pair: -pair[0])]
