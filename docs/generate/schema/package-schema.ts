import { readFileSync } from "node:fs";
import { join } from "node:path";
import { PACKAGE_NAME } from "../../../provider/model/resource-type";
import { REPOSITORY } from "./description";
import { providerArguments } from "./provider-arguments";
import { componentSpecs, resourceSpecs } from "./resources";
import { TypeRegistry } from "./type-registry";

const ROOT = join(__dirname, "..", "..", "..");
const [OWNER = "", NAME = ""] = new URL(REPOSITORY).pathname.split("/").filter(Boolean);

/** The schema of the package that the native plugin serves, as an object. */
export function packageSchema() {
  const { version, description, license, homepage } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
  const types = new TypeRegistry();
  const config = providerArguments(types);
  const resources = { ...resourceSpecs(types), ...componentSpecs(types) };
  return {
    name: PACKAGE_NAME,
    displayName: "SQL Server Migration for Alibaba Cloud",
    version,
    description,
    keywords: ["pulumi", "alicloud", "apsaradb", "rds", "sqlserver", "migration", "category/database", "kind/native"],
    homepage,
    license,
    repository: REPOSITORY,
    publisher: OWNER,
    logoUrl: `https://raw.githubusercontent.com/${OWNER}/${NAME}/main/docs/logo.svg`,
    pluginDownloadURL: `github://api.github.com/${OWNER}/${NAME}`,
    language: languageSettings(),
    config: { variables: config },
    provider: {
      description:
        "The account and region of the migrations. Each argument is also a configuration key of the package, `sqlserver-migration:KEY`.",
      inputProperties: config,
    },
    resources,
    types: types.specs(),
  };
}

/** Names of the generated SDKs. `respectSchemaVersion` gives them the version of this package. */
const languageSettings = () => ({
  nodejs: { packageName: `pulumi-${PACKAGE_NAME}`, respectSchemaVersion: true },
  python: {
    packageName: `pulumi_${PACKAGE_NAME.replaceAll("-", "_")}`,
    respectSchemaVersion: true,
    pyproject: { enabled: true },
  },
  go: {
    importBasePath: `${new URL(REPOSITORY).host}/${OWNER}/${NAME}/sdk/go/${PACKAGE_NAME.replaceAll("-", "")}`,
    respectSchemaVersion: true,
    generateResourceContainerTypes: true,
  },
  csharp: { namespaces: { [PACKAGE_NAME]: "SqlServerMigration" }, respectSchemaVersion: true },
  java: { buildFiles: "gradle", respectSchemaVersion: true },
});

/** The text of plugin/schema.json. */
export const packageSchemaText = (): string => `${JSON.stringify(packageSchema(), null, 2)}\n`;
