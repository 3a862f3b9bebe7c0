import { z } from "zod";
import type { AccessKeys } from "./access/access-keys";
import type { Clock } from "./clock";
import type { Controls } from "./http/admin-handler";
import type { OssControl } from "./oss/oss-control";

const named = z.strictObject({ name: z.string() });
const object = z.strictObject({ bucket: z.string(), key: z.string() });

export interface ControlTargets {
  clock: Clock;
  keys: AccessKeys;
  oss: OssControl;
  /** Controls of the RPC services by the prefix they get, for example `rds`. */
  services: Readonly<Record<string, object>>;
}

/** Everything that `POST /__emulator/control` can do: `clock.*`, `sts.*`, `oss.*` and what the services bring (`rds.*`, `ram.*`). */
export function collectControls({ clock, keys, oss, services }: ControlTargets): Controls {
  const own: Controls = {
    "clock.set": (argument) => {
      clock.offsetMs = z.strictObject({ offsetMs: z.number().int() }).parse(argument).offsetMs;
    },
    "sts.issue": (argument) => {
      const { expiresInSeconds } = z.strictObject({ expiresInSeconds: z.number() }).parse(argument);
      return keys.issue(clock.now() + expiresInSeconds * 1000);
    },
    "oss.makeBucket": (argument) => oss.makeBucket(argument as Parameters<OssControl["makeBucket"]>[0]), // parsed there
    "oss.removeBucket": (argument) => oss.removeBucket(named.parse(argument).name),
    "oss.putFile": (argument) => {
      const { bucket, key, path, ...settings } = object.extend({ path: z.string() }).loose().parse(argument);
      return oss.putObject(bucket, key, path, settings);
    },
    "oss.removeObject": (argument) => {
      const { bucket, key } = object.parse(argument);
      oss.removeObject(bucket, key);
    },
    "oss.objects": (argument) => oss.objects(named.parse(argument).name),
    "oss.uploads": (argument) => oss.uploads(named.partial().parse(argument).name),
  };
  const theirs = Object.entries(services).flatMap(([prefix, control]) =>
    Object.entries(control)
      .filter((entry): entry is [string, (argument: unknown) => unknown] => typeof entry[1] === "function")
      .map(([name, run]) => [`${prefix}.${name}`, run] as const),
  );
  return { ...own, ...Object.fromEntries(theirs) };
}
