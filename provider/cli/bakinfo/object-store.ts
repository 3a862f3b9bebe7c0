import type { ObjectStore } from "../../aliyun/object-store";
import { systemClock } from "../../session/clock";
import { openSession } from "../../session/session";
import type { CommandContext } from "../program/program";
import { warningLog } from "../program/warning-log";

/** Where `oss://` objects are. Credentials come from the environment and the default chain, as for the provider. */
export interface StoreChoice {
  region?: string;
  /** A name or a URL. @default "public" */
  endpoint?: string;
  profile?: string;
}

/**
 * The object store of the command line. It connects at the first object, with the warnings of a migration. Settings come from
 * the options and the environment, because a command has no stack configuration.
 * @throws NO_REGION from the returned function
 */
export function lazyStore(
  { region, endpoint, profile }: StoreChoice,
  context: Pick<CommandContext, "console" | "program">,
): () => ObjectStore {
  const settings = { config: () => undefined, env: context.console.env };
  const { clients } = openSession(settings, warningLog(context), systemClock);
  return () => clients.store({ region, endpoint, profile });
}
