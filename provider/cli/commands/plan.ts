import type { PlanRequest } from "../plan/run-plan";
import { collect } from "../program/collect";
import { documentExitStatus, type RegisterCommand } from "../program/program";

const loadAction = () => require("../plan/run-plan") as typeof import("../plan/run-plan");

/** `plan`: prints in which waves the databases of a manifest fit into windows, disk and quotas. */
export const registerPlan: RegisterCommand = (command, context) => {
  command
    .summary("plan waves of migrations within windows, disk and quotas")
    .description(
      "Prints in which waves the databases of a manifest or a folder of backups fit into the windows, the disk, the number of databases and the day's " +
        "quotas of an instance, and what would make room for the others. It changes nothing; --measure sends a probe and deletes it.",
    )
    .argument("<BACKUPS>", "what bakinfo --manifest wrote, or the backups: a folder, or oss://BUCKET/PREFIX/")
    .option("--instance <ID>", "the destination instance, rm-…; its disk, databases and tasks are read")
    .option("--region <ID>", "region of the instance and the bucket (default: ALICLOUD_REGION, ALIBABA_CLOUD_REGION)")
    .option("--profile <NAME>", "profile of the Alibaba Cloud CLI")
    .option("--free <SIZE>", "free disk of the instance, such as 500GB (default: what the instance has)")
    .option("--growth <SIZE@TIME>", 'disk that is added, such as "500GB@2026-12-05 02:00"; repeatable', collect)
    .option("--window <PERIOD>", '"Fri 22:00/Mon 06:00" or "2026-12-04 22:00/2026-12-07 06:00"; repeatable', collect)
    .option("--timezone <NAME>", "of the windows, such as Asia/Shanghai (default: that of this machine)")
    .option("--weeks <N>", "how many periods of a weekly window count; one that is open now is the first", "1")
    .option("--runners <N>", "machines that upload, each with a stack of its own", "1")
    .option("--rate <MB/S>", "what the network of each machine carries (default: what --state shows)")
    .option("--measure", "measure that rate: send up to 64 MiB for about 10 s into --bucket, and delete them")
    .option("--bucket <NAME>", "the bucket that --measure sends to")
    .option("--endpoint <ENDPOINT>", "of OSS: public, internal, accelerate, or a URL (default: public)")
    .option("--parallel <N>", "uploads at once on each machine", "1")
    .option("--reserve <PERCENT>", "time that is kept free", "20")
    .option(
      "--state <FILE>",
      "output of `pulumi stack export` of an earlier run, to learn rates from; repeatable",
      collect,
    )
    .option("--group <NAMES>", "databases that belong together, separated by commas; repeatable", collect)
    .option("--first <NAME>", "a database that comes before the others; repeatable", collect)
    .option("--previous <FILE>", "an earlier plan (--json): waves that have begun stay as they are")
    .option("--json", "print an array with one object for each database")
    .action((backups: string, options: Omit<PlanRequest, "backups">) =>
      context.run(command, () => loadAction().runPlan({ backups, ...options }, context)),
    );
  documentExitStatus(command, {
    ok: "every database is in a wave",
    findings: "a database does not fit, or a file or the instance cannot be read",
  });
};
