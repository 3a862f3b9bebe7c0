import { z } from "zod";
import type { AccessKeys } from "./access/access-keys";
import type { Clock } from "./clock";
import type { Controls } from "./http/admin-handler";
import type { OssControl } from "./oss/oss-control";

const bucketArgument = z.strictObject({ name: z.string() });
const objectArgument = z.strictObject({ bucket: z.string(), key: z.string() });

export interface ControlTargets {
  clock: Clock;
  keys: AccessKeys;
  oss: OssControl;
  /** Controls of the RPC services by their name prefix, for example `rds`. */
  services: Readonly<Record<string, object>>;
}

/**
 * Collects the controls of `POST /__emulator/control`: `clock.*`, `sts.*`, `oss.*` and those of the services (`rds.*`,
 * `ram.*`).
 */
export function collectControls({ clock, keys, oss, services }: ControlTargets): Controls {
  const emulatorControls: Controls = {
    "clock.set": (argument) => {
      clock.offsetMs = z.strictObject({ offsetMs: z.number().int() }).parse(argument).offsetMs;
    },
    "sts.issue": (argument) => {
      const { expiresInSeconds } = z.strictObject({ expiresInSeconds: z.number() }).parse(argument);
      return keys.issue(clock.now() + expiresInSeconds * 1000);
    },
    "oss.makeBucket": (argument) => oss.makeBucket(argument as Parameters<OssControl["makeBucket"]>[0]), // makeBucket validates it
    "oss.removeBucket": (argument) => oss.removeBucket(bucketArgument.parse(argument).name),
    "oss.putFile": (argument) => {
      const { bucket, key, path, ...settings } = objectArgument.extend({ path: z.string() }).loose().parse(argument);
      return oss.putObject(bucket, key, path, settings);
    },
    "oss.removeObject": (argument) => {
      const { bucket, key } = objectArgument.parse(argument);
      oss.removeObject(bucket, key);
    },
    "oss.objects": (argument) => oss.objects(bucketArgument.parse(argument).name),
    "oss.uploads": (argument) => oss.uploads(bucketArgument.partial().parse(argument).name),
  };
  const serviceControls = Object.entries(services).flatMap(([prefix, control]) =>
    Object.entries(control)
      .filter((entry): entry is [string, (argument: unknown) => unknown] => typeof entry[1] === "function")
      .map(([name, run]) => [`${prefix}.${name}`, run] as const),
  );
  return { ...emulatorControls, ...Object.fromEntries(serviceControls) };
}
