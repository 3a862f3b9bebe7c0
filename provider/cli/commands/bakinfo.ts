import type { RegisterCommand } from "../program/program";
import { documentExitStatus } from "../program/program";

interface Options {
  json?: boolean;
  manifest?: string;
  deep?: boolean;
  exclude?: string[];
  region?: string;
  endpoint?: string;
  profile?: string;
}

const loadAction = () => require("../bakinfo/run-bakinfo") as typeof import("../bakinfo/run-bakinfo");

/** `bakinfo`: prints what backups are and how they fit together, and writes manifests. */
export const registerBakinfo: RegisterCommand = (command, context) => {
  command
    .summary("print what backup files are and how they fit together")
    .description(
      "Reads the headers of SQL Server backups without SQL Server, and prints what they are and how they fit together.",
    )
    .argument(
      "<backups...>",
      "files, folders, or oss://BUCKET/KEY; folders and keys that end in / are expanded to the .bak, .trn, .dif, .diff, .full and .log files in them, folders also to files of other names that begin as a backup",
    )
    .option("--json", "print an array with one object for each file (HEADERONLY's column names)")
    .option("--manifest <FILE>", "write the manifest of the chains found, to commit beside the Pulumi program")
    .option(
      "--exclude <PATTERN>",
      "leave files out of folders and prefixes: a name or a path in it, * matches any characters; may be repeated",
      (pattern: string, others: string[] | undefined) => [...(others ?? []), pattern],
    )
    .option("--deep", "read every file to its end and check all of it")
    .option("--region <ID>", "region of the buckets (default: ALICLOUD_REGION, ALIBABA_CLOUD_REGION)")
    .option("--endpoint <ENDPOINT>", "public, internal, accelerate, or a URL (default: public)")
    .option("--profile <NAME>", "profile of the Alibaba Cloud CLI")
    .action((paths: string[], options: Options) =>
      context.run(command, () => loadAction().runBakinfo({ paths, ...options }, context)),
    );
  documentExitStatus(command, {
    ok: "every file is a sound backup",
    findings: "a file is not a sound backup, or the manifest was not written (the reasons are on stderr)",
  });
};
