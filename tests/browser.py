"""Chromium, where there is one: a page as it has it, its console, and what axe-core finds in it.

axe-core looks for what keeps people from reading a page. It is not committed:
`python -m tests.browser` fetches it once, by npm, into a folder of the user's cache.
"""

from __future__ import annotations

import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

import pytest

_NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, _NAMES)), "")
needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")

_AXE = "axe-core@4.10.3"
_CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "getter_compat"
_SCRIPT = _CACHE / f"{_AXE}.js"
needs_axe = pytest.mark.skipif(
    not (CHROMIUM and _SCRIPT.exists()),
    reason="no Chromium, or no axe-core: `python -m tests.browser` fetches it",
)

# A window of Chromium is no narrower than 500 pixels, a frame is. axe-core's answer is left in the
# page around it. The policy of a page would not let it run.
_FRAME = """<!doctype html><html style="color-scheme: light dark"><body>
<iframe width="{width}" height="900" frameborder="0" srcdoc="{page}"></iframe></body></html>"""
_ASK = """<script>{axe}</script><script>
axe.run(document, {{resultTypes: ["violations"]}}).then(found => {{
  const answer = document.createElement("pre");
  answer.id = "axe";
  answer.textContent = JSON.stringify({{
    violations: found.violations,
    dark: matchMedia("(prefers-color-scheme: dark)").matches,
    width: innerWidth,
    across: document.documentElement.scrollWidth,
  }});
  parent.document.body.append(answer);
}});
</script></body>"""
_ANSWER = re.compile(r'<pre id="axe">(.*?)</pre>', re.DOTALL)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')


def dom(page: str, folder: Path, fragment: str = "", width: int = 1200) -> tuple[str, str]:
    """The page as Chromium has it when its script has run, and what the console said."""
    return _shown(page, folder, fragment, f"--window-size={width},900")


def faults(page: str, folder: Path, *, dark: bool, width: int) -> list[str]:
    """What axe-core calls serious or critical, and whether the page has to be moved sideways."""
    head, _, rest = _POLICY.sub("", page).rpartition("</body>")
    asking = head + _ASK.format(axe=_SCRIPT.read_text(encoding="utf-8")) + rest
    frame = _FRAME.format(width=width, page=html.escape(asking))
    scheme = f"--blink-settings=preferredColorScheme={0 if dark else 1}"
    text, console = _shown(frame, folder, "", scheme, "--virtual-time-budget=60000")
    answer = _ANSWER.search(text)
    assert answer is not None, f"axe-core did not answer: {console}"
    found: dict[str, Any] = json.loads(html.unescape(answer[1]))
    assert found["dark"] == dark
    assert found["width"] == width
    told = [
        f"{fault['id']}: {fault['help']}: {node['html']}: {node['failureSummary']}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
    if found["across"] > width:
        told.append(f"wider than the window: {found['across']} of {width} pixels")
    return told


def _shown(page: str, folder: Path, fragment: str, *options: str) -> tuple[str, str]:
    path = folder / "report.html"
    path.write_text(page, encoding="utf-8")
    done = subprocess.run(
        [
            *(CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"),
            *("--enable-logging=stderr", f"--user-data-dir={folder}/profile"),
            *(*options, f"{path.as_uri()}#{fragment}"),
        ],
        capture_output=True,
        text=True,
    )
    console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    return done.stdout, "\n".join(console)


def fetch() -> None:
    """Put axe-core where the tests find it."""
    if _SCRIPT.exists():
        return
    _CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", _AXE], cwd=folder, check=True)
        (package,) = Path(folder).glob("*.tgz")
        with tarfile.open(package) as archive:
            script = archive.extractfile("package/axe.min.js")
            assert script is not None
            _SCRIPT.write_bytes(script.read())


if __name__ == "__main__":
    fetch()
    print(f"{_SCRIPT}: {hashlib.sha256(_SCRIPT.read_bytes()).hexdigest()}", file=sys.stderr)
