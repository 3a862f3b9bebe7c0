import { parseArgs } from "node:util";
import { SPENDS, type Spend } from "./assumption";

export const USAGE = `usage: npm run acceptance -- --instance ID --bucket NAME [--backup FILE] [--spend none|small|tasks]
                         [--region ID] [--output FILE]
       npm run acceptance -- --list

Asks the live service what the code assumes about it. It never deletes a database, and deletes its own objects.

  --instance ID   an RDS instance that may be asked
  --bucket NAME   a bucket in its region
  --backup FILE   a small full backup, for --spend tasks
  --spend LEVEL   none: requests that only read (default); small: some small objects; tasks: up to 2 tasks of the day's quota
  --region ID     default: ALICLOUD_REGION, ALIBABA_CLOUD_REGION
  --output FILE   default: acceptance.json
  --list          prints every assumption, what asking costs, and why some are not asked
`;

export interface Options {
  instanceId: string;
  bucket: string;
  backup?: string;
  spend: Spend;
  region?: string;
  output: string;
  /** Milliseconds between two polls of a task. */
  pollMs: number;
}

/** @throws Error that names the option */
export function readOptions(args: string[]): { kind: "help" } | { kind: "list" } | ({ kind: "run" } & Options) {
  const { values } = parseArgs({
    args,
    options: {
      instance: { type: "string" },
      bucket: { type: "string" },
      backup: { type: "string" },
      spend: { type: "string", default: "none" },
      region: { type: "string" },
      output: { type: "string", default: "acceptance.json" },
      list: { type: "boolean" },
      help: { type: "boolean" },
    },
  });
  if (values.help) return { kind: "help" };
  if (values.list) return { kind: "list" };
  const { instance, bucket, backup, region, output } = values;
  if (instance === undefined) throw new Error("--instance is missing");
  if (bucket === undefined) throw new Error("--bucket is missing");
  const spend = SPENDS.find((each) => each === values.spend);
  if (spend === undefined) throw new Error(`--spend is ${SPENDS.join(", ")}, not ${values.spend}`);
  if (spend === "tasks" && backup === undefined) throw new Error("--spend tasks needs --backup");
  return { kind: "run", instanceId: instance, bucket, backup, spend, region, output, pollMs: 10_000 };
}
