import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import type { Engine, Operation, Run, Workspace } from "./engine";
import { runCommand, startEngine } from "./engine-process";
import { commonFlags } from "./flags";
import { type Crypter, newCrypter, openCrypter } from "./stand-in/passphrase";
import { fullKey, readProject, readStackConfig } from "./stand-in/project";
import type { DeploymentFile } from "./stand-in/state-file";

/**
 * The `pulumi` command on a state of its own: the file backend in the workspace's state directory, an empty passphrase, no
 * access to the network, and a stack configuration that lies beside the state, so that nothing is written into the project.
 */
export function pulumiCli(executable: string, version: string): Engine {
  const command = (workspace: Workspace, args: readonly string[], input?: string): Promise<string> =>
    runCommand(executable, [...args, "--stack", workspace.stack], {
      cwd: workspace.projectDir,
      env: environment(executable, workspace),
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
        env: environment(executable, workspace),
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

function environment(executable: string, workspace: Workspace): NodeJS.ProcessEnv {
  const env = workspace.env ?? process.env;
  return {
    ...env,
    PATH: `${dirname(executable)}:${env.PATH ?? ""}`,
    PULUMI_BACKEND_URL: `file://${backendDir(workspace)}`,
    PULUMI_CONFIG_PASSPHRASE: "",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    // Unlocks --event-log.
    PULUMI_DEBUG_COMMANDS: "1",
  };
}

const backendDir = (workspace: Workspace): string => join(workspace.stateDir, "pulumi");

/** Makes the stack once, and writes its configuration anew. */
async function prepare(executable: string, workspace: Workspace): Promise<string> {
  const project = readProject(workspace.projectDir);
  const initDir = join(workspace.stateDir, "pulumi-init");
  const configFile = join(initDir, `Pulumi.${workspace.stack}.yaml`);
  if (!existsSync(configFile)) {
    await mkdir(backendDir(workspace), { recursive: true });
    await mkdir(initDir, { recursive: true });
    // `stack init` writes the stack's file beside the project's: not into the user's project, but here.
    await writeFile(join(initDir, "Pulumi.yaml"), stringify({ name: project.name, runtime: "nodejs" }));
    const args = ["stack", "init", workspace.stack, "--non-interactive"];
    await runCommand(executable, args, { cwd: initDir, env: environment(executable, workspace) });
  }
  const { encryptionsalt } = parse(await readFile(configFile, "utf8")) as { encryptionsalt?: string };
  const secrets = Object.entries(workspace.secrets ?? {});
  let crypter: Crypter | undefined;
  if (secrets.length > 0) crypter = encryptionsalt ? openCrypter("", encryptionsalt) : newCrypter("");
  const config: Record<string, unknown> = {
    ...readStackConfig(project, workspace.stack),
    ...keyed(
      project.name,
      Object.entries(workspace.config ?? {}).map(([key, value]) => [key, structured(value)] as const),
    ),
    ...keyed(
      project.name,
      secrets.map(([key, value]) => [key, { secure: crypter?.encrypt(value) }] as const),
    ),
  };
  const salt = crypter?.salt ?? encryptionsalt;
  await writeFile(configFile, stringify({ ...(salt ? { encryptionsalt: salt } : {}), config }));
  return configFile;
}

const keyed = <V>(project: string, entries: readonly (readonly [string, V])[]): Record<string, V> =>
  Object.fromEntries(entries.map(([key, value]) => [fullKey(project, key), value]));

/** A list or an object given as JSON, as the stack's file holds it: the command refuses its text where the project declares a type. */
function structured(value: string): unknown {
  if (!/^\s*[[{]/.test(value)) return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
