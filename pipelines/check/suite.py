"""The Great Expectations suite of a contract, generated from the same rules as the row check."""

from __future__ import annotations

from typing import Any

from expectations.gx import ExpectColumnValuesToMeetStandard, Outcome, gxe
from pipelines.check.compile import Compiled, ident
from pipelines.contract.model import Contract


def expectations_of(contract: Contract, compiled: Compiled) -> list[Any]:
    """Expectations over `data_periksa`; a share of rows up to `batas.ditolak_maks` may break each.

    Warnings are for the produsen to mend and never send a delivery back, so they are no expectation.
    """
    mostly = 1 - contract.batas.ditolak_maks
    critical = [r for r in compiled.rules if r.tingkat == "kritis"]
    suite: list[Any] = [gxe.ExpectTableRowCountToBeBetween(min_value=contract.batas.baris_min)]
    for rule in critical:
        if rule.standar == "wajib":
            suite.append(gxe.ExpectColumnValuesToNotBeNull(column=rule.kolom, mostly=mostly))
        else:
            suite.append(_meets(rule.kolom, rule.standar, rule.nama, rule.sah, mostly))
    if len(contract.kunci) > 1:
        suite.append(gxe.ExpectCompoundColumnsToBeUnique(column_list=contract.kunci, mostly=mostly))
    elif contract.kunci:
        suite.append(gxe.ExpectColumnValuesToBeUnique(column=contract.kunci[0], mostly=mostly))
    if critical:
        # Each rule may stay below the limit while the rows refused by any of them do not.
        together = " AND ".join(f"coalesce({r.sah}, true)" for r in critical)
        suite.append(_meets("_no", "kontrak", "baris_ditolak", f"({together})", mostly))
    for mass in compiled.mass_rules:
        fine = f"({ident(mass.kolom)} IS NULL OR NOT coalesce({mass.terkena}, false))"
        suite.append(_meets(mass.kolom, mass.standar, mass.rule.nama, fine, 1 - mass.rule.bagian_maks))
    return suite


def _meets(column: str, standard: str, rule: str, predicate: str, mostly: float) -> Any:
    return ExpectColumnValuesToMeetStandard(
        column=column, standard=standard, rule=rule, predicate=predicate, mostly=mostly
    )


def explain(contract: Contract, outcome: Outcome) -> str:
    """Why a failed expectation sends the delivery back, in Bahasa."""
    share = f"{outcome.unexpected_share:.1%}".replace(".", ",")
    limit = f"{contract.batas.ditolak_maks:.1%}".replace(".", ",")
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
