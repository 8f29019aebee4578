"""Programs of others: what is one, what it may take, and that its process can open nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest

from wushu.kernel.errors import Refusal
from wushu.privacy.sandbox import child, judging
from wushu.privacy.services import program_check, program_run
from wushu.privacy.types import Computed, ProgramLimits

LIMITS = ProgramLimits(
    characters=2_000, seconds=5, memory_mb=128, threads=1, rows=100, bytes=20_000
)


@pytest.fixture(scope="module")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve permits in three districts, one of which has two."""
    path = tmp_path_factory.mktemp("granted") / "data.parquet"
    with duckdb.connect() as db:
        db.execute(
            "COPY (SELECT i AS 编号, CASE WHEN i < 2 THEN '甲' WHEN i < 6 THEN '乙' ELSE '丙' END AS 区, "
            f"(i * 1.5)::DECIMAL(9, 2) AS 面积, '名' || i AS 名称 FROM range(12) AS t(i)) TO '{path}'"
        )
    return path


def run(program: str, table: Path, folder: Path, limits: ProgramLimits = LIMITS) -> Computed:
    return program_run(program, table=table, folder=folder, limits=limits, may_run=lambda: True)


def tree(program: str) -> judging.Tree:
    with duckdb.connect() as db:
        found = db.execute("SELECT json_serialize_sql(?::VARCHAR)", [program]).fetchall()
    parsed: judging.Tree = json.loads(found[0][0])
    return parsed


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("SELECT * FROM read_csv('/etc/passwd')", "program-function-refused"),
        ("SELECT * FROM read_parquet('https://example.org/x.parquet')", "program-function-refused"),
        ("SELECT content FROM read_text('/etc/passwd')", "program-function-refused"),
        ("SELECT * FROM glob('/*')", "program-function-refused"),
        ("SELECT * FROM query('SELECT 1')", "program-function-refused"),
        ("SELECT * FROM duckdb_settings()", "program-function-refused"),
        ("SELECT getenv('HOME') FROM data", "program-function-refused"),
        ("SELECT main.GETENV('HOME') FROM data", "program-function-refused"),
        ("SELECT current_setting('temp_directory')", "program-function-refused"),
        ("SELECT error(名称) FROM data", "program-function-refused"),
        ("SELECT * FROM '/etc/passwd'", "program-other-table"),
        ("SELECT * FROM 's3://bucket/x.parquet'", "program-other-table"),
        ("SELECT * FROM information_schema.tables", "program-other-table"),
        ("SELECT (SELECT count(*) FROM duckdb_tables) FROM data", "program-other-table"),
        ("WITH a AS (SELECT 1) SELECT * FROM other.a", "program-other-table"),
        ("SELECT (WITH duckdb_databases AS (SELECT 1) SELECT 1) FROM duckdb_databases", "program-other-table"),
        ("WITH duckdb_databases AS (SELECT * FROM duckdb_databases) SELECT 1", "program-other-table"),
        ("WITH a AS (FROM duckdb_databases), duckdb_databases AS (SELECT 1) FROM a", "program-other-table"),
        ("WITH RECURSIVE duckdb_databases AS (FROM duckdb_databases UNION SELECT 1) SELECT 1", "program-other-table"),
        ("(WITH duckdb_databases AS (SELECT 1) SELECT 1) UNION ALL SELECT 2 FROM duckdb_databases", "program-other-table"),
        ("COPY data TO '/tmp/out.csv'", "program-not-a-query"),
        ("ATTACH '/tmp/other.db'", "program-not-a-query"),
        ("INSTALL httpfs", "program-not-a-query"),
        ("LOAD httpfs", "program-not-a-query"),
        ("PRAGMA database_list", "program-not-a-query"),
        ("SET enable_external_access = true", "program-not-a-query"),
        ("CREATE TABLE kept AS SELECT * FROM data", "program-not-a-query"),
        ("EXPORT DATABASE '/tmp/out'", "program-not-a-query"),
        ("EXPLAIN SELECT * FROM data", "program-not-a-query"),
        ("DESCRIBE data", "program-not-a-query"),
        ("SHOW ALL TABLES", "program-not-a-query"),
        ("SELECT 1; SELECT * FROM data", "program-not-one-statement"),
        ("SELECT 1; COPY data TO '/tmp/out.csv'", "program-not-a-query"),
        ("-- nothing", "program-not-one-statement"),
        ("SELEC 1", "program-not-understood"),
    ],
)  # fmt: skip
def test_what_is_no_query_of_the_one_table_is_refused_by_its_name(program: str, name: str):
    fault = judging.fault_of(tree(program))
    assert fault is not None
    assert fault.name == name


