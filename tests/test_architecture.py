"""The shape of the project: who may import whom, what is light to import, what lies where."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("sources", "transforms", "warehouse", "orchestration")

TOP_LEVEL = {
    ".ci", ".gitattributes", ".gitignore", ".pre-commit-config.yaml", "CHANGELOG.md", "LICENSE", "Makefile",
    "README.md", "docs", "pyproject.toml", "requirements-dev.txt", "requirements.txt", "tests",
    *PACKAGES,
}  # fmt: skip

# transforms is pure: it knows no framework, no database, no network, no clock and no chance.
IMPURE = {
    "aiohttp", "asyncio", "dagster", "duckdb", "ftplib", "great_expectations", "httpx", "http", "pandas", "pyarrow",
    "random", "requests", "secrets", "smtplib", "socket", "subprocess", "time", "urllib", "uuid",
}  # fmt: skip
CLOCKS = {"now", "today", "utcnow", "time", "monotonic"}

HEAVY = ("dagster", "duckdb", "great_expectations", "pandas", "pyarrow", "trafilatura")


def modules(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Line and full name of every import of a module, also those inside functions and behind TYPE_CHECKING."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import; name the package"
            assert node.module
            yield node.lineno, node.module


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_point_one_way(package: str) -> None:
    above = PACKAGES[PACKAGES.index(package) + 1 :]
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules(package)
        for line, name in imports(path)
        if name.split(".")[0] in above
    ]
    assert not wrong, "orchestration → warehouse → transforms → sources, never back"


def test_transforms_are_pure() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {name}"
        for path in modules("transforms")
        for line, name in imports(path)
        if name.split(".")[0] in IMPURE
    ]
    assert not wrong


def test_transforms_ask_no_clock() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} calls {node.func.attr}()"
        for path in modules("transforms")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]
    assert not wrong


@pytest.mark.parametrize("module", ["sources", "transforms", "warehouse", "orchestration.cli"])
def test_a_package_is_light_to_import(module: str) -> None:
    asked = f"import sys, {module}; print(*[name for name in {HEAVY!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout.split() == []


def test_extracting_from_a_text_file_loads_nothing_heavy(tmp_path: Path) -> None:
    (tmp_path / "report.txt").write_text(
        "隆回县司法局2024年法治政府建设情况报告\n受理行政复议案件120件。", encoding="utf-8"
    )
    asked = (
        "import sys\nfrom orchestration.cli import app\n"
        f"try: app(['extract', {str(tmp_path / 'report.txt')!r}, '--jsonl'])\n"
        f"except SystemExit: print(*[name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert '"outcome"' in done.stdout
    assert done.stderr.split() == []


def test_the_top_level_holds_only_what_belongs_there() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in tracked_files()} <= TOP_LEVEL


@pytest.mark.parametrize("package", PACKAGES)
def test_modules_say_what_belongs_in_them(package: str) -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in modules(package)
        if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    ]
    assert not silent


def test_no_module_has_a_name_that_says_nothing() -> None:
    vague = re.compile(r"(^|_)(utils?|helpers?|managers?|processors?|base|common|misc)($|_)")
    assert not [path for package in PACKAGES for path in modules(package) if vague.search(path.stem)]


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^-|^\s+--(?!hash=sha256:)", text, re.MULTILINE)
    for requirement in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[a-z0-9._-]+==\S+", requirement), requirement.splitlines()[0]
        assert "--hash=sha256:" in requirement, requirement.splitlines()[0]


def test_what_runs_is_what_was_tested() -> None:
    pins = {
        name: set(re.findall(r"^([a-z0-9._-]+==\S+)", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.txt", "requirements-dev.txt")
    }
    assert pins["requirements.txt"] <= pins["requirements-dev.txt"]


def test_no_tracked_file_names_a_package_registry() -> None:
    hosts = ["py" + "pi.org", "python" + "hosted.org", "registry." + "npmjs.org"]
    naming = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in tracked_files()
        for host in hosts
        if host.encode() in path.read_bytes()
    ]
    assert not naming
