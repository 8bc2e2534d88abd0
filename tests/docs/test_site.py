"""The site is built without a warning: each page is in it, each link leads somewhere."""

import os
import subprocess
import sys
from pathlib import Path

from getter_compat.codemod.rules import RULES
from tests.docs.documents import ROOT


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert {page.name for page in (tmp_path / "rules").iterdir()} >= set(RULES)
    pages = {it: it.read_text(encoding="utf-8") for it in tmp_path.rglob("index.html")}
    assert [it for it, text in pages.items() if "```" in text] == [], "a block was not seen as one"
    getters = (tmp_path / "reference" / "getters" / "index.html").read_text(encoding="utf-8")
    assert "spectral_norm" in getters
