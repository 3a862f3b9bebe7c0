import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { bashBlocks } from "../support/page-commands";
import { succeedInShell } from "../support/shell";

const ROOT = join(__dirname, "..", "..");
export const PIPELINES_PAGE = join(ROOT, "docs", "pipelines.md");
export const PIPELINES = ["GitHub", "GitLab", "Operator"] as const;
export type Pipeline = (typeof PIPELINES)[number];

/**
 * Creates the user's repository `acme` in `folder` with the commands of docs/pipelines.md. The clone beside it holds what the commands
 * copy: the files of this checkout and a tarball of its build.
 *
 * @returns the environment of its commits
 */
export async function createUserRepository(folder: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const clone = join(folder, "pulumi-alicloud-sqlserver-migration");
  mkdirSync(clone);
  for (const name of ["index.ts", "Pulumi.yaml", "examples"])
    cpSync(join(ROOT, name), join(clone, name), { recursive: true });
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", clone], { cwd: ROOT });
  const [create = ""] = bashBlocks(PIPELINES_PAGE, "## Setting up the repository");
  await succeedInShell(create, folder, env);
  const person = ["AUTHOR", "COMMITTER"].flatMap((role) => [
    [`GIT_${role}_NAME`, "Test"],
    [`GIT_${role}_EMAIL`, "test@example.com"],
  ]);
  return { ...env, ...Object.fromEntries(person) };
}

/** Adds the files of one pipeline with the page's commands, commits everything, and clones the repository to `to`. */
export async function cloneWithPipeline(
  folder: string,
  pipeline: Pipeline,
  to: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const block = bashBlocks(PIPELINES_PAGE, "## Setting up the repository").find((text) =>
    text.startsWith(`# ${pipeline}`),
  );
  if (block === undefined) throw new Error(`the page has no block for ${pipeline}`);
  const acme = join(folder, "acme");
  const inProgram = { ...env, PACKAGE: "../../pulumi-alicloud-sqlserver-migration" };
  await succeedInShell(block, join(acme, "migrations"), inProgram);
  const commit = `git init --quiet --initial-branch main && git add --all && git commit --quiet --message "Add ${pipeline}"`;
  await succeedInShell(commit, acme, env);
  await succeedInShell(`git clone --quiet "${acme}" "${to}"`, folder, env);
}
