import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Table from "cli-table3";
import type { Engine } from "../../engine/engine";
import { findEngines } from "../../engine/find-engines";
import { servesNative } from "../../testing/resource-host";
import { type Cost, costOf, median, ratioOf, rounded } from "./cost";
import { Fleet, PREVIEW, plainWorkspace, UP } from "./fleet";
import { writeFleet } from "./write-fleet";

/** The last line of `npm run bench -- fleet --json`. */
export interface FleetFigures {
  /** Name and version of the engine that ran both programs. */
  engine: string;
  databases: number;
  /** Median ratio of a preview of finished migrations to a preview of the same number of empty dynamic resources. */
  previewRatio: number;
  /** The same ratio of the CPU time, which other work on the machine changes less. */
  previewCpuRatio: number;
  /** RDS requests in one preview of finished migrations, the maximum of all rounds. */
  rdsCallsPreview: number;
  /** RDS requests from the first `pulumi up` (its preview and its update) to the last database online. */
  rdsCallsUp: number;
  /** Size of the deployment as minified JSON, divided by the number of databases. */
  stateBytesPerDatabase: number;
  /** The same program with native resources, where the engine has the plugin. */
  native?: NativeFigures;
}

export interface NativeFigures extends Pick<FleetFigures, "rdsCallsPreview" | "rdsCallsUp" | "stateBytesPerDatabase"> {
  /** Median ratio of a preview to that of the same program with dynamic resources, one after the other. */
  previewOverDynamic: number;
}

/** Figures of this machine, printed for context. */
type Context = Record<string, number | undefined>;

/** `npm run bench -- fleet [--databases 500] [--rounds 5] [--engine pulumi|stand-in] [--json]`: measures a whole instance in one program. */
export async function run(argv: string[]): Promise<void> {
  const { values } = parseArgs({
    args: argv,
    options: {
      databases: { type: "string", default: "500" },
      rounds: { type: "string", default: "5" },
      engine: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const engine = findEngines().find(({ name }) => values.engine === undefined || name === values.engine);
  if (engine === undefined) throw new Error(`engine "${values.engine}" is not installed`);
  const { figures, context } = await measure(engine, Number(values.databases), Number(values.rounds));
  const table = new Table({ head: ["what", "measured"], style: { head: [], border: [] } });
  const { native, ...dynamic } = figures;
  const prefixed = Object.entries(native ?? {}).map(([what, value]) => [`native ${what}`, value]);
  for (const [what, value] of [...Object.entries({ ...dynamic, ...context }), ...prefixed]) table.push([what, value]);
  console.log(table.toString());
  if (values.json) console.log(JSON.stringify(figures));
}

async function measure(engine: Engine, databases: number, rounds: number) {
  const folder = mkdtempSync(join(tmpdir(), "sqlserver-migration-fleet-"));
  const fleets: Fleet[] = [];
  try {
    const manifest = await writeFleet(folder, databases);
    const plain = plainWorkspace(folder, databases);
    await costOf(engine, plain, UP);
    for (const host of ["dynamic", "native"] as const) {
      if (host === "native" && !servesNative(engine)) continue;
      const fleet = await Fleet.open(engine, host, { folder, manifest, databases });
      fleets.push(fleet);
      await fleet.up();
    }
    // Interleaved, so that other load on the machine affects all of them.
    const plainPreviews: Cost[] = [];
    for (let round = 0; round < rounds; round++) {
      plainPreviews.push(await costOf(engine, plain, PREVIEW));
      for (const fleet of fleets) await fleet.preview();
    }
    const [dynamic, native] = fleets;
    if (dynamic === undefined) throw new Error("nothing was measured");
    const figures: FleetFigures = {
      engine: `${engine.name} ${engine.version}`,
      databases,
      previewRatio: ratioOf(dynamic.previews, plainPreviews, "seconds"),
      previewCpuRatio: ratioOf(dynamic.previews, plainPreviews, "cpuSeconds"),
      ...(await dynamic.figures()),
      ...(native && {
        native: {
          previewOverDynamic: ratioOf(native.previews, dynamic.previews, "seconds"),
          ...(await native.figures()),
        },
      }),
    };
    const context: Context = { plainPreviewSeconds: rounded(median(plainPreviews.map(({ seconds }) => seconds)), 2) };
    for (const fleet of fleets) Object.assign(context, fleet.context());
    return { figures, context };
  } finally {
    for (const fleet of fleets) await fleet.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
