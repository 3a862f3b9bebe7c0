import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generatedPages } from "./generated-pages";

/** `npm run docs`: writes the pages of docs/ that are made from the code, and the parts of others. */
for (const [name, text] of Object.entries(generatedPages())) writeFileSync(join(__dirname, "..", name), text);
