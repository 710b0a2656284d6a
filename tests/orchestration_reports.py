"""Two short made-up reports that the orchestration's tests take in, and the `fazhi` command as a process."""

import ctypes
import os
import subprocess
import sys
from pathlib import Path
from typing import TextIO

LONGHUI = """隆回县司法局2024年法治政府建设情况报告

隆回县司法局
2025年1月20日

2024年,隆回县司法局扎实推进法治政府建设,现将有关情况报告如下。
一、主要工作
(一)行政复议。全年受理行政复议案件120件,审结100件。
(二)法律援助。办理法律援助案件771件。全县现有人民调解员1014名。
(三)公共法律服务。12348热线接听群众来电1.8余人次。全县建成便民驿站37个。
二、下一步打算
2025年,继续推进法治政府建设,计划举办法治培训12场次。
"""

DONGKOU = """洞口县司法局2024年法治政府建设情况报告

洞口县司法局
2025年1月18日

2024年,洞口县司法局扎实推进法治政府建设,现将有关情况报告如下。
一、主要工作
全年受理行政复议案件59件,审结53件。办理法律援助案件640件。
"""


def write_reports(folder: Path) -> Path:
    """The two reports as files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "longhui.txt").write_text(LONGHUI, encoding="utf-8")
    (folder / "dongkou.txt").write_text(DONGKOU, encoding="gb18030")
    return folder


def forget_that_root_may_read_everything() -> None:
    """Drop CAP_DAC_OVERRIDE and CAP_DAC_READ_SEARCH for the program to come, so that permissions count for root."""
    if os.geteuid() == 0:
        for capability in (1, 2):
            if ctypes.CDLL(None).prctl(24, capability, 0, 0, 0):
                raise PermissionError("as root this test must be allowed to give up capabilities (CAP_SETPCAP)")


def fazhi(*arguments: str | Path, home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`fazhi …` in a process of its own, on a home folder of its own."""
    with fazhi_process(*arguments, home=home, **environment) as process:
        stdout, stderr = process.communicate(timeout=300)
    return subprocess.CompletedProcess(process.args, process.returncode, stdout, stderr)


def fazhi_process(
    *arguments: str | Path, home: Path, output: TextIO | int = subprocess.PIPE, **environment: str
) -> subprocess.Popen[str]:
    """The same, still at work; all it says goes to `output` if that is a file."""
    return subprocess.Popen(
        [sys.executable, "-c", "from orchestration.cli import app; app()", *map(str, arguments)],
        cwd=Path(__file__).parent.parent,
        env={**os.environ, "FAZHI_HOME": str(home), **environment},
        stdout=output,
        stderr=output,
        text=True,
        preexec_fn=forget_that_root_may_read_everything,  # noqa: PLW1509 - before any thread
    )
