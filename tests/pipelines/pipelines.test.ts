import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, parseAllDocuments } from "yaml";
import { prepareVenv } from "../support/python-venv";

jest.setTimeout(400_000); // the first run installs check-jsonschema

const PIPELINES = join(__dirname, "..", "..", "examples", "pipelines");
const GITHUB = join(PIPELINES, "github", "migrations.yml");
const GITLAB = join(PIPELINES, "gitlab", ".gitlab-ci.yml");
const GITHUB_RUNNERS = join(PIPELINES, "github", "runners.yml");
const GITLAB_RUNNERS = join(PIPELINES, "gitlab", "runners.gitlab-ci.yml");
const OPERATOR_RUNNERS = join(PIPELINES, "operator", "runners.yaml");
const RUNNERS_PAGE = join(__dirname, "..", "..", "docs", "how-to", "several-runners.md");
const RELEASE = join(__dirname, "..", "..", ".github", "workflows", "release.yml");
const OPERATOR = join(PIPELINES, "operator", "stack.yaml");

const venv = prepareVenv("pipelines", join(__dirname, "requirements.txt"));
if ("missing" in venv) console.warn(`SKIPPED: check-jsonschema cannot be installed here: ${venv.missing}`);
const itWithSchemas = "missing" in venv ? it.skip : it;

/** Validates with the schema copies bundled in check-jsonschema, so nothing is downloaded. */
function checkSchema(schema: readonly string[], file: string): { status: number | null; text: string } {
  if ("missing" in venv) throw new Error("unreachable: the test is skipped");
  const args = ["-m", "check_jsonschema", "--builtin-schema", ...schema, file];
  const { status, stdout, stderr } = spawnSync(venv.python, args, { encoding: "utf8" });
  return { status, text: `${stdout}${stderr}` };
}

