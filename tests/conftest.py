"""What several tests need: the shared corpus, cases as pairs of files, a config in a folder."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from the_web import TheWeb

CASES = Path(__file__).parent / "cases"
SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def live() -> Path:
    """The folder of real feeds, where it is there."""
    folder = SHARED / "corpus" / "live"
    if not folder.is_dir():
        pytest.skip("the corpus of real feeds is not here")
    return folder


@pytest.fixture(scope="session")
def seed() -> Path:
    """The tag archive the project was asked for with, where it is there."""
    for file in sorted((SHARED / "seeds").glob("*.txt")):
        return file
    pytest.skip("the real tag archive is not here")


@pytest.fixture
def configure(tmp_path: Path) -> Callable[..., Path]:
    """Writes a feedkit.toml into a fresh folder: its `[site]` first, then what is given."""

    def write(rest: str = "", site: str = "") -> Path:
        path = tmp_path / "feedkit.toml"
        head = f'[site]\ntitle = "Site"\nurl = "https://feeds.example/"\n{site}\n'
        path.write_text(head + rest, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="session")
def one_web() -> Iterator[TheWeb]:
    """The web, once for all tests."""
    web = TheWeb()
    yield web
    web.close()


@pytest.fixture
def the_web(one_web: TheWeb, monkeypatch: pytest.MonkeyPatch) -> TheWeb:
    """An empty web, which is all that can be reached."""
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("http_proxy", one_web.proxy)
    one_web.clear()
    return one_web
