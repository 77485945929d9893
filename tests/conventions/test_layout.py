"""What must hold for every file of the repository, whoever writes it."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path
from typing import get_args

import pytest
import yaml

from pipelines.contract.identity import Institution

REPO = Path(__file__).parents[2]
# Names of contracts that are also words of the code itself. Keep this list tiny.
ORDINARY = {
    "aplikasi",  # what a produsen exports from, in messages
    "bps",  # one of the two systems of place codes
    "jembatan",  # the table that joins them
    "posyandu",  # a kind of clinic, in names
}


def tracked(*patterns: str) -> list[Path]:
    """Files of the repository, also those that are not committed yet, without what git ignores."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    out = subprocess.run(command, cwd=REPO, capture_output=True, check=True, text=True).stdout
    return [p for name in sorted(set(out.split("\0"))) if name and (p := REPO / name).is_file()]


def shown(path: Path) -> str:
    return str(path.relative_to(REPO))


CODE = tracked("pipelines/*.py", "expectations/*.py")
TEXT = [p for p in tracked() if p.suffix in {".py", ".sql", ".j2", ".yml", ".yaml", ".toml", ".md", ".json", ".lock",
                                             ".cfg", ".txt", ".sh", ".csv", ""}]  # fmt: skip


def test_there_is_something_to_look_at() -> None:
    assert len(CODE) > 50
    assert len(TEXT) > 100


def names_of_sources() -> dict[str, str]:
    """Each dataset's and produsen's name, as written and as words, with the contract it stands in."""
    found: dict[str, str] = {}
    for path in tracked("sources/*.yml"):
        if path.parts[-3] not in ("opd", "kabupaten"):
            continue
        produsen = yaml.safe_load(path.read_text(encoding="utf-8"))["produsen"]
        for name in (path.stem, produsen):
            found.setdefault(name, shown(path))
    return {name: where for name, where in found.items() if name not in ORDINARY}


def test_no_dataset_and_no_produsen_is_named_in_the_pipeline() -> None:
    """An odd export extends a general reader; what is special about it stands in its contract."""
    # Persons, families and kinds of institutions are things of the warehouse itself, whatever datasets are called so.
    things = {"penduduk", "keluarga", *get_args(Institution.model_fields["jenis"].annotation)}
    names = {name: path for name, path in names_of_sources().items() if name not in things}
    assert len(names) > 30
    # Words are split where an identifier is: 'load_<name>' and '<Name>Reader' name it too.
    pattern = re.compile(rf"(?<![a-z0-9])({'|'.join(sorted(names, key=len, reverse=True))})(?![a-z0-9])")
    wrong = [
        f"{shown(path)}:{number}: '{match}' is the name of {names[match]}"
        for path in tracked("pipelines/*.py", "pipelines/*.sql", "pipelines/*.j2")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for match in pattern.findall(re.sub(r"([a-z])([A-Z])", r"\1_\2", line).lower())
    ]
    assert wrong == []


def test_the_lock_pins_hashes_and_names_no_index() -> None:
    text = (REPO / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|--find-links|-f|--trusted-host)\b", text, re.MULTILINE)
    joined = re.sub(r"\\\n", " ", text)
    lines = [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) > 100
    for line in lines:
        assert re.match(r"^[A-Za-z0-9._-]+(\[[a-z0-9,._-]+\])?==[^\s;]+", line), f"not pinned: {line[:60]}"
        assert "--hash=sha256:" in line, f"no hash: {line[:60]}"


def test_every_dependency_is_locked() -> None:
    import tomllib

    project = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(d for extra in project["optional-dependencies"].values() for d in extra)]
    locked = {
        re.sub(r"[-_.]+", "-", m).lower()
        for m in re.findall(r"^([A-Za-z0-9._-]+)", (REPO / "requirements.lock").read_text(), re.MULTILINE)
    }
    names = {re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", d)[0]).lower() for d in wanted}
    assert names <= locked


def test_no_index_address_and_no_path_of_this_machine() -> None:
    """The checkout's own folder is the path that slips in most easily."""
    forbidden = [f"{REPO}/", "index-url", "registry="]
    wrong = [
        f"{shown(path)}:{number}: {text}"
        for path in TEXT
        if path != Path(__file__)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for text in forbidden
        if text in line
    ]
    assert wrong == []


@pytest.mark.parametrize("path", CODE, ids=shown)
def test_a_file_is_short_and_says_what_it_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 300, "split it: a file is one idea"
    if text.strip():
        docstring = ast.get_docstring(ast.parse(text))
        assert docstring, "begin with a docstring that says what the file is for"
        assert docstring[0].isupper() or not docstring[0].isalpha()


@pytest.mark.parametrize("path", tracked("expectations/standards/[a-z]*.yml"), ids=lambda p: p.stem)
def test_every_standard_has_examples(path: Path) -> None:
    standard = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert standard["contoh"]["sah"]
    rules = {rule["nama"]: rule["sah"] for rule in standard.get("aturan", [])}
    assert set(standard["contoh"]["salah"]) <= set(rules)
    # What one cell alone cannot break: a reason that the resolver gives a row (tried in tests/unit/wilayah).
    tried = "".join(p.read_text(encoding="utf-8") for p in tracked("tests/unit/wilayah/*.py"))
    for name in rules.keys() - set(standard["contoh"]["salah"]):
        reasons = re.findall(r"'(\w+)'", rules[name])
        assert reasons and any(f'"{reason}"' in tried for reason in reasons), name


REASONS = re.compile(
    r"real (exports|input)|shared/data|mount|root|Linux|CKAN|[Cc]hromium|axe-core|engine|minisign|pipelines\.site"
)


def test_no_test_is_skipped_but_where_it_cannot_run() -> None:
    """Only for exports that are not there, and for what this machine cannot do; no failure is expected."""
    wrong = []
    for path in tracked("tests/*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = {n.func: ast.unparse(n) for n in ast.walk(tree) if isinstance(n, ast.Call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in ("skip", "skipif", "xfail", "importorskip"):
                reason = said.get(node, "")
                if node.attr == "xfail" or not REASONS.search(reason):
                    wrong.append(f"{shown(path)}:{node.lineno}: {node.attr}")
    assert wrong == []


def test_nothing_of_the_real_exports_is_committed() -> None:
    """The largest file is reference data; nothing looks like a landing folder."""
    assert not [shown(p) for p in tracked() if "landing" in p.parts and p.suffix not in {".py"}]
    assert not tracked("*.xlsx", "*.xls", "*.parquet", "*.duckdb")


def test_the_pipeline_logs_through_one_place() -> None:
    """No print in the code of a stage: values may be personal. The command line and the lint may."""
    wrong = []
    for path in CODE:
        if path.is_relative_to(REPO / "pipelines" / "cli") or path.name == "__main__.py":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
                wrong.append(f"{shown(path)}:{node.lineno}")
    assert wrong == []
