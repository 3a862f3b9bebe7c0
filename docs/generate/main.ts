import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../../provider/errors/catalogue";
import { ERROR_EXAMPLES } from "./error-examples";
import { describeExampleMismatch } from "./example-mismatch";
import { generatedPages } from "./generated-pages";

/** `npm run docs`: writes the generated pages of docs/ and the generated blocks of other pages. */
const mismatch = describeExampleMismatch(Object.keys(catalogue), Object.keys(ERROR_EXAMPLES));
if (mismatch === undefined) {
  for (const [name, text] of Object.entries(generatedPages())) writeFileSync(join(__dirname, "..", name), text);
} else {
  console.error(mismatch);
  process.exitCode = 1;
}