@pytest.mark.parametrize(
    "program",
    [
        "SELECT 区, count(*) FROM data GROUP BY 区",
        "FROM data",
        "WITH 大 AS (SELECT * FROM data WHERE 面积 > 3) SELECT count(*) FROM 大 JOIN data USING (编号)",
        "SELECT i FROM range(3) AS t(i) WHERE i IN (SELECT 编号 FROM data)",
        "SELECT unnest([1, 2])",
        "WITH a AS (FROM data), b AS (FROM A) SELECT (SELECT count(*) FROM a) FROM b UNION ALL FROM a",
        "WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t WHERE i < 3) FROM t",
    ],
)
def test_a_query_of_the_table_and_of_what_it_names_itself_is_one(program: str):
    assert judging.fault_of(tree(program)) is None


@pytest.mark.parametrize(
    ("program", "name"),
    [(" ", "program-empty"), ("SELECT 1 " * 500, "program-too-long"), ("LOAD x", "program-not-a-query")],
)  # fmt: skip
def test_a_program_is_checked_before_anything_is_run(program: str, name: str):
    with pytest.raises(Refusal) as refused:
        program_check(program, LIMITS)
    assert refused.value.name == name


def test_a_result_is_its_columns_and_rows_with_exact_numbers_as_text(table: Path, tmp_path: Path):
    found = run(
        "SELECT 区, count(*) AS n, sum(面积) AS 共 FROM data GROUP BY 区 ORDER BY n",
        table,
        tmp_path,
    )
    assert [name for name, _ in found.columns] == ["区", "n", "共"]
    assert found.rows == (("甲", 2, "1.50"), ("乙", 4, "21.00"), ("丙", 6, "76.50"))
    assert found.smallest_group == 2


@pytest.fixture
def half_filled():
    """Ten rows of two groups; one column is filled in once, one in all rows but the first."""
    with duckdb.connect() as db:
        db.execute(
            "CREATE TABLE data AS SELECT i % 2 AS 组, CASE WHEN i = 0 THEN 5 END AS 一, "
            "CASE WHEN i > 0 THEN i END AS 多 FROM range(10) AS t(i)"
        )
        yield db


@pytest.mark.parametrize(
    ("program", "fewest"),
    [
        ("SELECT 组, count(*) FROM data GROUP BY 组", 5),
        ("SELECT 组 FROM data GROUP BY 组", 5),
        ("SELECT 组, avg(多) FROM data GROUP BY 组", 4),
        ("SELECT avg(一) FROM data", 1),  # the average of ten rows is one person's value
        ("SELECT count(*), round(avg(多), 1), sum(一) FROM data", 1),
        ("SELECT corr(一, 多) FROM data", 0),
    ],
)
def test_a_row_without_a_value_is_not_behind_the_statistic_of_a_column(
    program: str, fewest: int, half_filled: duckdb.DuckDBPyConnection
):
    assert child._behind(half_filled, tree(program)) == fewest


def test_a_count_that_fails_takes_nothing_from_the_result(
    half_filled: duckdb.DuckDBPyConnection,
):
    counted = tree("SELECT count(*) FROM data")
    half_filled.execute("DROP TABLE data")
    assert child._behind(half_filled, counted) is None


def test_a_long_program_is_no_deep_trouble(table: Path, tmp_path: Path):
    many = " + ".join(["面积"] * 300)
    found = run(
        f"SELECT sum({many}) FROM data",
        table,
        tmp_path,
        replace(LIMITS, characters=9_000, seconds=9),
    )
    assert found.rows == (("29700.00",),)


