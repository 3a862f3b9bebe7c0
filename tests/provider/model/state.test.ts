import { diff } from "../../../provider/handlers/diff";
import { parseGroupOutputs } from "../../../provider/model/cutover-group";
import { parseOutcomeOutputs } from "../../../provider/model/outcome";
import { parseOutputs } from "../../../provider/model/outputs";
import type { PlainObject } from "../../../provider/model/plain";
import { STATE_VERSION } from "../../../provider/model/recorded";
import { ADDED_INPUTS, markOutputs, strayNames, unmarkNames } from "../../../provider/model/state-format";
import { diffOutcome } from "../../../provider/outcome/plan-outcome";
import { callOf, Fixture, type Recorded } from "../../../testing/fixture";

let fixture: Fixture;
let online: Recorded;
beforeAll(async () => {
  fixture = await Fixture.open();
  online = await fixture.up({ backup: await fixture.backup("erp.bak") });
});
afterAll(() => fixture.close());

const UNREADABLE: [string, PlainObject][] = [
  ["chain.files", { chain: { files: "x" } }],
  ["failure", { failure: "boom" }],
  ["status", { status: "half" }],
  ["warnings", { warnings: "none" }],
  ["timeline.endedAt", { timeline: { endedAt: 5 } }],
  ["files.0.name", { files: [{}] }],
  ["sizeBytes", { sizeBytes: "many" }],
];

describe.each(UNREADABLE)("an unreadable member %s of the outputs", (member, odd) => {
  const broken = (): Recorded => ({ ...online, outputs: { ...online.outputs, ...odd } });
  const expected = new RegExp(`^STATE_UNREADABLE: \\[${member.replaceAll(".", "\\.")}\\]`);

  test("is named by a preview, an update and a refresh, which change nothing", async () => {
    const { context, members } = callOf(fixture.process(), online.inputs);
    expect(() => diff(context, broken().outputs, members)).toThrow(expected);
    await expect(fixture.refresh(broken())).rejects.toThrow(expected);
  });

  test("does not keep destroy from its work", async () => {
    await expect(fixture.destroy(broken())).resolves.toBeDefined();
  });
});

test("outputs of a newer version are left alone with an error that names both versions, and can be destroyed", async () => {
  const newer = { ...online, outputs: { ...online.outputs, __stateVersion: STATE_VERSION + 1 } };
  const { context, members } = callOf(fixture.process(), online.inputs);
  expect(() => diff(context, newer.outputs, members)).toThrow(/^STATE_NEWER: (.|\n)*version 3(.|\n)*up to version 2/);
  await expect(fixture.refresh(newer)).rejects.toThrow(/^STATE_NEWER/);
  await expect(fixture.destroy(newer)).resolves.toBeDefined();
});

test("no text that state holds makes a difference, so that a version may word its messages anew", () => {
  const texts = { statusText: "other words", warnings: ["worded by another version"] };
  const { context, members } = callOf(fixture.process(), online.inputs);
  const recorded = { ...online.outputs, ...texts };
  expect(diff(context, recorded, members)).toMatchObject({ changes: false });
  const { database, status, migrateTaskId } = { database: "erp", ...parseOutputs(online.outputs) };
  const member = { name: "erp", database, status, migrateTaskId, warnings: [], statusText: "old words" };
  const summary = [{ database, status, migrateTaskId, ...texts }];
  expect(diffOutcome({ instanceId: "rm-1", summary }, { instanceId: "rm-1", members: [member] }).changes).toBe(false);
});

test("members that this version does not know are kept", async () => {
  const odd = { ...online, outputs: { ...online.outputs, fromTomorrow: { x: 1 } } };
  expect((await fixture.refresh(odd)).outputs.fromTomorrow).toEqual({ x: 1 });
});

test("outputs of 0.1.0, without version or timeline, are read", () => {
  const { timeline: _timeline, ...old } = online.outputs;
  expect(parseOutputs(old)).toMatchObject({ status: "online", databaseName: "erp" });
  expect(parseOutcomeOutputs({ instanceId: "rm-1" }).summary).toEqual([]);
  expect(parseGroupOutputs({}).opened).toEqual([]);
});

test("the record of a migration that was refused for its inputs is read, and nothing else with invalid inputs", () => {
  const refused = { instanceId: "rm-1", databaseName: "erp", status: "failed", warnings: [], bucket: "UPPER" };
  expect(parseOutputs(refused).bucket).toBeUndefined();
  expect(() => parseOutputs({ ...refused, migrateTaskId: "7" })).toThrow(/^STATE_UNREADABLE: \[bucket\]/);
});

test("the timeline of a finished migration has its stages in order", () => {
  const { uploadStartedAt, uploadFinishedAt, submittedAt, endedAt } = parseOutputs(online.outputs).timeline ?? {};
  const times = [uploadStartedAt, uploadFinishedAt, submittedAt].map((time) => Date.parse(time ?? ""));
  expect(times).toEqual([...times].sort());
  expect(endedAt).toBe(online.outputs.finishedAt);
});

describe("the spelling of names in state", () => {
  test("marks every added input, and reads both spellings, the marked one first", () => {
    for (const name of ADDED_INPUTS) {
      expect(markOutputs({ [name]: 1 })).toMatchObject({ [`__${name}`]: 1 });
      expect(unmarkNames({ [name]: 1 })).toEqual({ [name]: 1 });
      expect(unmarkNames({ [name]: 1, [`__${name}`]: 2 })).toEqual({ [name]: 2 });
      expect(unmarkNames({ [`__${name}`]: 2, [name]: 1 })).toEqual({ [name]: 2 });
    }
  });

  test("leaves the engine's own names alone", () => {
    expect(unmarkNames({ __provider: "x", __defaults: [] })).toEqual({ __provider: "x", __defaults: [] });
  });

  test("finds what a program spells without the mark", () => {
    expect(strayNames({ backup: "a.bak", backupId: "x", __deferred: true })).toEqual(["backupId"]);
  });
});
