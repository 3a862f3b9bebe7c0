import { isMigrationError } from "../../errors/migration-error";
import { fromServiceError } from "../../errors/service-error";
import type { CredentialSource } from "../object-store";
import { type SmallRequest, sendRequest } from "../transport/send-request";
import type { TransportReply } from "../transport/transport";

/** A credential source and its name in messages. */
export interface NamedSource extends CredentialSource {
  /** For example `the profile work of ~/.aliyun/config.json`. */
  readonly place: string;
}

/** `unset`: nothing is configured at the place, so the next one counts. `refused`: a service refused the login. */
export type FaultKind = "unset" | "refused";

/** The reason why a source has no keys. The message holds no secret and no text of a file or a reply. */
export class SourceFault extends Error {
  override readonly name = "SourceFault";

  constructor(
    message: string,
    readonly kind?: FaultKind,
  ) {
    super(message);
  }
}

/** The reason of any error, without `secrets`. The message of a foreign error may quote a secret, so it is left out. */
export function reasonOf(error: unknown, secrets: readonly string[] = []): string {
  if (error instanceof SourceFault) return error.message;
  if (isMigrationError(error)) return withoutValues(`${error.code}: ${error.what.replace(/\s*\n\s*/g, " ")}`, secrets);
  return `an error with the code ${systemCode(error) ?? "UNKNOWN"}`;
}

/** Node's or the system's code of an error, for example `ENOENT`. */
export function systemCode(error: unknown): string | undefined {
  const code: unknown = error !== null && typeof error === "object" ? Reflect.get(error, "code") : undefined;
  return typeof code === "string" ? code : undefined;
}

const withoutValues = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((rest, secret) => (secret === "" ? rest : rest.replaceAll(secret, "<secret>")), text);

/**
 * Sends the request of a source through the transport of all services.
 * @throws SourceFault without a reply, or for a status other than 200
 */
export async function fetchReply(operation: string, request: SmallRequest): Promise<TransportReply> {
  let reply: TransportReply;
  try {
    reply = await sendRequest(request);
  } catch (cause) {
    throw new SourceFault(reasonOf(fromServiceError(cause, { operation, host: hostOf(request.url) })));
  }
  if (reply.status !== 200)
    throw new SourceFault(
      `${hostOf(request.url)} answered ${operation} with HTTP ${reply.status}`,
      [400, 401, 403].includes(reply.status) ? "refused" : undefined,
    );
  return reply;
}

/** The host of a URL, without user, path and query. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    throw new SourceFault("its address is not a URL");
  }
}
