import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withParts } from "../provider/source/script-parts";

/** The folder `sql`, seen from the compiled file in `dist/sql`. */
const FOLDER = join(__dirname, "..", "..", "sql");

// `npm run sql`: copies the current parts into every script. Commit both.
for (const name of readdirSync(FOLDER).filter((each) => each.endsWith(".sql"))) {
  const file = join(FOLDER, name);
  const script = readFileSync(file, "utf8");
  const made = withParts(script, (part) => readFileSync(join(FOLDER, "parts", `${part}.sql`), "utf8"));
  if (made === script) continue;
  writeFileSync(file, made);
  console.log(`rewrote sql/${name}`);
}
