import { documentExitStatus, type RegisterCommand } from "../program/program";

interface Options {
  backups?: string;
  engineVersion?: string;
  prices?: string;
  json?: boolean;
  html?: string;
  region?: string;
  endpoint?: string;
  profile?: string;
}

const loadAction = () => require("../assess/run-assess") as typeof import("../assess/run-assess");

/** `assess`: what a baseline and the headers of backups show before anything exists. */
export const registerAssess: RegisterCommand = (command, context) => {
  command
    .summary("assess a source before anything exists")
    .description(
      "Assesses the databases of a baseline: which are ready, what blocks, what is lost, and the smallest version, edition and disk " +
        "of RDS that suffices. It reads files only; nothing has to exist in the cloud.",
    )
    .argument("<BASELINE.json>", "what sql/baseline.sql wrote on the source")
    .option("--backups <DIR>", "also read the headers of these backups: a folder, or oss://BUCKET/PREFIX/")
    .option(
      "--engine-version <VERSION>",
      "of the destination, as RDS spells it: 2019_std_ha (default: the smallest that suffices)",
    )
    .option(
      "--prices <FILE>",
      "CSV with the columns item, unit, price, currency, or the same as JSON: adds the monthly cost",
    )
    .option("--html <FILE>", "write the assessment as a page that needs no other file and no network")
    .option("--json", "print the assessment as one object, always spelled the same, whose SHA-256 the page shows")
    .option("--region <ID>", "region of the bucket (default: ALICLOUD_REGION, ALIBABA_CLOUD_REGION)")
    .option("--endpoint <ENDPOINT>", "public, internal, accelerate, or a URL (default: public)")
    .option("--profile <NAME>", "profile of the Alibaba Cloud CLI")
    .action((baseline: string, options: Options) =>
      context.run(command, () => loadAction().runAssess({ baseline, ...options }, context)),
    );
  documentExitStatus(command, {
    ok: "no database is blocked",
    findings: "a database is blocked, a backup is not sound, or a file cannot be read or written",
  });
};
