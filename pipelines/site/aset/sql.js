/** Running a query: which files it needs, what is said meanwhile, and what went wrong. */
(() => {
  "use strict";
  const SD = window.SatuData;
  const id = (name) => document.getElementById(name);
  const READS = /^\s*(--[^\n]*\n\s*|\/\*[^]*?\*\/\s*)*(select|with|from|values|pivot|unpivot|table|\()/i;
  let stopped = null; // rejects what is running

  const say = (text, values) => { id("status").textContent = text ? SD.t(text, values) : ""; };

  // Not `disabled`: a button that is disabled loses the focus of whoever pressed it.
  const busy = (is) => {
    id("jalankan").setAttribute("aria-disabled", is);
    id("hentikan").hidden = !is;
    id("kueri").setAttribute("aria-busy", is);
  };

  /** The query stands in brackets on lines of its own, so it can only read, and DuckDB counts one line more. */
  const ask = async (sql) => {
    if (!READS.test(sql)) throw new SyntaxError(SD.t("Hanya perintah yang membaca data: SELECT, WITH, FROM, VALUES atau PIVOT."));
    say("Memuat mesin SQL ({ukuran}, sekali saja) …", { ukuran: id("sql").dataset.ukuran });
    await SD.mesin.nyalakan();
    for (const { slug, nama, berkas, ukuran } of SD.tabelDalam(sql)) {
      if (await SD.mesin.punya(berkas)) continue;
      say("Mengambil {nama} ({ukuran}) …", { nama, ukuran });
      await SD.mesin.beri(berkas, await SD.berkas(slug, berkas));
      await SD.mesin.tanya(`CREATE OR REPLACE VIEW ${SD.mesin.kutip(nama)} AS FROM '${berkas}'`);
    }
    say("Menghitung …");
    const began = performance.now();
    await SD.mesin.tanya(`CREATE OR REPLACE TEMP TABLE hasil AS FROM (\n${sql}\n)`);
    return (performance.now() - began) / 1000;
  };

  const explain = (error, sql) => {
    const box = id("galat");
    box.hidden = false;
    const line = /LINE (\d+):/.exec(error.message);
    const at = line && Math.max(1, Math.min(line[1] - 1, sql.split("\n").length));
    const told = document.createElement("p");
    const strong = document.createElement("strong");
    told.append(strong);
    if (error instanceof SD.berkasKurang) {
      strong.textContent = SD.t("Pilih dahulu folder rilis di atas, atau berkas {nama}.", { nama: error.message });
      box.replaceChildren(told);
      id("folder").focus();
      return;
    }
    strong.textContent = at ? SD.t("Ada yang salah pada baris {n}.", { n: at }) : SD.t("Tidak dapat dijalankan.");
    const words = Object.assign(document.createElement("pre"), { lang: "en" });
    words.textContent = error.message.replace(/^Error: /, "").replace(/LINE (\d+):/, at ? `LINE ${at}:` : "$&");
    box.replaceChildren(told, words);
    SD.editor.tunjuk(at);
  };

  id("kueri").addEventListener("submit", async (event) => {
    event.preventDefault();
    const sql = SD.editor.isi();
    if (id("jalankan").getAttribute("aria-disabled") === "true") return;
    id("galat").hidden = true;
    SD.hasil.hapus();
    busy(true);
    try {
      const interrupted = new Promise((_, reject) => { stopped = reject; });
      const seconds = await Promise.race([ask(sql), interrupted]);
      const count = await SD.hasil.tampil();
      say("{n} baris dalam {detik} detik.", { n: SD.angka(count), detik: SD.angka(seconds) });
    } catch (error) {
      say(error === SD.mesin ? "Dihentikan." : "");
      if (error !== SD.mesin) explain(error, sql);
    } finally {
      busy(false);
    }
  });

  id("hentikan").addEventListener("click", () => {
    stopped(SD.mesin);
    SD.mesin.matikan();
    id("sql-teks").focus();
  });
})();
