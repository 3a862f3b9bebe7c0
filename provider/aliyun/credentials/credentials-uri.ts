import type { CredentialSource } from "../object-store";
import { keptKeys } from "./kept-keys";
import { parseJson, readTemporaryKeys, WIRE_NAMES } from "./key-values";
import { fetchReply } from "./source-fault";

/**
 * Temporary keys of a credentials service, usually a sidecar of the program.
 * @see @alicloud/credentials 2.4.7, providers/uri
 */
export const credentialsUri = (uri: string): CredentialSource =>
  keptKeys(async () => {
    const { body } = await fetchReply("the credentials", { method: "GET", url: uri });
    return readTemporaryKeys(parseJson(body.toString("utf8"), "the reply"), WIRE_NAMES, "the reply");
  });
