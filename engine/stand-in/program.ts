import type { ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { exitOf, startNode } from "./child-process";
import type { Project } from "./project";

/** Exit code of the program after the SDK has already logged the error (cmd/run/index.ts of the SDK). */
const ALREADY_REPORTED = 32;

export interface ProgramContext {
  project: Project;
  stack: string;
  /** Address of the ResourceMonitor and Engine services. */
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
  /** Resolves when the program has ended; `message` is an error that has not been reported yet. */
  readonly ended: Promise<{ ok: boolean; message?: string }>;
}

/** Runs the user's program with the launcher of the SDK, which compiles TypeScript. */
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
  const child = startNode([launcher, ...args, ...(context.preview ? ["--dry-run"] : []), project.entryPoint], {
    cwd: project.programDirectory,
    env: {
      ...context.env,
      PULUMI_CONFIG: JSON.stringify(context.config),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(context.secretKeys),
      PULUMI_NODEJS_TYPESCRIPT: String(project.typescript),
    },
    onOutput: (line) => context.log("info", line),
    onErrorOutput: (line) => context.log("info#err", line),
  });
  return { process: child, ended: exitOf(child).then(resultOf) };
}

function resultOf(code: number): { ok: boolean; message?: string } {
  if (code === 0) return { ok: true };
  if (code === ALREADY_REPORTED) return { ok: false };
  return { ok: false, message: `Program exited with non-zero exit code: ${code}` };
}
