import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { succeedInShell } from "../support/shell";

interface Step {
  uses?: string;
  run?: string;
  "working-directory"?: string;
  with?: Record<string, string | number | boolean>;
}

/**
 * Executes a job of the GitHub workflow in a clone of the user's repository. `run` steps run as they are; the pulumi action becomes
 * the command that it runs. The other actions do not run here: actions/checkout and actions/setup-node (the caller clones, and
 * Node.js is installed), aliyun/configure-aliyun-credentials-action (GitHub's OIDC tokens do not exist here, so the caller puts
 * keys into the environment).
 */
export async function runJob(
  clone: string,
  job: string,
  event: "pull_request" | "push" | "schedule",
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const workflow = parse(readFileSync(join(clone, ".github", "workflows", "migrations.yml"), "utf8"));
  const steps: Step[] = workflow.jobs[job].steps;
  let output = "";
  for (const step of steps) {
    if (step.run !== undefined)
      output += await succeedInShell(step.run, join(clone, step["working-directory"] ?? ""), env);
    else if (step.uses?.startsWith("pulumi/actions@")) {
      const { command, "work-dir": workDir, "stack-name": stack, refresh } = step.with ?? {};
      expect(stack).toMatch(/^\$\{\{ env\.STACK \}\}$/);
      const isRefresh = /^\$\{\{ github\.event_name == 'schedule' \}\}$/.test(`${refresh}`) && event === "schedule";
      const flags = `${isRefresh ? " --refresh" : ""}${command === "up" ? " --yes" : ""}`;
      output += await succeedInShell(
        `pulumi ${command} --non-interactive --stack "$STACK"${flags}`,
        join(clone, `${workDir}`),
        env,
      );
    } else
      expect(step.uses).toMatch(
        /^(actions\/checkout|actions\/setup-node|aliyun\/configure-aliyun-credentials-action)@/,
      );
  }
  return output;
}
