import type { FaultInjector } from "../faults/fault-injector";
import { faultRuleSchema } from "../faults/fault-rule";
import type { Journal } from "../world";
import { readSmallBody } from "./incoming-request";
import type { Reply } from "./reply";

/**
 * Prefix of the emulator's own paths. Their requests are not signed, numbered or journaled. No bucket can have this
 * name.
 */
export const ADMIN_PREFIX = "/__emulator/";

export type AdminHandler = (method: string, target: string, body: AsyncIterable<Uint8Array>) => Promise<Reply>;

/** Functions that `POST control` calls by name, each with one JSON argument. */
export type Controls = Readonly<Record<string, (argument: unknown) => unknown>>;

const MAX_BODY_BYTES = 64 << 20;

/**
 * Handles `GET journal[?from=N]`, `GET faults`, `POST faults` (a rule or a list), `DELETE faults[?id=…]`, `GET control`
 * (the names) and `POST control` with `{"control": name, "argument": …}`, which returns `{"result": …}`. An invalid
 * argument returns 400 with `{"error": …}`.
 */
export function createAdminHandler(parts: {
  journal: Journal;
  faults: FaultInjector;
  controls: Controls;
}): AdminHandler {
  return async (method, target, body) => {
    const url = new URL(target, "http://emulator");
    const request = `${method} ${url.pathname.slice(ADMIN_PREFIX.length)}`;
    try {
      const payload = (await readSmallBody(body, MAX_BODY_BYTES))?.toString("utf8") ?? "";
      switch (request) {
        case "GET journal":
          return json(200, parts.journal.entries.slice(Number(url.searchParams.get("from") ?? 0)));
        case "GET faults":
          return json(200, parts.faults.list());
        case "POST faults": {
          const rules = [JSON.parse(payload)].flat().map((rule) => faultRuleSchema.parse(rule));
          return json(200, { ids: rules.map((rule) => parts.faults.add(rule)) });
        }
        case "DELETE faults": {
          const id = url.searchParams.get("id");
          if (id === null) parts.faults.clear();
          else parts.faults.remove(id);
          return json(200, {});
        }
        case "GET control":
          return json(200, Object.keys(parts.controls).sort());
        case "POST control":
          return json(200, { result: (await runControl(parts.controls, JSON.parse(payload))) ?? null });
        default:
          return json(404, { error: `no such path: ${request}` });
      }
    } catch (error) {
      return json(400, { error: error instanceof Error ? error.message : String(error) });
    }
  };
}

async function runControl(controls: Controls, request: unknown): Promise<unknown> {
  const call = typeof request === "object" && request !== null && "control" in request ? request : undefined;
  const name = String(call?.control);
  const control = Object.hasOwn(controls, name) ? controls[name] : undefined;
  if (control === undefined) throw new Error(`no such control: ${name}`);
  return control(call !== undefined && "argument" in call ? call.argument : {});
}

function json(status: number, document: unknown): Reply {
  return { status, headers: { "Content-Type": "application/json" }, body: JSON.stringify(document) };
}
