import { InvalidArgumentError } from "commander";
import { documentExitStatus, type RegisterCommand } from "../program/program";

interface Options {
  port?: number;
  state?: string;
  region?: string;
  taskSeconds?: number;
  instance?: string[];
  bucket?: string;
}

const loadAction = () => require("../emulator/load-emulator") as typeof import("../emulator/load-emulator");

/** `emulator`: runs a command, or waits, with an emulated cloud. The emulator is a package of its own. */
export const registerEmulator: RegisterCommand = (command, context) => {
  command
    .summary("rehearse a program against an emulator of OSS, RDS and RAM")
    .description(
      "Starts an emulator of OSS, RDS, RAM, STS and VPC on 127.0.0.1, and runs a command whose environment names it. Without a " +
        "command it prints its address and keys as JSON and runs until it is stopped. It sends nothing to Alibaba Cloud. " +
        "It needs the package pulumi-alicloud-sqlserver-migration-emulator.",
    )
    .argument("[command...]", "behind --: the command and its arguments, for example -- pulumi up")
    .option("--port <N>", "TCP port (default: a free one)", toNumber)
    .option("--state <DIR>", "folder that keeps buckets, databases and tasks for the next start")
    .option("--region <ID>", "region, read at the first start with a folder (default: cn-hangzhou)")
    .option("--task-seconds <N>", "how long a migration task takes (default: 4)", toNumber)
    .option(
      "--instance <ID>",
      "an RDS instance that exists, read at the first start; may be repeated (default: rm-emulator0001)",
      (id: string, others: string[] | undefined) => [...(others ?? []), id],
    )
    .option("--bucket <NAME>", "a bucket that exists, read at the first start (default: a name drawn at random)")
    .action((words: string[], { state, taskSeconds, instance, ...options }: Options) =>
      context.run(command, () =>
        loadAction()
          .loadEmulator()
          .runEmulator({
            ...options,
            stateDir: state,
            taskMs: taskSeconds === undefined ? undefined : taskSeconds * 1000,
            instances: instance,
            command: words,
          }),
      ),
    );
  documentExitStatus(command, {
    ok: "it was stopped; with a command: the command's own exit status",
    findings: "the emulator or the command cannot be started",
  });
};

function toNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0)) throw new InvalidArgumentError("It is a number.");
  return value;
}
