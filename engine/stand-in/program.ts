import type { ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { exitOf, startNode } from "./child-process";
import type { Project } from "./project";

/** The program's process ends with this after the SDK has logged the error itself (cmd/run/index.ts of the SDK). */
const ALREADY_REPORTED = 32;

export interface ProgramContext {
  project: Project;
  stack: string;
  /** Where the services ResourceMonitor and Engine listen. */
  address: string;
  config: Readonly<Record<string, string>>;
  secretKeys: readonly string[];
  preview: boolean;
  parallel: number;
  env: NodeJS.ProcessEnv;
  log: (severity: "info" | "info#err", line: string) => void;
}

export interface Program {
  readonly process: ChildProcess;
  /** Resolves with what went wrong that nobody has reported yet, and whether it ended well. */
  readonly ended: Promise<{ ok: boolean; message?: string }>;
}

/** Runs the user's program with the SDK's own launcher, which compiles TypeScript itself. */
export function startProgram(context: ProgramContext): Program {
  const { project } = context;
  const launcher = createRequire(join(project.programDirectory, "_")).resolve("@pulumi/pulumi/cmd/run");
  const flags: Record<string, string> = {
    monitor: context.address,
    engine: context.address,
    organization: "organization",
    project: project.name,
    "root-directory": project.rootDirectory,
    stack: context.stack,
    pwd: project.programDirectory,
    parallel: String(context.parallel),
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
  const child = startNode(
    [...project.nodeArguments, launcher, ...args, ...(context.preview ? ["--dry-run"] : []), project.entryPoint],
    {
      cwd: project.programDirectory,
      env: {
        ...context.env,
        PULUMI_CONFIG: JSON.stringify(context.config),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(context.secretKeys),
        PULUMI_NODEJS_TYPESCRIPT: String(project.typescript),
      },
      onOutput: (line) => context.log("info", line),
      onErrorOutput: (line) => context.log("info#err", line),
    },
  );
  return { process: child, ended: exitOf(child).then(verdict) };
}

function verdict(code: number): { ok: boolean; message?: string } {
  if (code === 0) return { ok: true };
  if (code === ALREADY_REPORTED) return { ok: false };
  return { ok: false, message: `Program exited with non-zero exit code: ${code}` };
}
