/**
 * Turns the packages of node_modules into what the site ships. Usage: node pack.cjs <folder to write to>
 *
 * mesin.js is DuckDB in one script: Arrow, the client, the worker's source and the engine itself. A page opened from a
 * USB stick may neither fetch a file nor start a worker from one, but a script may be loaded by any page. The engine
 * is deflated by a library in plain JavaScript, not by the machine's zlib, so that every machine writes the same bytes.
 */
"use strict";
const { copyFileSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");
const { zlibSync } = require("fflate");

const out = process.argv[2];
const folder = (name) => join(__dirname, "node_modules", name);
const text = (...parts) => readFileSync(join(...parts), "utf8");
const version = (name) => JSON.parse(text(folder(name), "package.json")).version;

const duckdb = join(folder("@duckdb/duckdb-wasm"), "dist");
const arrow = folder("apache-arrow");
const engine = Buffer.from(zlibSync(readFileSync(join(duckdb, "duckdb-eh.wasm")), { level: 9 })).toString("base64");
const worker = text(duckdb, "duckdb-browser-eh.worker.js");
const asModule = (source) => `((module) => { ((exports, require) => {${source}\n})(module.exports, () => Arrow);
return module.exports; })({ exports: {} })`;
const withoutMap = (source) => source.replace(/^\/\/# sourceMappingURL=.*$/m, "");

const about = `DuckDB-Wasm ${version("@duckdb/duckdb-wasm")}, MIT License, Copyright Stichting DuckDB Foundation.
Apache Arrow ${version("apache-arrow")}, Apache License 2.0, with this notice:

${text(arrow, "NOTICE.txt").trim()}
`;
writeFileSync(join(out, "LISENSI.txt"), about);
writeFileSync(join(out, "mesin.js"), `/* ${about.replaceAll("*/", "* /")}*/
(() => {
const Arrow = ${asModule(withoutMap(text(arrow, "Arrow.es2015.min.js")))};
const klien = ${asModule(withoutMap(text(duckdb, "duckdb-browser.cjs")))};
SatuData.muat("mesin", "duckdb", { klien, pekerja: ${JSON.stringify(withoutMap(worker))}, wasm: "${engine}" });
})();
`);
copyFileSync(join(folder("axe-core"), "axe.min.js"), join(out, "axe.min.js"));
