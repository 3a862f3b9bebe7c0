import { readFileSync } from "node:fs";
import { join } from "node:path";
import { migrationPolicy } from "../../provider/aliyun/ram/permissions";
import { agentsPage, llmsText } from "./agent-pages";
import { apiPage } from "./api/api-page";
import { assumptionTable } from "./assumption-table";
import { configTable } from "./config-table";
import { errorsPage } from "./errors-page";
import { permissionTable, policyBlock } from "./permission-table";
import { providerOptionsTable } from "./provider-options-table";
import { replaceBlock } from "./replace-block";
import { runbookSample } from "./runbook-sample";
import { packageSchemaText } from "./schema/package-schema";

/** The current text of each file that is generated fully or partly, by its path. */
export const generatedFiles = (): Record<string, string> => ({
  ...Object.fromEntries(Object.entries(generatedPages()).map(([name, text]) => [`docs/${name}`, text])),
  "examples/cutover-group/runbook.md": runbookSample(),
  "plugin/schema.json": packageSchemaText(),
  "AGENTS.md": agentsPage(),
  "llms.txt": llmsText(),
});

/** The pages by their name in docs/. */
const generatedPages = (): Record<string, string> => ({
  "reference/api.md": apiPage(),
  "reference/configuration.md": replaceBlock(
    readPage("reference/configuration.md"),
    "configuration keys",
    configTable(),
  ),
  "reference/errors.md": errorsPage(),
  "installation-configuration.md": replaceBlock(
    readPage("installation-configuration.md"),
    "options",
    providerOptionsTable(),
  ),
  "reference/limits.md": replaceBlock(readPage("reference/limits.md"), "assumptions", assumptionTable()),
  "reference/permissions.md": replaceBlock(
    replaceBlock(readPage("reference/permissions.md"), "actions", permissionTable()),
    "preview policy",
    policyBlock(migrationPolicy({ instanceId: "rm-2zesz5774ud8s71i5", bucket: "your-bucket", purpose: "look" })),
  ),
});

const readPage = (name: string): string => readFileSync(join(__dirname, "..", name), "utf8");
