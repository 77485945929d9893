"""The cases of real files: whose record is it?"""

from __future__ import annotations

from tests.unit.identity.conftest import person


def twin(of, **other):
    """The other twin of a person: same birth date, mother, KK and address; the next NIK."""
    nik = str(of["nik"])
    return of | {"kunci": f"{of['kunci']}b", "nik": f"{nik[:12]}{int(nik[12:]) + 20:04}"} | other


def test_exact_nik(register, crowd, opd):
    register.night([*crowd, opd(person(3))])
    assert register.same("opd/x", "register/R0003")
    assert register.method("opd/x") == "nik"


def test_every_background_record_is_its_person(register, crowd):
    linked = register.night(crowd)
    assert linked.counts["orang"] == 400
    assert all(register.same(f"latar/L{n}", f"register/R{n:04}") for n in range(0, 400, 37))


def test_nik_one_edit_away(register, crowd, opd):
    nik = str(person(5)["nik"])
    rows = [
        opd(person(5), "digit", nik=nik[:3] + str((int(nik[3]) + 3) % 10) + nik[4:]),
        opd(person(5), "swap", nik=nik[:8] + nik[9] + nik[8] + nik[10:]),
        opd(person(5), "excel", nik=nik[:15] + "0"),
    ]
    register.night([*crowd, *rows])
    for row in rows:
        assert register.same(f"opd/{row['kunci']}", "register/R0005"), row
        assert register.method(f"opd/{row['kunci']}") == "nik_dekat"


def test_no_nik_but_kk_name_and_birth_date(register, crowd, opd):
    register.night([*crowd, opd(person(8), nik=None, nama_ibu=None, alamat=None)])
    assert register.same("opd/x", "register/R0008")
    assert register.method("opd/x") == "kk"


def test_no_nik_no_kk_other_spelling(register, crowd, opd):
    of = person(8) | {"nama": "Mochamad Joesoef Wicaksono", "kunci": "R9000", "nik": "3301010203610009"}
    register.night([*crowd, of, opd(of, nik=None, no_kk=None, nama="M. YUSUF WICAKSONO, S.Pd")])
    assert register.same("opd/x", "register/R9000")
    assert register.method("opd/x") == "mirip"


def test_order_of_the_names(register, crowd, opd):
    of = person(9) | {"nama": "Sri Lestari Mulyaningrum"}
    register.night(
        [of if row["kunci"] == "R0009" else row for row in crowd]
        + [opd(of, nik=None, no_kk=None, nama="Mulyaningrum Sri Lestari")]
    )
    assert register.same("opd/x", "register/R0009")


def test_day_and_month_swapped_and_first_of_january(register, crowd, opd):
    of = next(
        person(n)
        for n in range(400)
        if str(person(n)["tanggal_lahir"])[8:] == "04" and str(person(n)["tanggal_lahir"])[5:7] != "04"
    )
    year, month, day = str(of["tanggal_lahir"]).split("-")
    rows = [
        opd(of, "swap", nik=None, tanggal_lahir=f"{year}-{day}-{month}"),
        opd(of, "jan", nik=None, tanggal_lahir=f"{year}-01-01"),
    ]
    register.night([*crowd, *rows])
    assert register.same("opd/swap", f"register/{of['kunci']}")
    assert register.same("opd/jan", f"register/{of['kunci']}")


def test_wife_under_her_husbands_name(register, crowd, opd):
    register.night(
        [
            *crowd,
            opd(person(7), nama=f"Ny. {person(2)['nama']}"),
            opd(person(7), "tanpa", nik=None, nama=f"NY {person(2)['nama']}"),
        ]
    )
    assert register.same("opd/x", "register/R0007")
    assert register.same("opd/tanpa", "register/R0007")
    assert not register.same("opd/x", "register/R0002")


def test_moved_to_another_desa(register, crowd, opd):
    of = person(10) | {"nama": "Wicaksono Hadiningrat"}
    rows = [of if row["kunci"] == "R0010" else row for row in crowd]
    register.night([*rows, opd(of, nik=None, no_kk=None, kode_wilayah="33.02.05.2004", alamat="Jl. Baru 9")])
    assert register.same("opd/x", "register/R0010")


def test_twins_stay_apart(register, crowd, opd):
    one = person(11) | {"tanggal_lahir": "2015-06-06", "nama": "Aisyah Putri", "nik": "3301014606150001"}
    other = twin(one, nama="Fatimah Putri")
    rows = [row for row in crowd if row["kunci"] not in ("R0011", "L11")]
    register.night([*rows, one, other, opd(one, "a", nik=None), opd(other, "b", nik=None), opd(other, "c")])
    assert not register.same("register/R0011", "register/R0011b")
    assert register.same("opd/a", "register/R0011")
    assert register.same("opd/b", "register/R0011b")
    assert register.same("opd/c", "register/R0011b")


