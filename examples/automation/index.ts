import { CommandError, type EngineEvent, LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import {
  type FailedDatabase,
  failedDatabases,
  findingOf,
  InstanceMigration,
  terminalJson,
  terminalText,
} from "pulumi-alicloud-sqlserver-migration";

const { INSTANCE = "", BUCKET = "", REGION = "cn-hangzhou", STACK = "dev" } = process.env;
const { BACKUPS = "./backups", POLL_INTERVAL = "30s" } = process.env;

/** The program runs in this process. Its resources are those of any other program. */
async function program(): Promise<Record<string, unknown>> {
  const source = new InstanceMigration("source", {
    instance: INSTANCE,
    bucket: BUCKET,
    backups: BACKUPS,
    pollInterval: POLL_INTERVAL,
  });
  return { databases: source.summary };
}

async function openStack(): Promise<Stack> {
  const stack = await LocalWorkspace.createOrSelectStack({ stackName: STACK, projectName: "automation", program });
  await stack.setConfig("alicloud:region", { value: REGION });
  return stack;
}

/** Prints the status of each migration, and the first line of each message. */
function printProgress({ resOutputsEvent, diagnosticEvent }: EngineEvent): void {
  const { urn = "", new: state } = resOutputsEvent?.metadata ?? {};
  if (state?.outputs.status !== undefined) console.log(terminalText(`${nameOf(urn)}: ${state.outputs.status}`));
  // The CLI also sends debug messages, a severity that the type does not list.
  if (diagnosticEvent === undefined || (diagnosticEvent.severity as string) === "debug") return;
  const finding = findingOf(diagnosticEvent);
  const text = finding === undefined ? diagnosticEvent.message.trim() : `${finding.code}: ${finding.cause}`;
  if (text !== "") console.log(terminalText(`${nameOf(diagnosticEvent.urn ?? "program")}: ${text.split("\n", 1)}`));
}

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf(":") + 1);

/**
 * Runs `up`, and returns the databases that failed. The message of a CommandError is the whole log of the run, so the failures are
 * read from the state. An `up` that failed for another reason rejects.
 */
async function migrate(stack: Stack): Promise<FailedDatabase[]> {
  try {
    // The state learns of a restore that failed after its migration returned only by a refresh.
    await stack.up({ refresh: true, onEvent: printProgress });
    return [];
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    const failed = failedDatabases(await stack.exportStack());
    if (failed.length === 0) throw new Error("pulumi up failed; its messages are above");
    return failed;
  }
}

async function main(): Promise<void> {
  const stack = await openStack();
  const failed = await migrate(stack);
  for (const { database, migrateTaskId, failure } of failed) {
    console.error(terminalJson(JSON.stringify({ database, migrateTaskId, ...failure })));
  }
  process.exitCode = failed.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(terminalText(error instanceof Error ? error.message : String(error)));
  process.exitCode = 2;
});
