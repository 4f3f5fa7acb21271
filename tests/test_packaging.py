"""The wheel holds all that a newsroom needs, and works without the checkout."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """Return the wheel, built from the checkout without asking the network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


@pytest.mark.parametrize(
    "path",
    [
        "syndicator/_shipped/feeds.yaml",
        "syndicator/_shipped/feeds.schema.json",
        "syndicator/_shipped/templates/email/digest.html",
        "syndicator/_shipped/templates/site/style.css",
        "syndicator/_shipped/templates/locale/vi.po",
        "syndicator/cli/starter.yaml",
        "syndicator/demo/feeds.yaml",
        "syndicator/py.typed",
        *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "syndicator/vocabularies").rglob("*.yaml")),
    ],
)
def test_the_wheel_ships_it(wheel, path):
    assert path in zipfile.ZipFile(wheel).namelist()


def test_from_the_wheel_alone_the_vocabulary_is_read(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = """
import syndicator.newsroom as newsroom
print(newsroom.__file__.startswith({folder!r}), len(newsroom.read_vocabulary("foreign-affairs").tags) > 200)
"""
    command = [sys.executable, "-c", code.format(folder=str(tmp_path))]

    said = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(tmp_path)}, capture_output=True, text=True
    )

    assert (said.stdout, said.stderr) == ("True True\n", "")


def test_the_source_distribution_holds_what_the_wheel_is_built_of(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    with tarfile.open(next(tmp_path.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}

    wanted = {str(path.relative_to(ROOT)) for path in (ROOT / "syndicator/vocabularies").rglob("*.yaml")}
    assert names >= wanted | {"feeds.yaml", "feeds.schema.json", "templates/locale/vi.po"}


def test_from_the_wheel_alone_a_newsroom_is_made_and_checked(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path / "site")
    # Away from the checkout, and before it on the path, so that nothing of it is found by chance.
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site")}

    def syndicator(*words):
        code = "import syndicator, sys; assert 'site' in syndicator.__file__; from syndicator.cli import main; main()"
        command = [sys.executable, "-c", code, *words]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    made = syndicator("init", "newsroom")
    checked = syndicator("check", "--config", "newsroom/feeds.yaml")

    assert (made.returncode, made.stderr) == (0, "")
    assert (checked.returncode, checked.stderr) == (0, "")
    assert (tmp_path / "newsroom/templates/email/digest.html").exists()


def test_what_gets_installed_is_pinned_by_name_and_version_only():
    lines = (ROOT / "constraints.txt").read_text().splitlines()

    assert lines
    assert [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)] == []


def test_every_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    pinned = {
        line.split("==")[0].lower().replace("_", "-") for line in (ROOT / "constraints.txt").read_text().splitlines()
    }

    assert [name for name in wanted if name.split(">=")[0].lower() not in pinned] == []
