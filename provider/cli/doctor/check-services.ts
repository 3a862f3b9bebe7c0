import { stsEndpoint } from "../../aliyun/credentials/sts-endpoint";
import { ENDPOINT_OVERRIDE, resolveOssEndpoint } from "../../aliyun/oss/oss-endpoint";
import { ramEndpoint } from "../../aliyun/ram/ram-client";
import { rdsEndpoint } from "../../aliyun/rds/rds-sdk-client";
import { endpointOverride, findRegion, type Service, type ServiceEndpoint } from "../../aliyun/settings";
import {
  checkClock,
  checkEndpoint,
  checkOtherEndpoint,
  checkProxy,
  checkTls,
  isTlsFailure,
  type ServiceContact,
} from "../../doctor/network";
import { line } from "../../doctor/report-line";
import { migrationError } from "../../errors/migration-error";
import type { Scope } from "../../model/scope";
import type { Session } from "../../session/session";
import { endpointWarning } from "../../session/transport-warnings";
import type { Checked, Checklist } from "./checklist";
import { contactEndpoint, proxyLabel } from "./contact-endpoint";

/** The account and the region that a doctor examines. */
export interface Place {
  session: Session;
  scope: Scope;
}

/** Whether each service can be called. */
export type Services = Readonly<Record<Service, Checked<true>>> & { region: Checked<string> };

const urlOf = ({ protocol, host }: ServiceEndpoint): string => `${protocol}://${host}`;

/** Checks the region, and for each service its proxy, its endpoint, TLS and the clock. */
export async function checkServices(list: Checklist, { session, scope }: Place): Promise<Services> {
  const { settings } = session;
  const region = await list.run({ name: "region" }, async () => {
    const found = findRegion(settings, scope.region);
    if (found === undefined) throw migrationError("NO_REGION", {});
    return { lines: [line("region", "ok", found)], value: found };
  });
  const environment = { [ENDPOINT_OVERRIDE]: settings.env(ENDPOINT_OVERRIDE) };
  const ossUrl = (endpoint: string | undefined) => (id: string) =>
    resolveOssEndpoint({ region: id, endpoint, environment }).url;
  const rdsUrl = (id: string) => urlOf(rdsEndpoint(id, endpointOverride(settings, "RDS")));
  const OSS = await checkService(list, "OSS", region, ossUrl(scope.endpoint));
  for (const name of ["public", "internal"] as const) {
    const check = { name: `endpoint OSS ${name}`, needs: { region } };
    if (environment[ENDPOINT_OVERRIDE]) list.skip(check, `because ${ENDPOINT_OVERRIDE} replaces every endpoint`);
    else if ((scope.endpoint ?? "public") !== name)
      await list.run(check, async (values) => {
        const url = ossUrl(name)(values.region);
        return { lines: [checkOtherEndpoint(name, url, await contactEndpoint(url))] };
      });
  }
  return {
    ...{ region, OSS },
    RDS: await checkService(list, "RDS", region, rdsUrl),
    RAM: await checkService(list, "RAM", EVERYWHERE, () => urlOf(ramEndpoint(settings))),
    STS: await checkService(list, "STS", EVERYWHERE, () => urlOf(stsEndpoint(settings))),
  };
}

/** The region of services whose address does not depend on it. */
const EVERYWHERE: Checked<string> = { value: "" };

/** Migrations only sign with RDS and OSS, so only their clocks are compared; without RAM and STS most of them still run. */
const isNeeded = (service: Service): boolean => service === "OSS" || service === "RDS";

async function checkService(
  list: Checklist,
  service: Service,
  region: Checked<string>,
  urlIn: (region: string) => string,
): Promise<Checked<true>> {
  const route = await list.run({ name: `proxy ${service}`, needs: { region } }, async (values) => {
    const url = urlIn(values.region);
    const proxy = proxyLabel(url);
    return { lines: [checkProxy({ service, url, proxy })], value: { service, url, proxy } };
  });
  const reached = await list.run({ name: `endpoint ${service}`, needs: { route } }, async (values) => {
    const { url } = values.route;
    const contact = await contactEndpoint(url);
    const clearText = endpointWarning(`ALIBABA_CLOUD_ENDPOINT_${service}`, url);
    const facts: ServiceContact = { ...values.route, contact, isOptional: !isNeeded(service), clearText };
    const isReached = contact.kind === "answered" || isTlsFailure(contact);
    return { lines: [checkEndpoint(facts)], value: isReached ? facts : undefined };
  });
  const secured = await list.run({ name: `TLS ${service}`, needs: { reached } }, async (values) => {
    const { contact } = values.reached;
    return { lines: [checkTls(values.reached)], value: isTlsFailure(contact) ? undefined : contact };
  });
  if (!isNeeded(service)) return "value" in secured ? { value: true } : secured;
  return list.run({ name: `clock ${service}`, needs: { secured } }, async (values) => {
    const checked = checkClock(service, values.secured);
    return { lines: [checked], value: checked.status === "failed" ? undefined : true };
  });
}
