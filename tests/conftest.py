"""What holds for all tests: searches without deadline, a key store of their own, a quiet Qt."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

settings.register_profile("kiosk", deadline=None, derandomize=True)
settings.load_profile("kiosk")

# As the program sets it; Qt reads it once, whichever test is the first to need Qt.
os.environ.setdefault("QT_LOGGING_RULES", "qt.multimedia*=false")


@pytest.fixture(scope="session", autouse=True)
def _key_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Stands for the system's, in this process and in those that a test starts."""
    file = tmp_path_factory.mktemp("keystore") / "keys.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(os.environ, "PYTHON_KEYRING_BACKEND", "tests.fakes.keystores.FileKeyring")
        patch.setitem(os.environ, "KIOSK_TEST_KEYRING", str(file))
        yield


@pytest.fixture
def dressed(qapp: "QApplication") -> None:
    """The same style and font for every test of a window."""
    from tests.gui_support import dress

    dress(qapp)