def test_twin_under_the_nik_of_the_other_is_not_linked_to_the_other_by_it(register, crowd, opd):
    one = person(11) | {"tanggal_lahir": "2015-06-06", "nama": "Aisyah Putri", "nik": "3301014606150001"}
    other = twin(one, nama="Fatimah Rahayu")
    rows = [row for row in crowd if row["kunci"] not in ("R0011", "L11")]
    register.night([*rows, one, other, opd(other, "b", nik=one["nik"])])
    # Nobody can know; whichever it is, it is not accepted for the NIK alone.
    assert not register.same("opd/b", "register/R0011")


def test_namesakes_in_one_desa_stay_apart(register, crowd, opd):
    one = person(12) | {"nama": "Sri Lestari", "tanggal_lahir": "1970-05-03", "nik": "3301014305700001"}
    other = one | {"kunci": "R9001", "tanggal_lahir": "1981-02-17", "nik": "3301015702810001",
                   "no_kk": "3301010101209999", "nama_ibu": "Karsinah", "alamat": "Dusun Lain RT 9"}  # fmt: skip
    rows = [row for row in crowd if row["kunci"] not in ("R0012", "L12")]
    register.night([*rows, one, other, opd(other, nik=None, no_kk=None, nama_ibu=None, alamat=None)])
    assert register.same("opd/x", "register/R9001")


def test_child_under_a_parents_nik(register, crowd, opd):
    parent = person(13)
    child = parent | {"kunci": "R9002", "nik": "3301014505180009", "nama": "Naura Salsabila",
                      "tanggal_lahir": "2018-05-05", "nama_ibu": parent["nama"], "jenis_kelamin": "P"}  # fmt: skip
    register.night([*crowd, child, opd(child, nik=parent["nik"])])
    assert not register.same("opd/x", "register/R0013")
    assert register.same("opd/x", "register/R9002")


def test_one_nik_on_many_persons_is_no_proof(register, crowd, opd):
    shared = person(20)["nik"]
    rows = [opd(person(n), f"s{n}", nik=shared) for n in (20, 21, 22, 23, 24)]
    register.night([*crowd, *rows])
    for n in (20, 21, 22, 23, 24):
        assert register.same(f"opd/s{n}", f"register/R{n:04}"), n


def test_one_nik_on_persons_who_are_not_in_the_register(register, crowd, opd):
    shared = "3301010101990077"
    strangers = [
        opd(person(n), f"s{n}", nik=shared, nama=f"{name} {name}ningrat", no_kk=None, tanggal_lahir=born, nama_ibu=None)
        for n, name, born in ((20, "Wito", "1950-03-04"), (21, "Karsih", "1977-08-09"), (22, "Paiman", "2003-12-11"))
    ]
    register.night([*crowd, *strangers])
    assert len({register.id(f"opd/s{n}") for n in (20, 21, 22)}) == 3


def test_files_without_a_register(register, crowd, opd):
    alone = [row for row in crowd if row["sumber"] != "register"]
    register.night([*alone, opd(person(30)), opd(person(31), "y", nik=None)])
    assert register.same("opd/x", "latar/L30")
    assert register.same("opd/y", "latar/L31")
    assert not register.same("opd/x", "opd/y")


def test_two_register_persons_are_never_joined_by_what_lies_between(register, crowd, opd):
    one = person(14) | {"nama": "Slamet Riyadi Utomo"}
    other = one | {"kunci": "R9003", "nik": "3301010101010101", "nama": "Slamet Riyadi", "no_kk": "3301010101209998"}
    rows = [one if row["kunci"] == "R0014" else row for row in crowd]
    register.night(
        [*rows, other, opd(one, "a", nama="Slamet R. U.", nik=None), opd(one, "b", nama="Slamet Riyadi U.", nik=None)]
    )
    assert not register.same("register/R0014", "register/R9003")


def test_links_carry_score_and_model(register, crowd):
    linked = register.night(crowd)
    rows = register.con.execute("SELECT DISTINCT model_versi FROM xref").fetchall()
    assert rows == [(linked.model.version,)]
    assert register.con.execute("SELECT min(skor), max(skor) FROM xref WHERE metode = 'nik'").fetchone() == (1.0, 1.0)
    assert type(linked.model).from_json(linked.model.to_json()) == linked.model


def test_every_answer_counts_however_many_there_are(register, crowd):
    one = [{**dict.fromkeys(crowd[0]), "sumber": "opd", "kunci": f"a{n}", "nama": f"zz{n} satu"} for n in range(30)]
    other = [{**dict.fromkeys(crowd[0]), "sumber": "lain", "kunci": f"b{n}", "nama": f"yy{n} dua"} for n in range(30)]
    register.night([*crowd, *one, *other], answers=[(f"opd/a{n}", f"lain/b{n}", "sama") for n in range(30)])
    assert [n for n in range(30) if not register.same(f"opd/a{n}", f"lain/b{n}")] == []
