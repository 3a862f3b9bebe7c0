import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { CertificateFacts } from "../../doctor/machine";
import { isNoEntry, systemFaultOf } from "../../errors/system-fault";
import { readWholeFile } from "../../files/read-whole-file";
import { PROVIDER_EXPORT } from "../../model/unresolvable-package";
import { verificationWarning } from "../../session/transport-warnings";
import { packageFolder } from "../program/package-folder";
import { PulumiFault, runPulumi } from "../program/run-pulumi";

/** The longest time of a `pulumi` command; milliseconds. */
const PULUMI_LIMIT_MS = 15_000;
/** The largest file of certificates that is read; bytes. */
const LARGEST_CERTIFICATES = 16 * 2 ** 20;

/** `engines.node` of this package. */
export function neededNode(): string {
  const { engines }: { engines: { node: string } } = JSON.parse(
    readFileSync(join(packageFolder(), "package.json"), "utf8"),
  );
  return engines.node;
}

/** The version of the package that Pulumi's host would load from a folder; undefined where it finds none. */
export function resolvedVersion(folder: string): string | undefined {
  try {
    let found = dirname(createRequire(`${folder}/_`).resolve(PROVIDER_EXPORT));
    while (dirname(found) !== found) {
      const content = readIfExists(join(found, "package.json"));
      if (content !== undefined) return (JSON.parse(content) as { version: string }).version;
      found = dirname(found);
    }
  } catch {
    // Not resolvable: the check says so.
  }
  return undefined;
}

function readIfExists(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

export async function pulumiVersion(): Promise<{ version: string } | { fault: string }> {
  try {
    return { version: (await runPulumi(["version"], { timeout: PULUMI_LIMIT_MS })).trim() };
  } catch (error) {
    if (!(error instanceof PulumiFault)) throw error;
    return { fault: error.message };
  }
}

/** The configuration of a stack without its secrets, or why it cannot be read. */
export type StackConfiguration =
  | { values: ReadonlyMap<string, string>; secrets: readonly string[] }
  | { fault: string };

export async function stackConfiguration(stack: string | undefined): Promise<StackConfiguration> {
  const args = ["config", "--json", "--non-interactive", ...(stack === undefined ? [] : ["--stack", stack])];
  try {
    const read: unknown = JSON.parse(await runPulumi(args, { timeout: PULUMI_LIMIT_MS }));
    const entries = Object.entries(read as Record<string, { value?: string; secret?: boolean }>);
    return {
      values: new Map(entries.flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]]))),
      secrets: entries.filter(([, { secret }]) => secret).map(([key]) => key),
    };
  } catch (error) {
    if (error instanceof PulumiFault) return { fault: error.message };
    return { fault: "pulumi config --json printed no JSON" };
  }
}

export async function certificateFacts(env: (name: string) => string | undefined): Promise<CertificateFacts> {
  const extraFile = env("NODE_EXTRA_CA_CERTS") || undefined;
  const unverified = verificationWarning({ env });
  const fault =
    extraFile === undefined
      ? undefined
      : await readWholeFile(extraFile, LARGEST_CERTIFICATES).then(
          () => undefined,
          (error: unknown) => (isNoEntry(error) ? "it does not exist" : systemFaultOf(error).reason),
        );
  return { extraFile, fault, unverified };
}
