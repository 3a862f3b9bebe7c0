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
  /** Where draws go by identity: the draws of each. */
  randoms: Map<string, () => number>;
}

/** The faults in force. Rules are asked in the order in which they were added, and all that strike take effect. */
export class FaultInjector {
  /**
   * Awaited before a rule of the kind `reset` breaks a connection, wherever in the request's life that is: whoever runs the
   * emulator in its own process can end the client's process at this very point.
   */
  beforeReset: (request: RequestTraits) => Promise<void> = async () => {};
  private armed: ArmedRule[] = [];
  private lastId = 0;

  /** Adds a rule and returns its id. @throws ZodError naming the member that is wrong */
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

  /** The rules in force with how many requests they matched and struck so far. */
  list(): { rule: FaultRule; seen: number; struck: number }[] {
    return this.armed.map(({ rule, seen, struck }) => ({ rule, seen, struck }));
  }

  /** What happens to this request. Every matching request counts, whether it is struck or not. */
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
  const own = randoms.get(identity) ?? seededRandom(seedOf(rule.seed, identity));
  randoms.set(identity, own);
  return own();
}

const seedOf = (seed: number, identity: string): number =>
  createHash("sha256").update(`${seed} ${identity}`).digest().readInt32BE();
