import * as pulumi from "@pulumi/pulumi";
import { kindOfType } from "../provider/model/resource-type";

/**
 * The names of this stack's migrations that have begun, as its state records them. The engine reads the state, so that no command,
 * no backend and no output of the program is involved; StackReference shows only the outputs of the last update that succeeded.
 */
export async function fetchBegunMigrations(): Promise<ReadonlySet<string>> {
  const stackName = `${pulumi.getOrganization()}/${pulumi.getProject()}/${pulumi.getStack()}`;
  const { outputs = {} }: { outputs?: Record<string, RecordedResource> } = await pulumi.runtime.invoke(
    "pulumi:pulumi:readStackResourceOutputs",
    { stackName },
    { async: true },
  );
  const begun = Object.entries(outputs).filter(
    ([, { type = "", outputs: recorded }]) =>
      kindOfType(type) === "DatabaseMigration" && recorded?.status !== undefined && recorded.status !== "planned",
  );
  return new Set(begun.map(([urn]) => urn.slice(urn.lastIndexOf("::") + 2)));
}

interface RecordedResource {
  type?: string;
  outputs?: { status?: unknown };
}
