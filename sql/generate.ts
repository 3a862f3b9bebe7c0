import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withParts } from "./script-parts";

/** The folder of the scripts; this file is compiled to `dist/sql`. */
const FOLDER = join(__dirname, "..", "..", "sql");

const USAGE = `Usage: npm run sql

Puts the current parts (sql/parts) into every script of sql/. Commit both together.`;

const [argument] = process.argv.slice(2);
if (argument === undefined) {
  writeScripts();
} else if (argument === "--help" || argument === "-h") {
  console.log(USAGE);
} else {
  console.error(`unknown argument '${argument}'\n\n${USAGE}`);
  process.exitCode = 2;
}

function writeScripts(): void {
  for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".sql"))) {
    const file = join(FOLDER, name);
    const script = readFileSync(file, "utf8");
    const made = withParts(script, (part) => readFileSync(join(FOLDER, "parts", `${part}.sql`), "utf8"));
    if (made === script) continue;
    writeFileSync(file, made);
    console.log(`rewrote sql/${name}`);
  }
}
