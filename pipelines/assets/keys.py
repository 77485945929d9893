"""Names of the assets: the stage, then what the stage calls the thing."""

from __future__ import annotations

import dagster as dg

from pipelines.contract.model import Contract
from pipelines.warehouse import bridges, open_data_name

REGISTER = dg.AssetKey(["register", "identitas"])
RELEASE = dg.AssetKey(["rilis", "latest"])


def landing_key(contract: Contract) -> dg.AssetKey:
    """The files as the produsen dropped them."""
    return dg.AssetKey(["landing", contract.produsen, contract.dataset])


def staging_key(contract: Contract) -> dg.AssetKey:
    """The accepted rows."""
    return dg.AssetKey(["staging", contract.produsen, contract.dataset])


def fact_key(contract: Contract) -> dg.AssetKey:
    """The conformed table, named as in the warehouse."""
    return dg.AssetKey(["conformed", contract.table])


def open_key(contract: Contract) -> dg.AssetKey:
    """The published dataset, named as in the warehouse."""
    return dg.AssetKey(["open_data", open_data_name(contract)])


def bridge_keys(contract: Contract) -> list[dg.AssetKey]:
    """The bridges from the rows to whom they are about, named as in the warehouse."""
    return [dg.AssetKey(["conformed", name]) for name in bridges(contract)]
