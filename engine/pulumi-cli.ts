import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { stringify } from "yaml";
import type { Engine, Operation, Run, Workspace } from "./engine";
import { runCommand, startEngine } from "./engine-process";
import { commonFlags } from "./flags";
import { readProject } from "./stand-in/project";
import { writeStackConfig } from "./stand-in/stack-config";
import type { DeploymentFile } from "./stand-in/state-file";
import { configOf } from "./workspace-files";

/**
 * The `pulumi` command with isolated state: a file backend in the workspace's state directory, an empty passphrase, no network
 * access, and a stack configuration beside the state, so that the project stays unchanged.
 */
export function pulumiCli(executable: string, version: string): Engine {
  const command = (workspace: Workspace, args: readonly string[], input?: string): Promise<string> =>
    runCommand(executable, [...args, "--stack", workspace.stack], {
      cwd: workspace.projectDir,
      env: cliEnvironment(executable, workspace),
      input,
    });
  const start = async (operation: Operation, workspace: Workspace): Promise<Run> => {
    const configFile = await prepare(executable, workspace);
    return startEngine(
      {
        file: executable,
        args: (eventLog) => [
          operation.kind,
          ...["--stack", workspace.stack, "--config-file", configFile, "--non-interactive"],
          ...commonFlags(operation),
          ...["--event-log", eventLog],
        ],
        cwd: workspace.projectDir,
        env: cliEnvironment(executable, workspace),
      },
      workspace,
    );
  };
  return {
    name: "pulumi",
    version,
    start,
    run: async (operation, workspace) => (await start(operation, workspace)).result,
    cancel: async (workspace) => void (await command(workspace, ["cancel", "--yes"])),
    exportState: async (workspace) => {
      await prepare(executable, workspace);
      const state: DeploymentFile = JSON.parse(await command(workspace, ["stack", "export"]));
      return state;
    },
    importState: async (workspace, state) => {
      await prepare(executable, workspace);
      await command(workspace, ["stack", "import"], JSON.stringify(state));
    },
  };
}

/** The environment of the `pulumi` command for a workspace. */
export function cliEnvironment(executable: string, workspace: Workspace): NodeJS.ProcessEnv {
  const env = workspace.env ?? process.env;
  return {
    ...env,
    PATH: `${dirname(executable)}:${env.PATH ?? ""}`,
    PULUMI_BACKEND_URL: `file://${backendDir(workspace)}`,
    PULUMI_CONFIG_PASSPHRASE: PASSPHRASE,
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Enables --event-log.
    PULUMI_DEBUG_COMMANDS: "1",
  };
}

/** The passphrase of the isolated stacks, which are deleted with the demo or the test. */
const PASSPHRASE = "";

const backendDir = (workspace: Workspace): string => join(workspace.stateDir, "pulumi");

/** Creates the stack if it does not exist, and rewrites its configuration. */
async function prepare(executable: string, workspace: Workspace): Promise<string> {
  const project = readProject(workspace.projectDir);
  const initDir = join(workspace.stateDir, "pulumi-init");
  const configFile = join(initDir, `Pulumi.${workspace.stack}.yaml`);
  if (!existsSync(configFile)) {
    await mkdir(backendDir(workspace), { recursive: true });
    await mkdir(initDir, { recursive: true });
    // `stack init` writes the stack file beside Pulumi.yaml; this copy keeps it out of the user's project.
    await writeFile(join(initDir, "Pulumi.yaml"), stringify({ name: project.name, runtime: "nodejs" }));
    const args = ["stack", "init", workspace.stack, "--non-interactive"];
    await runCommand(executable, args, { cwd: initDir, env: cliEnvironment(executable, workspace) });
  }
  const { plain, secret } = configOf(workspace);
  writeStackConfig(configFile, plain);
  for (const [key, value] of Object.entries(secret)) {
    const args = ["config", "set", "--secret", key, "--stack", workspace.stack, "--config-file", configFile];
    const env = cliEnvironment(executable, workspace);
    await runCommand(executable, [...args, "--non-interactive"], { cwd: initDir, env, input: value });
  }
  return configFile;
}
