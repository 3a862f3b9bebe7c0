import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bashBlocks } from "../support/page-commands";
import { succeedInShell } from "../support/shell";

const ROOT = join(__dirname, "..", "..");
export const PIPELINES_PAGE = join(ROOT, "docs", "how-to", "pipelines.md");

/**
 * Creates the user's repository `acme` in `folder` with the commands of docs/how-to/pipelines.md, and commits it. The clone beside it holds
 * what the commands copy: the files of this checkout and a tarball of its build.
 */
export async function createUserRepository(folder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const clone = join(folder, "pulumi-alicloud-sqlserver-migration");
  mkdirSync(clone);
  for (const name of ["index.ts", "Pulumi.yaml", "examples"])
    cpSync(join(ROOT, name), join(clone, name), { recursive: true });
  execFileSync("npm", ["pack", "--ignore-scripts", "--silent", "--pack-destination", clone], { cwd: ROOT });
  const [create = ""] = bashBlocks(PIPELINES_PAGE, "## Setting up the repository");
  await succeedInShell(create, folder, env);
  const acme = join(folder, "acme");
  // Like many repositories, this one ignores tarballs; the page's own .gitignore has to include this one again.
  writeFileSync(join(acme, ".gitignore"), "*.tgz\n");
  await succeedInShell("git init --quiet --initial-branch main", acme, env);
  await commitAll(acme, "Add the program", env);
  return join(acme, "migrations");
}

const commitAll = (acme: string, message: string, env: NodeJS.ProcessEnv): Promise<string> =>
  succeedInShell(`git add --all && git commit --quiet --message "${message}"`, acme, env);

/** Adds the files of one pipeline with the page's commands, commits everything, and clones the repository to `to`. */
export async function cloneWithPipeline(
  folder: string,
  pipeline: "GitHub" | "GitLab" | "Operator",
  to: string,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  const blocks = bashBlocks(PIPELINES_PAGE, "## Setting up the repository");
  const block = blocks.find((text) => text.startsWith(`# ${pipeline}`));
  if (block === undefined) throw new Error(`the page has no block for ${pipeline}`);
  const acme = join(folder, "acme");
  const inProgram = { ...env, PACKAGE: "../../pulumi-alicloud-sqlserver-migration" };
  await succeedInShell(block, join(acme, "migrations"), inProgram);
  await commitAll(acme, `Add ${pipeline}`, env);
  await succeedInShell(`git clone --quiet "${acme}" "${to}"`, folder, env);
}
