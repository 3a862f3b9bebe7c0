import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { catalogue } from "../../provider/errors/catalogue";
import { ERROR_EXAMPLES } from "./error-examples";
import { describeExampleMismatch } from "./example-mismatch";
import { generatedFiles } from "./generated-pages";

/** `npm run docs`: writes the generated pages of docs/, the generated blocks of other pages and the schema of the native plugin. */
const mismatch = describeExampleMismatch(Object.keys(catalogue), Object.keys(ERROR_EXAMPLES));
if (mismatch === undefined) {
  for (const [path, text] of Object.entries(generatedFiles())) writeFileSync(join(__dirname, "..", "..", path), text);
} else {
  console.error(mismatch);
  process.exitCode = 1;
}
