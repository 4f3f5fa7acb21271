"""The kinds of values in feeds.yaml: how each is checked, and how an editor knows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from syndicator.config import addresses, values
from syndicator.config.values import Wrong

VARIABLE = r"\$\{"  # a value that the environment gives cannot be judged by an editor


def _one_text(value: object) -> object:
    """Take a plain text for one in the language "", which stands for the site's first."""
    if isinstance(value, str):
        return {"": value}
    if not isinstance(value, dict):
        raise Wrong("must be a text, or a mapping by language: {en: Weekly, vi: Hàng tuần}")
    return value


def _language_or_any(text: str) -> str:
    return text and values.language(text)


def _checked(read: Callable[[str], object]) -> AfterValidator:
    """Hold a text against *read* and keep it as it is."""

    def check(text: str) -> str:
        read(text)
        return text

    return AfterValidator(check)


def _schema(pattern: str, *examples: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": f"{pattern}|{VARIABLE}", "examples": list(examples)})


_ANY_TEXT = WithJsonSchema({"type": ["string", "number", "boolean"]})


LANGUAGE_PATTERN = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?$"
ID_PATTERN = r"^[a-z0-9][a-z0-9-]*$"
TAG_PATTERN = r"^[a-z0-9][a-z0-9-]*(/[a-z0-9][a-z0-9-]*)*$"
DURATION_PATTERN = r"^[0-9]+ *[smhdw]$"

Text = Annotated[str, _ANY_TEXT]
Line = Annotated[str, AfterValidator(values.line), _ANY_TEXT]
Term = Annotated[str, AfterValidator(values.term), _ANY_TEXT]
Words = Annotated[
    dict[Annotated[str, AfterValidator(_language_or_any)], Line],
    BeforeValidator(_one_text),
    Field(min_length=1),
    WithJsonSchema({
        "anyOf": [
            {"type": ["string", "number"]},
            {
                "type": "object", "minProperties": 1, "propertyNames": {"pattern": LANGUAGE_PATTERN},
                "additionalProperties": {"type": ["string", "number"]},
            },
        ],
    }),
]  # fmt: skip
Id = Annotated[str, AfterValidator(values.identifier), _schema(ID_PATTERN)]
Key = Annotated[str, AfterValidator(values.identifier), WithJsonSchema({"type": "string"})]
TagId = Annotated[str, AfterValidator(values.tag_identifier), WithJsonSchema({"type": "string"})]
Weight = Annotated[float, AfterValidator(values.weight), Field(allow_inf_nan=False)]
MediaTopic = Annotated[
    int,
    BeforeValidator(lambda value: values.mediatopic(value) if isinstance(value, str) else value),
    WithJsonSchema({"type": "integer", "minimum": 1_000_000, "maximum": 99_999_999, "examples": [20000639]}),
]
Language = Annotated[str, AfterValidator(values.language), _schema(LANGUAGE_PATTERN, "en", "vi", "zh-Hans")]
Timezone = Annotated[str, AfterValidator(values.timezone), _schema(r"^[A-Za-z]", "Asia/Ho_Chi_Minh", "UTC")]
Encoding = Annotated[str, AfterValidator(values.encoding), _schema("^[A-Za-z]", "utf-8", "windows-1258", "tcvn3")]
DateFormat = Annotated[str, AfterValidator(values.date_format), _schema("%[YyGcx]", "%d/%m/%Y %H:%M")]
Host = Annotated[str, AfterValidator(values.host), _schema(r"^[^\s/:@]+$", "news.example")]
Reason = Annotated[str, AfterValidator(values.reason), _schema("[^0-9 ]", "they asked us to read it")]
Duration = Annotated[str, _checked(values.duration), _schema(DURATION_PATTERN, "48h", "14d")]
Interval = Annotated[
    str, _checked(values.interval), _schema(f"{DURATION_PATTERN}|^{values.AUTO}$", "30m", "2h", values.AUTO)
]
TimeOfDay = Annotated[str, _checked(values.time_of_day), _schema(r"^([01]?[0-9]|2[0-3]):[0-5][0-9]$", "07:00")]
WebAddress = Annotated[str, AfterValidator(values.web_address), _schema(r"^https?://", "https://news.example/rss")]
SiteAddress = Annotated[str, AfterValidator(values.site_address), _schema(r"^https?://", "https://news.example/")]
MailServer = Annotated[str, AfterValidator(values.mail_server), _schema(r"^smtp(\+starttls|s)?://", "${SMTP_URL:-}")]
MailAddress = Annotated[str, AfterValidator(addresses.address), _schema("^[^@]+@[^@]+$", "desk@news.example")]
Mailbox = Annotated[str, _checked(addresses.mailbox), _schema("^[^@]+@[^@]+$", "City Desk <desk@news.example>")]
Folder = Annotated[str, AfterValidator(values.folder), WithJsonSchema({"type": "string"})]
Secret = Annotated[str, AfterValidator(values.secret), _schema("^.{16,}$", "${SYNDICATOR_SECRET:-}")]
Day = Annotated[
    str,
    WithJsonSchema({
        "anyOf": [
            {"enum": list(values.WEEKDAYS)},
            {"type": "integer", "minimum": 1, "maximum": values.LAST_DAY},
            {"type": "string", "pattern": f"^[0-9]+$|{VARIABLE}"},
        ],
    }),
]  # fmt: skip
