import type { Settings } from "../../aliyun/settings";
import { checkCertificates, checkNode, checkPackage, checkPulumi } from "../../doctor/machine";
import { permissionLines } from "../../doctor/permissions";
import { doctorReport } from "../../doctor/report";
import { line } from "../../doctor/report-line";
import { counted } from "../../errors/message-text";
import type { Scope } from "../../model/scope";
import { systemClock } from "../../session/clock";
import { openSession } from "../../session/session";
import { EXIT, type ExitStatus } from "../program/exit-status";
import { jsonReport } from "../program/json-report";
import { packageVersion } from "../program/package-folder";
import type { CommandContext } from "../program/program";
import { checkAccount } from "./check-account";
import { checkDestination } from "./check-destination";
import { checkServices } from "./check-services";
import { CHECK_LIMIT_MS, Checklist } from "./checklist";
import { certificateFacts, neededNode, pulumiVersion, resolvedVersion, stackConfiguration } from "./machine-facts";

export interface DoctorRequest extends Scope {
  instance?: string;
  bucket?: string;
  /** @default the selected one */
  stack?: string;
  json?: boolean;
}

const SILENT = { write: () => {} };

/** A person waits for each line: a call that fails is repeated for some seconds only; milliseconds. */
const TUNING = {
  rdsReadTimeoutMs: 5_000,
  rdsRetryDelayMs: 100,
  ossRetryTimes: { budgetMs: 5_000, firstContactMs: 5_000, initialDelayMs: 100 },
  ossTimeouts: { idleMs: 5_000, controlMs: 10_000 },
};

/** Checks everything that a migration needs, and prints a line for each check. It changes nothing. */
export async function runDoctor(
  request: DoctorRequest,
  { console }: Pick<CommandContext, "console">,
): Promise<ExitStatus> {
  const list = new Checklist(systemClock, CHECK_LIMIT_MS);
  const settings = await checkMachine(list, request.stack, console.env);
  const { region, profile, endpoint } = request;
  const session = openSession(settings, SILENT, systemClock, TUNING);
  const place = { session, scope: { region, profile, endpoint } };
  const services = await checkServices(list, place);
  const account = await checkAccount(list, place, services.STS);
  await checkDestination(list, { ...place, services, account, instance: request.instance, bucket: request.bucket });
  const lines = [...list.lines, ...permissionLines(list.attempts)];
  console.out(request.json ? jsonReport(lines) : doctorReport(lines));
  return lines.some(({ status }) => status === "failed") ? EXIT.findings : EXIT.ok;
}

/** Checks this machine. @returns the settings of the stack and of the environment */
async function checkMachine(list: Checklist, stack: string | undefined, env: Settings["env"]): Promise<Settings> {
  const folder = process.cwd();
  await list.run({ name: "node" }, async () => ({ lines: [checkNode(process.version, neededNode())] }));
  await list.run({ name: "package" }, async () => ({
    lines: [checkPackage(folder, resolvedVersion(folder), packageVersion())],
  }));
  const pulumi = await list.run({ name: "pulumi" }, async () => {
    const result = await pulumiVersion();
    return { lines: [checkPulumi(result)], value: "version" in result ? result : undefined };
  });
  const name = "stack configuration";
  const configuration = await list.run({ name, needs: { pulumi } }, async () => {
    const read = await stackConfiguration(stack);
    if ("fault" in read) {
      const remedy = "Run this in the folder of Pulumi.yaml, or give --region; the environment is read all the same.";
      const [first = "", ...details] = read.fault.split("\n");
      return { lines: [line(name, "notTried", `because it cannot be read: ${first}`, { details, remedy })] };
    }
    const { values, secrets } = read;
    const unread = secrets.length === 0 ? "" : `; secrets are not read: ${secrets.join(", ")}`;
    return { lines: [line(name, "ok", `${counted(values.size, "value")}${unread}`)], value: values };
  });
  await list.run({ name: "certificates" }, async () => ({ lines: [checkCertificates(await certificateFacts(env))] }));
  return { config: (key) => ("value" in configuration ? configuration.value.get(key) : undefined), env };
}
