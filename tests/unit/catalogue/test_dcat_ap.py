from __future__ import annotations

import json
from copy import deepcopy
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from rdflib import RDF, Graph, Literal, URIRef

from pipelines.catalogue import Dataset, Portal
from pipelines.catalogue.dcat_ap import katalog
from pipelines.catalogue.parts import Jadwal

from .dcat_ap_shapes import MANDATORY, problems
from .kit import AWKWARD, SERVED, STICK, bare, both, dataset, descriptor, folder, texts

PLACE = "file:///media/usb/katalog.jsonld"
FREQUENCY = "http://publications.europa.eu/resource/authority/frequency/"


TERMS = {"dct": "http://purl.org/dc/terms/", "dcat": "http://www.w3.org/ns/dcat#", "foaf":
         "http://xmlns.com/foaf/0.1/", "skos": "http://www.w3.org/2004/02/skos/core#", "spdx":
         "http://spdx.org/rdf/terms#", "vcard": "http://www.w3.org/2006/vcard/ns#"}  # fmt: skip


def full(name: str) -> URIRef:
    prefix, _, local = name.partition(":")
    return URIRef(TERMS[prefix] + local)


def graph(document: dict[str, Any], place: str = PLACE) -> Graph:
    return Graph().parse(data=json.dumps(document, ensure_ascii=False), format="json-ld", publicID=place)


@pytest.mark.parametrize("portal", [SERVED, STICK])
def test_it_keeps_the_rules_of_dcat_ap(portal: Portal) -> None:
    found = graph(katalog(both(), portal))
    assert problems(found) == ""
    assert problems(graph(katalog([dataset()], portal)), advice=True) == ""
    home = "https://data.example.id/unduh/" if portal.base_url else "file:///media/usb/"
    one = URIRef(f"{home}katalog.jsonld#dinas-harga")
    assert (one, RDF.type, full("dcat:Dataset")) in found
    assert found.value(one, full("dct:description")) == Literal(AWKWARD, lang="id")
    assert found.value(one, full("dct:accrualPeriodicity")) == URIRef(f"{FREQUENCY}MONTHLY")
    assert len(list(found.objects(one, full("dct:spatial")))) == 2
    agency = found.value(one, full("dct:publisher"))
    assert found.value(agency, full("dct:type")) == URIRef("http://purl.org/adms/publishertype/RegionalAuthority")
    csv = URIRef(f"{home}katalog.jsonld#dinas-harga/dinas-harga.csv")
    assert found.value(csv, full("dcat:downloadURL")) == URIRef(f"{home}dinas-harga/dinas-harga.csv")
    assert not [node for node in found.all_nodes() if isinstance(node, URIRef) and "://" not in node[:10] and
                not node.startswith("mailto:")]  # fmt: skip


def test_on_a_usb_stick_it_leads_to_the_files_beside_it(tmp_path: Path) -> None:
    folder(tmp_path, descriptor())
    path = tmp_path / "katalog.jsonld"
    path.write_text(json.dumps(katalog([dataset()], STICK), ensure_ascii=False), encoding="utf-8")
    found = Graph().parse(path, format="json-ld")
    files = list(found.objects(None, full("dcat:downloadURL")))
    assert len(files) == 3
    assert all(Path(str(f).removeprefix("file://")).is_file() for f in files)


def test_each_file_has_the_licence_that_it_has() -> None:
    found = graph(katalog([dataset()], STICK))
    places, csv = (URIRef(f"{PLACE}#dinas-harga/{name}") for name in ("kode_wilayah.csv", "dinas-harga.csv"))
    assert found.value(places, full("dct:license")) == URIRef("https://opendatacommons.org/licenses/odbl/1-0/")
    assert found.value(csv, full("dct:license")) == URIRef("https://creativecommons.org/licenses/by/4.0/")
    assert found.value(URIRef(f"{PLACE}#dinas-harga/dinas-harga.parquet"), full("dct:format")) == URIRef(
        "http://publications.europa.eu/resource/authority/file-type/PARQUET"
    )


def test_nothing_is_said_of_what_is_not_known() -> None:
    found = katalog([Dataset.of(bare())], STICK)
    node = next(n for n in found["@graph"] if n["@type"] == "dcat:Dataset")
    assert not {"spatial", "temporal", "theme", "provenance", "version"} & set(node)
    assert "hasEmail" not in node["contactPoint"]
    assert problems(graph(katalog([], STICK))) == ""


def test_shared_nodes_stand_once() -> None:
    many = [dataset(f"dinas-d{i}") for i in range(5)]
    nodes = [n["@id"] for n in katalog(many, STICK)["@graph"]]
    assert len(nodes) == len(set(nodes))
    assert nodes.count("#produsen/dinas") == nodes.count("#wilayah/33.02") == 1
    assert json.dumps(katalog(many, SERVED)) == json.dumps(katalog(list(reversed(many)), SERVED))


@pytest.mark.parametrize("jadwal", get_args(Jadwal))
def test_every_cadence_has_an_iri(jadwal: str) -> None:
    (found,) = graph(katalog([dataset(jadwal=jadwal)], STICK)).objects(None, full("dct:accrualPeriodicity"))
    assert found.startswith(FREQUENCY)


NEEDED = [(c, path) for c, rules in MANDATORY.items() for path, least, *_ in rules if least]
RANGED = [(c, path) for c, rules in MANDATORY.items() for path, _, _, range_ in rules if range_ != "text"]


@pytest.mark.parametrize(("of", "path"), NEEDED)
def test_without_a_mandatory_property_it_breaks_the_rules(of: str, path: str) -> None:
    found = graph(katalog([dataset()], STICK))
    subject = next(s for s in found.subjects(RDF.type, full(of)))
    assert next(found.objects(subject, full(path)), None) is not None
    found.remove((subject, full(path), None))
    assert f"<{full(path)}>" in problems(found) or path in problems(found)


@pytest.mark.parametrize(("of", "path"), RANGED)
def test_with_a_value_out_of_range_it_breaks_the_rules(of: str, path: str) -> None:
    found = graph(katalog([dataset()], STICK))
    subject = next(iter(found.subjects(RDF.type, full(of))))
    found.set((subject, full(path), Literal("bukan itu")))
    assert problems(found)


def test_the_shapes_of_the_tests_miss_what_is_advised() -> None:
    assert "dct:temporal" in problems(graph(katalog([dataset(cakupan={})], STICK)), advice=True)


@settings(max_examples=15, deadline=None)
@given(texts.filter(len), texts, texts.filter(len), texts)
def test_any_text_makes_whole_rdf(title: str, description: str, name: str, address: str) -> None:
    found = deepcopy(descriptor(kategori=name, asal=[{"langkah": description, "keterangan": name}]))
    found |= {"title": title, "description": description, "licenses": [{"name": name, "path": address}]}
    found["satudata"]["produsen"] |= {"nama": name, "situs": address, "surel": address}
    result = graph(katalog([Dataset.of(found)], STICK))
    assert problems(result) == ""
    assert result.value(URIRef(f"{PLACE}#dinas-harga"), full("dct:title")) == Literal(title, lang="id")
    result.serialize(format="nt")  # an IRI that is none is refused here
