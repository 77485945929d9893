/**
 * DuckDB in a worker. Nothing of it is loaded before the first query. It comes in one script, worker and engine
 * inside, so that it starts in the same way from a server and from a USB stick.
 */
(() => {
  "use strict";
  const SD = window.SatuData;
  const FILE_READER = 2; // DuckDBDataProtocol.BROWSER_FILEREADER: read in slices, never the whole file
  let running = null;

  // The worker would fetch the engine from an address, which a page opened from a file has none of: it is handed over
  // in a message instead. There is no other way out of the worker: a query never reaches a network.
  const HAND_OVER = `const handed = new Promise((resolve) => addEventListener("message", (event) => {
    event.stopImmediatePropagation();
    resolve(event.data);
  }, { once: true }));
  fetch = async () => new Response(await handed, { headers: { "Content-Type": "application/wasm" } });
  XMLHttpRequest = class { constructor() { throw new Error("This page reads no network"); } };
  console.log = console.error = () => {}; // what goes wrong is told on the page
  `;

  const inflated = (base64) => {
    const text = atob(base64);
    const bytes = new Uint8Array(text.length);
    for (let n = 0; n < text.length; n++) bytes[n] = text.charCodeAt(n);
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
  };

  const start = async () => {
    if (!window.DecompressionStream || !window.WebAssembly) throw new Error(SD.t("Browser ini terlalu lama untuk mesin SQL; perbarui dahulu."));
    const { klien, pekerja, wasm } = await SD.ambil("duckdb/mesin.js", "mesin", "duckdb");
    const engine = await inflated(wasm);
    const script = URL.createObjectURL(new Blob([HAND_OVER, pekerja], { type: "text/javascript" }));
    const worker = new Worker(script);
    worker.postMessage(engine, [engine]);
    const db = new klien.AsyncDuckDB(new klien.VoidLogger(), worker);
    await db.instantiate("data:,");
    URL.revokeObjectURL(script);
    return { db, worker, files: new Set(), connection: await db.connect() };
  };

  /** Values of an Arrow table as rows of arrays. */
  const rows = (table) => {
    const columns = table.schema.fields.map((_, n) => table.getChildAt(n));
    return Array.from({ length: table.numRows }, (_, row) => columns.map((column) => column.get(row)));
  };

  SD.mesin = {
    /** A name as SQL. @param {string} name */
    kutip: (name) => `"${name.replaceAll('"', '""')}"`,

    /** Start the engine, or do nothing where it runs. Rejects where the browser cannot. */
    nyalakan: () => {
      running ||= start();
      running.catch(() => { running = null; });
      return running;
    },

    /** Stop everything at once; the next query starts a new engine. */
    matikan: async () => {
      const stopped = running;
      running = null;
      if (stopped) (await stopped).worker.terminate();
    },

    /** @param {string} sql @returns {Promise<Array<Array>>} rows; rejects with DuckDB's own message */
    tanya: async (sql) => rows(await (await SD.mesin.nyalakan()).connection.query(sql)),

    /** Does this engine have the file? @param {string} name */
    punya: async (name) => (await SD.mesin.nyalakan()).files.has(name),

    /** Let SQL read a file. @param {string} name as SQL shall call it @param {Blob} blob */
    beri: async (name, blob) => {
      const { db, files } = await SD.mesin.nyalakan();
      await db.registerFileHandle(name, blob, FILE_READER, true);
      files.add(name);
    },

    /** Bytes of a file that SQL wrote; the file is gone then. @param {string} name */
    keluarkan: async (name) => {
      const { db } = await SD.mesin.nyalakan();
      const bytes = await db.copyFileToBuffer(name);
      await db.dropFile(name);
      return bytes;
    },
  };
})();
