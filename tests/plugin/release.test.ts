import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import { packageVersion } from "../../provider/cli/program/package-folder";
import { readSteps, type Step } from "../pipelines/workflow-run";
import { succeedInShell } from "../support/shell";

jest.setTimeout(120_000);

const ROOT = join(__dirname, "..", "..");
const VERSION = packageVersion();
const WORKFLOW = join(ROOT, ".github", "workflows", "release.yml");

/** Steps that this test does not execute, by the beginning of their commands. */
const NOT_RUN: Record<string, string> = {
  "npm ci": "the packages are installed",
  "npm test": "it runs this test",
  "npm run plugin": "tests/plugin/executable.test.ts runs it",
  "npm run sdks": "the tests of the SDK generator run it",
  "npm publish": "it publishes",
  "gh release": "it needs GitHub",
};

/** Actions whose effect the test brings about: the files are in place, and artifacts are copied. */
const ACTIONS = /^actions\/(checkout|setup-node|setup-go|upload-artifact|download-artifact)@(v\d+|[\da-f]{40})$/;

const { jobs, permissions }: { jobs: Record<string, { permissions?: unknown }>; permissions: unknown } = parse(
  readFileSync(WORKFLOW, "utf8"),
);
const stepsOf = (job: string): Step[] => readSteps(WORKFLOW, job);
const reasonFor = (command: string): string | undefined =>
  Object.entries(NOT_RUN).find(([beginning]) => command.startsWith(beginning))?.[1];

it("every step is an action of GitHub, a command that a test executes, or one with a reason why not", () => {
  const steps = Object.keys(jobs).flatMap(stepsOf);
  expect(steps.flatMap(({ uses }) => (uses === undefined || ACTIONS.test(uses) ? [] : [uses]))).toEqual([]);
  const commands = steps.flatMap(({ run }) => run ?? []);
  const unused = Object.keys(NOT_RUN).filter((beginning) => !commands.some((run) => run.startsWith(beginning)));
  expect(unused).toEqual([]);
});

it("only the job that publishes may write, and its identity signs the provenance", () => {
  expect(permissions).toEqual({ contents: "read" });
  const own = Object.entries(jobs).filter(([, job]) => job.permissions !== undefined);
  expect(own).toEqual([
    ["release", expect.objectContaining({ permissions: { contents: "write", "id-token": "write" } })],
  ]);
});

describe("in a checkout of a tag", () => {
  const checkout = mkdtempSync(join(tmpdir(), "sqlserver-migration-release-"));
  const artifacts = join(checkout, "artifacts");
  afterAll(() => rmSync(checkout, { recursive: true, force: true }));

  const env = {
    ...process.env,
    GITHUB_REF_NAME: `v${VERSION}`,
    RUNNER_TEMP: artifacts,
    npm_config_ignore_scripts: "true", // `prepack` needs the whole repository
  };

  /** Executes the commands of a job that can run here. */
  async function runJob(job: string, variables: NodeJS.ProcessEnv = env): Promise<void> {
    for (const { run, "working-directory": folder = "." } of stepsOf(job))
      if (run !== undefined && reasonFor(run) === undefined)
        await succeedInShell(run, join(checkout, folder), variables);
  }

  it("the package and the SDKs are packed, and the release has their checksums and the notes of its version", async () => {
    copyFileSync(join(ROOT, "package.json"), join(checkout, "package.json"));
    writeFileSync(
      join(checkout, "CHANGELOG.md"),
      `# Changelog\n\n## Unreleased\n\n## ${VERSION} (2026-12-01)\n\n- What is new.\n\n## 0.0.9\n\n- What was new.\n`,
    );
    for (const language of ["python", "go"]) {
      mkdirSync(join(checkout, ".work", "sdks", language), { recursive: true });
      writeFileSync(join(checkout, ".work", "sdks", language, "README.md"), language);
    }
    mkdirSync(artifacts);

    await runJob("package");
    await runJob("sdks");
    const files = [
      `pulumi-alicloud-sqlserver-migration-${VERSION}.tgz`,
      ...["go", "python"].map((language) => `sdk-${language}-v${VERSION}.tar.gz`),
    ];
    expect(readdirSync(artifacts).sort()).toEqual(files);
    mkdirSync(join(checkout, "release"));
    for (const file of files) copyFileSync(join(artifacts, file), join(checkout, "release", file));
    await runJob("release");
    const checked = await succeedInShell("sha256sum --check SHA256SUMS", join(checkout, "release"), env);
    expect(checked.match(/: OK$/gm)).toHaveLength(files.length);
    expect(readFileSync(join(checkout, "notes.md"), "utf8").trim()).toBe("- What is new.");
  });

  it("a tag that is not the version of package.json ends the workflow", async () => {
    await expect(runJob("package", { ...env, GITHUB_REF_NAME: "v0.0.0" })).rejects.toThrow(/exit status 1/);
  });
});
