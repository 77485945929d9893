"""The Great Expectations suite of a contract, generated from the same rules as the row check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from expectations.gx import DECIMALS, ExpectColumnValuesToMeetStandard, Outcome, gxe
from pipelines.check.compile import Compiled
from pipelines.contract.model import Contract
from pipelines.sql import ident

TABLE = "data_periksa"


def expectations_of(contract: Contract, compiled: Compiled, filled: Mapping[str, int]) -> list[Any]:
    """Expectations over TABLE; a share of rows up to `batas.ditolak_maks` may break each.

    `filled` counts the values of each column, and the rows as `_no`: Great Expectations takes its share
    of the values, so one bad value in a column that is mostly empty would else return a good delivery.
    Warnings are for the produsen to mend and never send a delivery back, so they are no expectation.
    """
    mostly = round(1 - contract.batas.ditolak_maks, DECIMALS)
    critical = [r for r in compiled.rules if r.tingkat == "kritis"]
    suite: list[Any] = [gxe.ExpectTableRowCountToBeBetween(min_value=contract.batas.baris_min)]
    for rule in critical:
        if rule.standar == "wajib":
            suite.append(gxe.ExpectColumnValuesToNotBeNull(column=rule.kolom, mostly=mostly))
        else:
            allowed = contract.batas.ditolak_maks * filled["_no"] / max(filled[rule.kolom], 1)
            suite.append(_meets(rule.kolom, rule.standar, rule.nama, rule.sah, max(0.0, round(1 - allowed, DECIMALS))))
    if len(contract.kunci) > 1:
        suite.append(gxe.ExpectCompoundColumnsToBeUnique(column_list=contract.kunci, mostly=mostly))
    elif contract.kunci:
        suite.append(gxe.ExpectColumnValuesToBeUnique(column=contract.kunci[0], mostly=mostly))
    if critical:
        # Each rule may stay below the limit while the rows refused by any of them do not.
        together = " AND ".join(f"coalesce({r.sah}, true)" for r in critical)
        suite.append(_meets("_no", "kontrak", "baris_ditolak", f"({together})", mostly))
    for mass in compiled.mass_rules:
        # As in the row check, a share of fewer values than `minimal` means nothing.
        few = f"(SELECT count({ident(mass.kolom)}) FROM {TABLE}) < {mass.rule.minimal}"
        fine = f"({few} OR NOT coalesce({mass.terkena}, false))"
        share = round(1 - mass.rule.bagian_maks, DECIMALS)
        suite.append(_meets(mass.kolom, mass.standar, mass.rule.nama, fine, share))
    return suite


def _meets(column: str, standard: str, rule: str, predicate: str, mostly: float) -> Any:
    return ExpectColumnValuesToMeetStandard(
        column=column, standard=standard, rule=rule, predicate=predicate, mostly=mostly
    )


def explain(contract: Contract, outcome: Outcome) -> str:
    """Why a failed expectation sends the delivery back, in Bahasa."""
    share = f"{outcome.unexpected_share:.1%}".replace(".", ",")
    limit = f"{outcome.limit:.1%}".replace(".", ",")
    if outcome.kind == "expect_table_row_count_to_be_between":
        return f"Hanya {outcome.observed} baris data; paling sedikit {contract.batas.baris_min}."
    if outcome.rule == "baris_ditolak":
        return f"{outcome.unexpected} baris ({share}) tidak memenuhi standar; batasnya {limit}."
    if outcome.kind == "expect_column_values_to_not_be_null":
        return f"Kolom {outcome.column} kosong pada {outcome.unexpected} baris ({share}; batas {limit})."
    if outcome.column is None or outcome.kind == "expect_column_values_to_be_unique":
        return f"Kunci {', '.join(contract.kunci)} berulang pada {outcome.unexpected} baris (batas {limit})."
    return (
        f"Kolom {outcome.column}: {outcome.unexpected} nilai ({share}) melanggar standar "
        f"{outcome.standard} ({outcome.rule}); batas {limit}."
    )
