import { readFileSync } from "node:fs";
import { join } from "node:path";
import { migrationPolicy } from "../../provider/aliyun/ram/permissions";
import { packageVersion } from "../../provider/cli/program/package-folder";
import { agentsPage, llmsText } from "./agent-pages";
import { apiPage } from "./api/api-page";
import { assumptionTable } from "./assumption-table";
import { screenSvg } from "./captures/screen-svg";
import { configTable } from "./config-table";
import { errorsPage } from "./errors-page";
import { permissionTable, policyBlock } from "./permission-table";
import { providerOptionsTable } from "./provider-options-table";
import { replaceBlock } from "./replace-block";
import { runbookSample } from "./runbook-sample";
import { packageSchemaText } from "./schema/package-schema";
import { pagesWithVersion, replaceVersion } from "./version-in-pages";

/** Captured screens that pages show as pictures. */
const PICTURES = ["up-restoring", "failed-preview"];

/** The current text of each file that is generated fully or partly, by its path. */
export function generatedFiles(): Record<string, string> {
  const files = {
    ...Object.fromEntries(pagesWithVersion().map((path) => [path, readFile(path)])),
    ...Object.fromEntries(Object.entries(generatedPages()).map(([name, text]) => [`docs/${name}`, text])),
    ...Object.fromEntries(PICTURES.flatMap(pictures)),
    "examples/cutover-group/runbook.md": runbookSample(),
    "plugin/schema.json": packageSchemaText(),
    "AGENTS.md": agentsPage(),
    "llms.txt": llmsText(),
  };
  const version = packageVersion();
  return Object.fromEntries(Object.entries(files).map(([path, text]) => [path, replaceVersion(text, version)]));
}

/** The pictures of a captured screen, by their paths. */
const pictures = (name: string): [string, string][] =>
  (["light", "dark"] as const).map((theme) => [
    `docs/captures/${name}-${theme}.svg`,
    screenSvg(readPage(`captures/${name}.txt`), theme),
  ]);

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
  "reference/permissions.md": permissionsPage(),
});

function permissionsPage(): string {
  const scope = { instanceId: "rm-2zesz5774ud8s71i5", bucket: "your-bucket" };
  const blocks = {
    actions: permissionTable(),
    "migration policy": policyBlock(migrationPolicy(scope)),
    "preview policy": policyBlock(migrationPolicy({ ...scope, purpose: "look" })),
  };
  return Object.entries(blocks).reduce(
    (page, [name, text]) => replaceBlock(page, name, text),
    readPage("reference/permissions.md"),
  );
}

const readFile = (path: string): string => readFileSync(join(__dirname, "..", "..", path), "utf8");

const readPage = (name: string): string => readFile(`docs/${name}`);
