import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Engine, Operation, Run, Workspace } from "./engine";
import { startEngine } from "./engine-process";
import { commonFlags } from "./flags";
import { type DeploymentFile, readDeployment, unlock, writeDeployment } from "./stand-in/state-file";
import { STAND_IN_VERSION } from "./stand-in/version";

/** The stand-in, as a process of its own. `main` is the compiled engine/main.js. */
export function standInEngine(main: string): Engine {
  return {
    name: "stand-in",
    version: STAND_IN_VERSION,
    start: (operation, workspace) => start(main, operation, workspace),
    run: async (operation, workspace) => (await start(main, operation, workspace)).result,
    cancel: async (workspace) => unlock(statePath(workspace)),
    exportState: async (workspace) => {
      const path = statePath(workspace);
      return existsSync(path) ? readDeployment(path) : EMPTY;
    },
    importState: async (workspace, state) => writeDeployment(statePath(workspace), state),
  };
}

const EMPTY: DeploymentFile = { version: 3, deployment: { manifest: { time: "", magic: "", version: "" } } };

const statePath = (workspace: Workspace): string => join(workspace.stateDir, "stand-in", `${workspace.stack}.json`);

function start(main: string, operation: Operation, workspace: Workspace): Promise<Run> {
  const config = Object.entries(workspace.config ?? {}).flatMap(([key, value]) => ["--config", `${key}=${value}`]);
  const secrets = Object.entries(workspace.secrets ?? {}).flatMap(([key, value]) => ["--secret", `${key}=${value}`]);
  const env = { ...(workspace.env ?? process.env) };
  return startEngine(
    {
      file: process.execPath,
      args: (eventLog) => [
        main,
        operation.kind,
        ...["--project", workspace.projectDir, "--stack", workspace.stack, "--state", statePath(workspace)],
        ...commonFlags(operation),
        ...config,
        ...secrets,
        ...["--event-log", eventLog],
      ],
      cwd: workspace.projectDir,
      env,
    },
    workspace,
  );
}
