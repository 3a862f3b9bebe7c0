import { join } from "node:path";
import { REPOSITORY } from "../repository";
import { buildGenerator } from "./build-generator";
import { generateSdks, SDK_LANGUAGES } from "./generate-sdks";

/** `npm run sdks [FOLDER]`: writes the SDKs of Node.js, Python and Go from plugin/schema.json; to .work/sdks by default. */
const folder = process.argv[2] ?? join(REPOSITORY, ".work", "sdks");
const generator = buildGenerator();
if ("missing" in generator) {
  console.log(`SKIPPED: SDKs not generated: ${generator.missing}.`);
} else {
  generateSdks(generator.executable, folder);
  console.log(`${SDK_LANGUAGES.join(", ")}: ${folder}`);
}
