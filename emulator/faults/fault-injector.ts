import { createHash } from "node:crypto";
import {
  type FaultEffect,
  type FaultRule,
  type FaultRuleInput,
  faultRuleSchema,
  identityOf,
  type RequestTraits,
  ruleMatches,
} from "./fault-rule";
import { seededRandom } from "./seeded-random";

interface ArmedRule {
  rule: FaultRule;
  seen: number;
  struck: number;
  random: () => number;
  /** With `drawnBy: "identity"`, one random sequence per request identity. */
  randoms: Map<string, () => number>;
}

/** The active fault rules. They are evaluated in the order they were added, and all rules that apply take effect. */
export class FaultInjector {
  /**
   * Awaited before a rule of kind `reset` resets a connection. Tests that run the emulator in their own process use it
   * to kill the client's process at exactly this point.
   */
  beforeReset: (request: RequestTraits) => Promise<void> = async () => {};
  private armed: ArmedRule[] = [];
  private lastId = 0;

  /** Adds a rule and returns its id. @throws ZodError that names the invalid member */
  add(input: FaultRuleInput): string {
    const parsed = faultRuleSchema.parse(input);
    const id = parsed.id ?? `fault-${++this.lastId}`;
    const random = seededRandom(parsed.seed);
    this.armed.push({ rule: { ...parsed, id }, seen: 0, struck: 0, random, randoms: new Map() });
    return id;
  }

  remove(id: string): void {
    this.armed = this.armed.filter(({ rule }) => rule.id !== id);
  }

  clear(): void {
    this.armed = [];
  }

  /** The active rules. `seen` counts the requests that matched, `struck` those the rule was applied to. */
  list(): { rule: FaultRule; seen: number; struck: number }[] {
    return this.armed.map(({ rule, seen, struck }) => ({ rule, seen, struck }));
  }

  /** Returns the effects for a request. Every matching request counts towards `nth` and `every`. */
  draw(traits: RequestTraits): FaultEffect[] {
    return this.armed
      .filter((armed) => ruleMatches(armed.rule, traits) && applies(armed, traits))
      .map(({ rule }) => rule.effect);
  }
}

function applies(armed: ArmedRule, traits: RequestTraits): boolean {
  const { nth, every, probability, times } = armed.rule;
  armed.seen += 1;
  const chosen =
    (nth === undefined || [nth].flat().includes(armed.seen)) &&
    (every === undefined || armed.seen % every === 0) &&
    (probability === undefined || drawNumber(armed, traits) < probability) &&
    (times === undefined || armed.struck < times);
  if (chosen) armed.struck += 1;
  return chosen;
}

function drawNumber({ rule, random, randoms }: ArmedRule, traits: RequestTraits): number {
  if (rule.drawnBy === "arrival") return random();
  const identity = identityOf(traits);
  const sequence = randoms.get(identity) ?? seededRandom(seedOf(rule.seed, identity));
  randoms.set(identity, sequence);
  return sequence();
}

const seedOf = (seed: number, identity: string): number =>
  createHash("sha256").update(`${seed} ${identity}`).digest().readInt32BE();
