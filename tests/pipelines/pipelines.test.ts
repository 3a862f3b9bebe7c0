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
