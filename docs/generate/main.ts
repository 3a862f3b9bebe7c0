import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { errorsPage } from "./errors-page";

/** `npm run docs`: writes the pages of docs/ that are made from the code. */
writeFileSync(join(__dirname, "..", "errors.md"), errorsPage());
