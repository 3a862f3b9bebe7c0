import { readFileSync } from "node:fs";
import { join } from "node:path";
import { apiPage } from "./api/api-page";
import { configTable } from "./config-table";
import { errorsPage } from "./errors-page";
import { replaceBlock } from "./replace-block";

/** Each page that the code decides, wholly or in a block, as it has to read now; by its name in docs/. */
export const generatedPages = (): Record<string, string> => ({
  "api.md": apiPage(),
  "configuration.md": replaceBlock(readPage("configuration.md"), "configuration keys", configTable()),
  "errors.md": errorsPage(),
});

const readPage = (name: string): string => readFileSync(join(__dirname, "..", name), "utf8");
