import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { succeedInShell } from "../support/shell";

/** A step of a GitHub workflow. */
export interface Step {
  name?: string;
  uses?: string;
  run?: string;
  "working-directory"?: string;
  with?: Record<string, string | number | boolean>;
}

/**
 * Executes a job of the GitHub workflow in a clone of the user's repository. `run` steps run as they are, the same one only once in
 * a clone (`done`), because the packages stay installed. The pulumi action becomes the command that it runs. The other actions do not
 * run here: the caller clones, Node.js is installed, and GitHub's OIDC tokens do not exist, so that the caller passes keys.
 */
export async function runJob(
  { clone, done }: { clone: string; done: Set<string> },
  job: string,
  event: "pull_request" | "push" | "schedule",
  env: NodeJS.ProcessEnv,
): Promise<string> {
  let output = "";
  for (const step of readSteps(join(clone, ".github", "workflows", "migrations.yml"), job)) {
    const command = step.run ?? pulumiCommand(step, event);
    const folder = join(clone, `${step["working-directory"] ?? step.with?.["work-dir"] ?? ""}`);
    if (command === undefined) expect(step.uses).toMatch(NOT_RUN);
    else if (step.run === undefined || !done.has(`${folder} ${command}`))
      output += await succeedInShell(command, folder, env);
    done.add(`${folder} ${command}`);
  }
  return output;
}

/** The steps of a job of a workflow file. */
export const readSteps = (workflow: string, job: string): Step[] =>
  parse(readFileSync(workflow, "utf8")).jobs[job].steps;

const NOT_RUN = /^(actions\/checkout|actions\/setup-node|aliyun\/configure-aliyun-credentials-action)@/;

/** The command of a step with the pulumi action; undefined for another step. */
function pulumiCommand({ uses, with: inputs }: Step, event: string): string | undefined {
  if (!uses?.startsWith("pulumi/actions@")) return undefined;
  expect(inputs?.["stack-name"]).toMatch(/^\$\{\{ env\.STACK \}\}$/);
  const onSchedule = /^\$\{\{ github\.event_name == 'schedule' \}\}$/.test(`${inputs?.refresh}`);
  const flags = [inputs?.command === "up" ? "--yes" : "", onSchedule && event === "schedule" ? "--refresh" : ""];
  return [`pulumi ${inputs?.command} --non-interactive --stack "$STACK"`, ...flags.filter(Boolean)].join(" ");
}
