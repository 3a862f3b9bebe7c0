import { readFileSync } from "node:fs";
import * as path from "node:path";
import { startEmulator } from "../../emulator/emulator";
import { faultRuleSchema } from "../../emulator/faults/fault-rule";
import { OSS_OPERATIONS } from "../../emulator/oss/operations/all-operations";
import { send } from "./support/signed-request";

const readme = readFileSync(path.join(__dirname, "..", "..", "emulator", "README.md"), "utf8");

it.each(OSS_OPERATIONS.map((operation) => [operation.name, operation] as const))(
  "names %s",
  (name, { requires = [] }) => {
    // The README lists upload operations by their verb, bucket ACLs as one pair, configurations by their sub-resource.
    const spellings = [
      name,
      name.replace("MultipartUpload", ""),
      name.replace(/^(Get|Put)BucketAcl$/, "Get/PutBucketAcl"),
      ...requires,
    ];
    expect(spellings.some((spelling) => new RegExp(`\\b${spelling}\\b`).test(readme))).toBe(true);
  },
);

it("shows a valid fault rule", () => {
  const example = /```json\n(.*?)```/s.exec(readme)?.[1] ?? "";
  expect(faultRuleSchema.safeParse(JSON.parse(example)).success).toBe(true);
});

it.each(
  faultRuleSchema.shape.effect.options.map(
    (option) => [[...option.shape.kind.values][0] ?? "", Object.keys(option.shape)] as const,
  ),
)("describes the effect %s and its members", (_, members) => {
  const row = readme.split("\n").find((line) => line.startsWith(`| \`${_}\``)) ?? "";
  expect(members.filter((member) => member !== "kind" && !row.includes(`\`${member}`))).toEqual([]);
});

it("names every control of the emulator itself", async () => {
  const emulator = await startEmulator();
  const names: string[] = JSON.parse((await send(emulator, { method: "GET", target: "/__emulator/control" })).text);
  await emulator.close();
  const emulatorControls = names.filter((name) => /^(clock|sts|oss)\./.test(name));
  expect(emulatorControls.filter((name) => !readme.includes(`\`${name}`))).toEqual([]);
});
