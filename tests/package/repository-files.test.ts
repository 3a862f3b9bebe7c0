import { accessSync, constants, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { packageVersion } from "../../provider/cli/program/package-folder";
import { readSteps } from "../pipelines/workflow-run";

const ROOT = join(__dirname, "..", "..");
const TEMPLATES = join(ROOT, ".github", "ISSUE_TEMPLATE");
const WORKFLOWS = join(ROOT, ".github", "workflows");
const read = (...path: string[]): string => readFileSync(join(ROOT, ...path), "utf8");
const manifest = JSON.parse(read("package.json"));

test.each(readdirSync(WORKFLOWS))(
  "workflow %s only reads unless a job asks for more, and each job has a limit",
  (file) => {
    const { permissions, jobs } = parse(readFileSync(join(WORKFLOWS, file), "utf8"));
    expect(permissions).toEqual({ contents: "read" });
    for (const [name, job] of Object.entries<{ "timeout-minutes"?: number }>(jobs))
      expect([name, job["timeout-minutes"]]).toEqual([name, expect.any(Number)]);
  },
);

test("the workflow ci runs the executable .ci/run on the oldest supported Node.js and a newer one", () => {
  const { jobs } = parse(read(".github", "workflows", "ci.yml"));
  const commands = readSteps(join(WORKFLOWS, "ci.yml"), "test").flatMap(({ run }) => run ?? []);
  expect(commands).toEqual([".ci/run"]);
  accessSync(join(ROOT, ".ci", "run"), constants.X_OK);
  const { node } = jobs.test.strategy.matrix;
  expect(manifest.engines.node).toBe(`>=${node[0]}`);
  expect(node.length).toBeGreaterThan(1);
});

/** The members of GitHub's issue forms. @see https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema */
interface FormElement {
  type: string;
  id?: string;
  attributes: { label?: string; value?: string; options?: string[] };
}

const forms = readdirSync(TEMPLATES).filter((name) => name !== "config.yml");

test.each(forms)("the issue form %s has what GitHub requires", (file) => {
  const form: { name: string; description: string; body: FormElement[] } = parse(
    readFileSync(join(TEMPLATES, file), "utf8"),
  );
  expect([form.name, form.description]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
  const fields = form.body.filter(({ type }) => type !== "markdown");
  expect(fields.length).toBeGreaterThan(0);
  for (const { type, id, attributes } of fields) {
    expect(["input", "textarea", "dropdown", "checkboxes"]).toContain(type);
    expect([id, attributes.label]).toEqual([expect.stringMatching(/^[\w-]+$/), expect.stringMatching(/./)]);
    if (type === "dropdown") expect(attributes.options?.length).toBeGreaterThan(1);
  }
  expect(new Set(fields.map(({ id }) => id)).size).toBe(fields.length);
});

test("a bug report asks for the version, the output without secrets and the doctor; questions and vulnerabilities have their own place", () => {
  const bug = readFileSync(join(TEMPLATES, "bug.yml"), "utf8");
  for (const text of ["sqlserver-migration --version", "without secrets", "sqlserver-migration doctor --json"])
    expect(bug).toContain(text);
  const { contact_links: links } = parse(readFileSync(join(TEMPLATES, "config.yml"), "utf8"));
  const repository = manifest.homepage.replace(/#.*/, "");
  const pages = links.map(({ url }: { url: string }) => url.replace(repository, ""));
  expect(pages).toEqual(["/discussions", "/security/advisories/new", "/blob/main/docs/reference/errors.md"]);
});

test("Renovate never widens the range of @pulumi/pulumi that users rely on", () => {
  const { packageRules } = JSON.parse(read("renovate.json"));
  expect(packageRules).toContainEqual(
    expect.objectContaining({
      matchPackageNames: ["@pulumi/pulumi"],
      matchDepTypes: ["peerDependencies"],
      enabled: false,
    }),
  );
});

test("SECURITY.md supports this version, and CHANGELOG.md has its section below the unreleased one", () => {
  const [major, minor] = packageVersion().split(".");
  expect(read("SECURITY.md")).toMatch(new RegExp(`^\\| ${major}\\.${minor} +\\| yes`, "m"));
  const headings = [...read("CHANGELOG.md").matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect(headings.slice(0, 2)).toEqual([
    "Unreleased",
    expect.stringMatching(new RegExp(`^${packageVersion()} \\(\\d{4}-\\d{2}-\\d{2}\\)$`)),
  ]);
});
