import { documentExitStatus, type RegisterCommand } from "../program/program";

interface Options {
  instance?: string;
  bucket?: string;
  region?: string;
  endpoint?: string;
  profile?: string;
  stack?: string;
  json?: boolean;
}

const loadAction = () => require("../doctor/run-doctor") as typeof import("../doctor/run-doctor");

/** `doctor`: checks what a migration needs, from this machine to the rights on instance and bucket. */
export const registerDoctor: RegisterCommand = (command, context) => {
  command
    .summary("check what a migration needs")
    .description(
      "Checks this machine, the credentials, the network, the instance, the bucket and the rights on them, and prints a line for " +
        "each check. It changes nothing. Run it in the folder of Pulumi.yaml.",
    )
    .option("--instance <ID>", "the destination instance, rm-…; without it nothing of an instance is checked")
    .option("--bucket <NAME>", "the bucket of the backups; without it no bucket is checked")
    .option(
      "--region <ID>",
      "region of both (default: alicloud:region of the stack, ALICLOUD_REGION, ALIBABA_CLOUD_REGION)",
    )
    .option("--endpoint <ENDPOINT>", "public, internal, accelerate, or a URL (default: public)")
    .option("--profile <NAME>", "profile of the Alibaba Cloud CLI")
    .option("--stack <NAME>", "stack whose configuration is read (default: the selected one)")
    .option("--json", "print an array with one object for each check")
    .action((options: Options) => context.run(command, () => loadAction().runDoctor(options, context)));
  documentExitStatus(command, {
    ok: "no check failed (warnings and checks that were not tried may remain)",
    findings: "a check failed",
  });
};
