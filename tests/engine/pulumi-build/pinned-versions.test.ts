import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pinnedVersions, pinnedYamlHost } from "../../../engine/pulumi-build/go-module";
import { isAtLeast, parseGoVersion } from "../../../engine/pulumi-build/go-toolchain";
import { REPOSITORY } from "../../../engine/repository";

test("the CLI has the version of the SDKs that the tests use", () => {
  const requirements = readFileSync(join(REPOSITORY, "tests", "plugin", "python-requirements.txt"), "utf8");
  expect(requirements.split("\n")).toContain(`pulumi==${pinnedVersions().pulumi.slice(1)}`);
  const { devDependencies } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8"));
  expect(pinnedVersions().pulumi).toBe(`v${devDependencies["@pulumi/pulumi"]}`);
});

test("the YAML language host has one version", () => {
  expect(pinnedYamlHost()).toMatch(/^v\d+\.\d+\.\d+$/);
  expect(() => pinnedYamlHost("module x\n")).toThrow("no version of github.com/pulumi/pulumi-yaml");
});

test("a go.mod without the CLI is an error", () => {
  expect(() => pinnedVersions("module x\n\ngo 1.25.11\n")).toThrow("no version of github.com/pulumi/pulumi/pkg/v3");
});

test.each([
  ["go1.26.8\n", "1.26.8"],
  ["go1.25", "1.25"],
  ["go1.25.11 X:nocoverageredesign", "1.25.11"],
  ["devel go1.27-abcdef", undefined],
  ["", undefined],
])("the version in %j is %s", (text, version) => {
  expect(parseGoVersion(text)).toBe(version);
});

test.each([
  ["1.25.11", true],
  ["1.26", true],
  ["1.25.12", true],
  ["2.0", true],
  ["1.25.9", false],
  ["1.25", false],
  ["1.9.20", false],
])("Go %s is at least 1.25.11: %s", (version, expected) => {
  expect(isAtLeast(version, "1.25.11")).toBe(expected);
});
