"""The rules of DCAT-AP 3 as SHACL, written from its tables of properties: path, least, most, range.

A range is a class that the value must have, a datatype, `iri`, `text` (a literal), or `day` (a date).
"""

from __future__ import annotations

from typing import Any

from pyshacl import validate
from rdflib import Graph

PREFIXES = """
@prefix adms: <http://www.w3.org/ns/adms#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix spdx: <http://spdx.org/rdf/terms#> .
@prefix vcard: <http://www.w3.org/2006/vcard/ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
MANY = None
Rule = tuple[str, int, int | None, str]
MANDATORY: dict[str, list[Rule]] = {
    "dcat:Catalog": [
        ("dct:title", 1, MANY, "text"),
        ("dct:description", 1, MANY, "text"),
        ("dct:publisher", 1, 1, "foaf:Agent"),
        ("dcat:dataset", 0, MANY, "dcat:Dataset"),
        ("dct:language", 0, MANY, "dct:LinguisticSystem"),
        ("dct:spatial", 0, MANY, "dct:Location"),
        ("dct:modified", 0, 1, "day"),
        ("dcat:themeTaxonomy", 0, MANY, "skos:ConceptScheme"),
        ("foaf:homepage", 0, 1, "foaf:Document"),
        ("dct:license", 0, 1, "dct:LicenseDocument"),
    ],
    "dcat:Dataset": [
        ("dct:title", 1, MANY, "text"),
        ("dct:description", 1, MANY, "text"),
        ("dcat:distribution", 0, MANY, "dcat:Distribution"),
        ("dct:publisher", 0, 1, "foaf:Agent"),
        ("dcat:contactPoint", 0, MANY, "vcard:Kind"),
        ("dcat:keyword", 0, MANY, "text"),
        ("dcat:theme", 0, MANY, "skos:Concept"),
        ("dct:spatial", 0, MANY, "dct:Location"),
        ("dct:temporal", 0, MANY, "dct:PeriodOfTime"),
        ("dct:accessRights", 0, 1, "dct:RightsStatement"),
        ("dct:accrualPeriodicity", 0, 1, "dct:Frequency"),
        ("dct:language", 0, MANY, "dct:LinguisticSystem"),
        ("dct:provenance", 0, MANY, "dct:ProvenanceStatement"),
        ("dcat:landingPage", 0, MANY, "foaf:Document"),
        ("foaf:page", 0, MANY, "foaf:Document"),
        ("dct:modified", 0, 1, "day"),
        ("dct:identifier", 0, MANY, "text"),
        ("dcat:version", 0, 1, "text"),
    ],
    "dcat:Distribution": [
        ("dcat:accessURL", 1, MANY, "iri"),
        ("dcat:downloadURL", 0, MANY, "iri"),
        ("dcat:mediaType", 0, 1, "dct:MediaType"),
        ("dct:format", 0, 1, "dct:MediaTypeOrExtent"),
        ("dct:license", 0, 1, "dct:LicenseDocument"),
        ("dcat:byteSize", 0, 1, "xsd:nonNegativeInteger"),
        ("spdx:checksum", 0, 1, "spdx:Checksum"),
        ("dct:modified", 0, 1, "day"),
    ],
    "spdx:Checksum": [
        ("spdx:algorithm", 1, 1, "spdx:ChecksumAlgorithm"),
        ("spdx:checksumValue", 1, 1, "xsd:hexBinary"),
    ],
    "foaf:Agent": [("foaf:name", 1, MANY, "text"), ("dct:type", 0, 1, "skos:Concept")],
    "skos:Concept": [("skos:prefLabel", 1, MANY, "text")],
    "skos:ConceptScheme": [("dct:title", 1, MANY, "text")],
    "dct:PeriodOfTime": [("dcat:startDate", 0, 1, "day"), ("dcat:endDate", 0, 1, "day")],
    "vcard:Kind": [("vcard:hasEmail", 0, MANY, "iri"), ("vcard:hasURL", 0, MANY, "iri")],
}
RECOMMENDED: dict[str, list[str]] = {
    "dcat:Catalog": ["dct:language", "dct:modified", "dct:spatial", "dcat:themeTaxonomy", "foaf:homepage",
                     "dcat:dataset"],
    "dcat:Dataset": ["dcat:contactPoint", "dcat:distribution", "dcat:keyword", "dct:publisher", "dct:spatial",
                     "dct:temporal", "dcat:theme"],
    "dcat:Distribution": ["dct:description", "dct:format", "dct:license"],
    "dct:PeriodOfTime": ["dcat:startDate", "dcat:endDate"],
}  # fmt: skip
_RANGES = {
    "iri": "sh:nodeKind sh:IRI",
    "text": "sh:nodeKind sh:Literal ; sh:minLength 1",
    "day": "sh:or ([ sh:datatype xsd:date ] [ sh:datatype xsd:dateTime ])",
}


def shapes(advice: bool = False) -> Graph:
    """The shapes of what must hold, or of what is recommended."""
    text = PREFIXES
    for target, rules in MANDATORY.items():
        chosen = [(path, 1, MANY, "") for path in RECOMMENDED.get(target, [])] if advice else rules
        properties = [_property(*rule) for rule in chosen]
        text += f"[] a sh:NodeShape ; sh:targetClass {target} ; {' ; '.join(properties) or 'sh:closed false'} .\n"
    return Graph().parse(data=text, format="turtle")


def _property(path: str, least: int, most: int | None, range_: str) -> str:
    parts = [f"sh:path {path}", f"sh:minCount {least}"]
    if most is not None:
        parts.append(f"sh:maxCount {most}")
    if range_:
        kind = "sh:datatype" if range_.startswith("xsd:") else "sh:class"
        parts.append(_RANGES.get(range_, f"{kind} {range_}"))
    return f"sh:property [ {' ; '.join(parts)} ]"


def problems(graph: Graph, advice: bool = False) -> str:
    """What SHACL finds; empty if the graph conforms."""
    found: tuple[bool, Any, str] = validate(graph, shacl_graph=shapes(advice), inference="none")
    return "" if found[0] else found[2]
