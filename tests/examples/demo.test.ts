import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { engines } from "../scenarios/harness";
import { recordRun } from "../support/engine-runs";

jest.setTimeout(240_000);

const ROOT = join(__dirname, "..", "..");
const DEMO = join(ROOT, "dist", "examples", "demo", "demo.js");

test.each(engines)(
  "the demo migrates its three backups and previews no further change, with $name",
  async ({ name }) => {
    recordRun(name);
    // execFile rejects when the demo exits with another code than 0.
    const { stdout } = await promisify(execFile)(process.execPath, [DEMO, "--json", "--engine", name], { cwd: ROOT });
    const lines = stdout.trim().split("\n");
    expect(JSON.parse(lines.at(-1) ?? "")).toEqual({
      engine: name,
      databases: [
        { name: "Müller & Söhne", status: "online" },
        { name: "Shop", status: "online" },
        { name: "Warehouse", status: "online" },
      ],
      secondPreview: { changes: 0 },
    });
  },
);