const SCHEMAS: [file: string, schema: string[]][] = [
  [GITHUB, ["vendor.github-workflows"]],
  [GITHUB, ["custom.github-workflows-require-timeout"]],
  [GITHUB_RUNNERS, ["vendor.github-workflows"]],
  [GITLAB_RUNNERS, ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"]],
  [RELEASE, ["vendor.github-workflows"]],
  [RELEASE, ["custom.github-workflows-require-timeout"]],
  [GITLAB, ["vendor.gitlab-ci", "--data-transform", "gitlab-ci"]],
];

describe.each(SCHEMAS)("%s by %s", (file, schema) => {
  itWithSchemas("is valid", () => {
    expect(checkSchema(schema, file)).toEqual({ status: 0, text: expect.stringContaining("validation done") });
  });

  itWithSchemas("is invalid without the content of its jobs", () => {
    const folder = mkdtempSync(join(tmpdir(), "pipelines-"));
    const broken = join(folder, "broken.yml");
    writeFileSync(
      broken,
      readFileSync(file, "utf8").replace(/^ {4}timeout-minutes: .*$|^ {2}script:$/gm, "    odd: 1"),
    );
    expect(checkSchema(schema, broken).status).toBe(1);
    rmSync(folder, { recursive: true });
  });
});

test("the workflow previews pull requests, ups main without cancelling, and refreshes by schedule", () => {
  const { jobs, on } = parse(readFileSync(GITHUB, "utf8"));
  expect(Object.keys(on)).toEqual(expect.arrayContaining(["pull_request", "push", "schedule"]));
  expect(jobs.preview.if).toBe("github.event_name == 'pull_request'");
  expect(jobs.up.if).toBe("github.event_name != 'pull_request'");
  expect(jobs.up.concurrency["cancel-in-progress"]).toBe(false);
  const [preview, up] = [jobs.preview, jobs.up].map(({ steps }) => steps.at(-1).with);
  expect(preview.command).toBe("preview");
  expect(up.command).toBe("up");
  expect(up.refresh).toContain("github.event_name == 'schedule'");
});

test("the Operator's manifest is YAML (its schema is not checked), refreshes and never destroys", () => {
  const documents = parseAllDocuments(readFileSync(OPERATOR, "utf8"));
  expect(documents.flatMap(({ errors }) => errors)).toEqual([]);
  const stack = documents.map((document) => document.toJS()).find(({ kind }) => kind === "Stack");
  expect(stack.apiVersion).toBe("pulumi.com/v1");
  expect(stack.spec).toMatchObject({ refresh: true, continueResyncOnCommitMatch: true, destroyOnFinalize: false });
  expect(stack.spec.config.wait).toBe("submitted");
});

test("each machine of a matrix has a stack, a lock and an exported state of its own, and the report reads all states", () => {
  const { jobs } = parse(readFileSync(GITHUB_RUNNERS, "utf8"));
  const { "up-runner": up, report } = parse(readFileSync(GITLAB_RUNNERS, "utf8"));
  const github: { run?: string }[] = jobs.up.steps;
  expect(jobs.up.strategy).toEqual({ "fail-fast": false, matrix: { runner: [1, 2, 3, 4] } });
  expect(jobs.up.env.STACK).toBe(`acme/runner-$${"{{"} matrix.runner }}`);
  expect(jobs.up.concurrency).toEqual({ group: expect.stringContaining("matrix.runner"), "cancel-in-progress": false });
  expect(up.parallel.matrix).toEqual([{ RUNNER: ["1", "2", "3", "4"] }]);
  expect([up.resource_group, up.interruptible]).toEqual(["migrations-runner-$RUNNER", false]);
  const scripts = [
    [...github, ...(jobs.report.steps as typeof github)].map(({ run = "" }) => run),
    [...up.script, ...up.after_script, ...report.script],
  ].map((lines) => lines.join("\n"));
  for (const script of scripts) {
    expect(script).toMatch(/^pulumi up --yes --non-interactive --refresh --parallel 1 --stack /m);
    expect(script).toMatch(/^pulumi stack export --stack .* --file "state-.*\.json"$/m);
    expect(script).toMatch(
      /^npx --no sqlserver-migration report \$\(printf ' --state %s' (states\/|state-)\*\.json\) --html report\.html$/m,
    );
  }
});

test("the stacks of the machines differ in the key of the program that chooses the share", () => {
  const { spec } = parse(readFileSync(OPERATOR_RUNNERS, "utf8"));
  const { spec: single } = parseAllDocuments(readFileSync(OPERATOR, "utf8"))
    .map((document) => document.toJS())
    .find(({ kind }) => kind === "Stack");
  const { config } = parse(readFileSync(join(PIPELINES, "github", "Pulumi.runner-1.yaml"), "utf8"));
  expect([config.runners, spec.config.runners, spec.stack]).toEqual([[1], "[2]", "acme/runner-2"]);
  const own = ["stack", "config", "workspaceTemplate"];
  const shared = (of: Record<string, unknown>) => Object.entries(of).filter(([key]) => !own.includes(key));
  expect(shared(spec)).toEqual(shared(single));
  const declared = parse(readFileSync(join(__dirname, "..", "..", "Pulumi.yaml"), "utf8")).config;
  for (const key of Object.keys({ ...config, ...spec.config }).filter((name) => !name.includes(":")))
    expect(declared).toHaveProperty(key);
});

test("the YAML blocks of the page are parts of the files", () => {
  const files = [GITHUB_RUNNERS, GITLAB_RUNNERS, OPERATOR_RUNNERS].map((file) => readFileSync(file, "utf8"));
  const blocks = [...readFileSync(RUNNERS_PAGE, "utf8").matchAll(/^```yaml\n(.*?)^```$/gms)].map(
    ([, block = ""]) => block,
  );
  expect(blocks).toHaveLength(3);
  for (const [index, block] of blocks.entries()) expect(files[index]).toContain(block);
});
