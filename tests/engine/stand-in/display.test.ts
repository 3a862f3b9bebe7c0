import type { EngineEvent } from "../../../engine/events";
import { Display } from "../../../engine/stand-in/display";
import { EventSink } from "../../../engine/stand-in/event-sink";
import { metadataOf, type Step } from "../../../engine/stand-in/step";

const urn = "urn:pulumi:dev::p::pulumi-nodejs:dynamic/things:Thing::a";
const state = { urn, custom: true, type: "pulumi-nodejs:dynamic/things:Thing", id: "1" };

function shown(publish: (events: EventSink) => void): string {
  const lines: string[] = [];
  let nowMs = 0;
  const nextMs = () => {
    nowMs += 500;
    return nowMs;
  };
  const display = new Display((line) => lines.push(line), { stack: "dev", kind: "up", nowMs: nextMs });
  publish(
    new EventSink(
      (event: EngineEvent) => display.add(event),
      () => new Date(0),
    ),
  );
  return lines.join("\n");
}

describe("the terminal output", () => {
  test("shows status changes, log messages by resource, outputs and counts, and names the stand-in", () => {
    const step: Step = { op: "update", old: state, new: state, reply: () => undefined };
    const text = shown((events) => {
      events.emit({ preludeEvent: { config: {} } });
      events.emit({ resourcePreEvent: { metadata: metadataOf(step) } });
      events.diagnostic({ severity: "info", urn, message: "half way", ephemeral: true });
      events.diagnostic({ severity: "warning", urn, message: "two\nlines" });
      events.emit({ resOutputsEvent: { metadata: metadataOf(step) } });
      events.diagnostic({ severity: "error", message: "the program's own" });
      events.emit({
        summaryEvent: {
          durationSeconds: 3,
          resourceChanges: { update: 1, same: 2 },
          isPreview: false,
          result: "failed",
        },
      });
    });
    expect(text).toBe(`Updating (dev) with the stand-in engine, not the Pulumi command:

 ~  pulumi-nodejs:dynamic/things:Thing a updating
 ~  pulumi-nodejs:dynamic/things:Thing a updating half way
 ~  pulumi-nodejs:dynamic/things:Thing a updating warning: two
 ~  pulumi-nodejs:dynamic/things:Thing a updated (0.5s)
Diagnostics:
  pulumi-nodejs:dynamic/things:Thing (a):
    warning: two
    lines

  pulumi:pulumi:Stack (dev):
    error: the program's own

Resources:
    ~ 1 updated
    2 unchanged

Duration: 3s
`);
  });
});