@pytest.mark.parametrize(
    ("program", "counted"),
    [
        ("SELECT 区, avg(面积) FROM data GROUP BY 区 ORDER BY 2 LIMIT 1", True),
        ("SELECT count(*), round(avg(面积), 1) FROM data WHERE 编号 < 9", True),
        ("SELECT 区, count(*) FROM data GROUP BY ALL", False),  # the keys are not named
        ("SELECT 区 FROM data", False),
        ("SELECT 区, max(面积) FROM data GROUP BY 区", False),
        ("SELECT 区, sum(CASE WHEN 编号 = 1 THEN 面积 END) FROM data GROUP BY 区", False),
        ("SELECT 区, sum(面积) FILTER (编号 = 1) FROM data GROUP BY 区", False),
        ("SELECT DISTINCT 区, count(*) FROM data GROUP BY 区", False),
        ("SELECT a.区, count(*) FROM data a, data b GROUP BY a.区", False),
        ("SELECT 区, count(*) FROM (SELECT * FROM data) GROUP BY 区", False),
        ("SELECT count(*) OVER () FROM data", False),
    ],
)
def test_groups_are_counted_only_where_every_value_is_made_of_all_rows_of_its_group(
    program: str, counted: bool
):
    assert (judging.counting(tree(program)) is not None) is counted


@pytest.mark.parametrize(
    ("program", "name"),
    [
        ("WITH RECURSIVE t(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM t) SELECT count(*) FROM t", "program-too-slow"),
        ("SELECT string_agg(repeat(名称, 20000000), '') FROM data", "program-too-large"),
        ("SELECT i FROM range(101) AS t(i)", "computed-too-large"),
        ("SELECT repeat('长', 20000)", "computed-too-large"),
        ("SELECT nme FROM data", "program-not-understood"),
        ("SELECT 名称::INTEGER FROM data", "program-failed"),
    ],
)  # fmt: skip
def test_what_takes_too_much_or_fails_ends_with_its_name(
    program: str, name: str, table: Path, tmp_path: Path
):
    with pytest.raises(Refusal) as refused:
        run(program, table, tmp_path, replace(LIMITS, seconds=2))
    assert refused.value.name == name
    assert "名1" not in str(refused.value), "an engine's message holds values nobody released"


def test_a_program_whose_grant_has_ended_is_stopped(table: Path, tmp_path: Path):
    endless = "SELECT count(*) FROM range(10000000) a, range(10000000) b"
    with pytest.raises(Refusal) as refused:
        program_run(endless, table=table, folder=tmp_path, limits=LIMITS, may_run=lambda: False)
    assert refused.value.name == "program-stopped"


UNJUDGED = """
import duckdb
from wushu.privacy.sandbox import child
child.judging.fault_of = lambda tree: None
child._planned = lambda db, program: None
connect = duckdb.connect
def open_wide(*args, **more):
    db = connect(*args, **more)
    if not more.get("read_only"):
        return db
    class Wide:
        def __enter__(self): return self
        def __exit__(self, *given): db.close()
        def execute(self, sql, *given):
            return db if sql.startswith("SET ") else db.execute(sql, *given)
    return Wide()
child.duckdb.connect = open_wide
child.main()
"""


@pytest.mark.parametrize("program", ["SELECT * FROM read_csv('{}')", "COPY data TO '{}.out'"])
def test_the_process_can_open_nothing_even_if_nobody_judged_the_program(
    program: str, table: Path, tmp_path: Path
):
    """With the judge away and the engine's own doors open: the system gives no file descriptor."""
    other = tmp_path / "other.csv"
    other.write_text("a\n秘密\n")
    asked = {
        "check": False, "program": program.format(other), "table": str(table),
        "folder": str(tmp_path), "memory": 128, "threads": 1, "seconds": 5, "rows": 9, "bytes": 999,
    }  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-I", "-c", UNJUDGED], input=json.dumps(asked).encode(),
        capture_output=True, timeout=30, check=False,
    )  # fmt: skip
    answer = json.loads(done.stdout)
    assert answer["fault"][0] == "program-failed", answer
    assert not (tmp_path / "other.csv.out").exists()
