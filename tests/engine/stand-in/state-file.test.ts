import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secret } from "../../../engine/stand-in/property-value";
import type { ResourceState } from "../../../engine/stand-in/resource-state";
import { StateFile, unlock } from "../../../engine/stand-in/state-file";

const NOW = new Date("2026-01-02T03:04:05Z");

describe("a stack's state in a file", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "state-file-"));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const open = (): StateFile => new StateFile(join(directory, "deep", "dev.json"), "v1");
  const resource: ResourceState = {
    urn: "urn:pulumi:s::p::t::n",
    custom: true,
    type: "t",
    inputs: { word: secret("hush"), list: [{ inner: secret({ deep: secret("quiet") }) }], plain: 1 },
  };

  test("is read as written and contains no secret in plain text", () => {
    const state = { resources: [resource], pendingOperations: [{ resource, type: "creating" as const }] };
    open().write(state, NOW);
    const text = readFileSync(open().path, "utf8");
    expect(text).not.toMatch(/hush|quiet/);
    expect(JSON.parse(text)).toMatchObject({ version: 3, deployment: { manifest: { time: NOW.toISOString() } } });
    const read = open().read();
    // A secret inside a secret needs no marker.
    const inputs = { word: secret("hush"), list: [{ inner: secret({ deep: "quiet" }) }], plain: 1 };
    expect(read.resources).toEqual([{ ...resource, inputs }]);
    expect(read.pendingOperations).toEqual([{ resource: { ...resource, inputs }, type: "creating" }]);
  });

  test("preserves unknown members", () => {
    const foreign = {
      ...resource,
      inputs: {},
      sourcePosition: "project:///index.ts#1,2",
    };
    open().write({ resources: [foreign], pendingOperations: [] }, NOW);
    const file = open();
    file.write(file.read(), NOW);
    expect(readFileSync(file.path, "utf8")).toContain("project:///index.ts#1,2");
  });

  test("one run locks the stack until it releases the lock or the user cancels it", () => {
    const release = open().lock();
    expect(() => open().lock()).toThrow("the stack is currently locked by 1 lock(s)");
    release();
    open().lock();
    unlock(open().path);
    open().lock()();
  });

  test("refuses invalid deployments and secrets of other providers", () => {
    const path = join(directory, "dev.json");
    const file = new StateFile(path, "v1");
    writeFileSync(path, `{"version":2}`);
    expect(() => file.read()).toThrow("is not a deployment of version 3");
    open().write({ resources: [resource], pendingOperations: [] }, NOW);
    const foreign = JSON.parse(readFileSync(open().path, "utf8"));
    foreign.deployment.secrets_providers = { type: "service", state: {} };
    writeFileSync(path, JSON.stringify(foreign));
    expect(() => file.read()).toThrow(`encrypted by "service"`);
  });
});
