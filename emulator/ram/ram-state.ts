import type { ForbiddenAction } from "../rds/rpc-refusals";
import type { Document, World } from "../world";

/** A policy attached to a role or user. */
export interface AttachedPolicy {
  name: string;
  type: "System" | "Custom";
  attachedAtMs: number;
}

export interface RamRole {
  name: string;
  id: string;
  /** The trust policy, a JSON document as text. */
  trustPolicy: string;
  description: string;
  maxSessionSeconds: number;
  createdAtMs: number;
  policies: AttachedPolicy[];
  tags: Record<string, string>;
}

/** A policy that the account created. */
export interface CustomPolicy {
  name: string;
  /** A JSON document as text. */
  document: string;
  description: string;
  createdAtMs: number;
}

export interface RamState {
  roles: RamRole[];
  customPolicies: CustomPolicy[];
  /** Attached policies by user name. */
  userPolicies: Record<string, AttachedPolicy[]>;
  nextId: number;
  forbidden: ForbiddenAction[];
}

export const IMPORT_ROLE = "AliyunRDSImportRole";
export const IMPORT_POLICY = "AliyunRDSImportRolePolicy";
/**
 * The service that the import role must trust. Assumed from the usual form of a service role; its trust policy is not
 * documented.
 */
export const IMPORT_SERVICE = "rds.aliyuncs.com";

const DEFAULT_MAX_SESSION_SECONDS = 3600;
const FIRST_ID = 300000000000001;

/** A trust policy that lets these services assume the role. */
export const trustPolicyFor = (services: readonly string[]): string =>
  JSON.stringify({
    Statement: [{ Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: services } }],
    Version: "1",
  });

export function newRole(
  state: RamState,
  role: Pick<RamRole, "name" | "trustPolicy"> & Partial<RamRole>,
  nowMs: number,
): RamRole {
  const id = String(state.nextId);
  state.nextId += 1;
  return {
    id,
    description: "",
    maxSessionSeconds: DEFAULT_MAX_SESSION_SECONDS,
    createdAtMs: nowMs,
    policies: [],
    tags: {},
    ...role,
  };
}

// One document per world, so that the RDS service sees the changes of the RAM service.
const documents = new WeakMap<World, Document<RamState>>();

/** Returns the RAM state. It initially contains the import role, which the RDS service checks. */
export function ramDocument(world: World): Document<RamState> {
  const document = documents.get(world) ?? world.document<RamState>("ram", () => initialState(world.now()));
  documents.set(world, document);
  return document;
}

function initialState(nowMs: number): RamState {
  const state: RamState = { roles: [], customPolicies: [], userPolicies: {}, nextId: FIRST_ID, forbidden: [] };
  const importRole = {
    name: IMPORT_ROLE,
    trustPolicy: trustPolicyFor([IMPORT_SERVICE]),
    description: "The role that ApsaraDB RDS uses to import data",
    policies: [{ name: IMPORT_POLICY, type: "System" as const, attachedAtMs: nowMs }],
  };
  state.roles.push(newRole(state, importRole, nowMs));
  return state;
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Finds a role; RAM ignores the case of role names. */
export const findRole = (state: RamState, name: string): RamRole | undefined =>
  state.roles.find((role) => role.name.toLowerCase() === name.toLowerCase());

/** Whether RDS can read objects with its import role: the role exists, trusts RDS and has an attached policy. */
export function importRoleUsable(state: RamState): boolean {
  const role = findRole(state, IMPORT_ROLE);
  return role !== undefined && role.policies.length > 0 && trustsService(role.trustPolicy, IMPORT_SERVICE);
}

function trustsService(trustPolicy: string, service: string): boolean {
  try {
    const policy: unknown = JSON.parse(trustPolicy);
    return statementsOf(policy).some((statement) => servicesOf(statement).includes(service));
  } catch {
    return false;
  }
}

const memberOf = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;

function statementsOf(policy: unknown): unknown[] {
  const statements = memberOf(policy, "Statement");
  return Array.isArray(statements) ? statements : [];
}

function servicesOf(statement: unknown): unknown[] {
  if (memberOf(statement, "Effect") !== "Allow") return [];
  const services = memberOf(memberOf(statement, "Principal"), "Service");
  return Array.isArray(services) ? services : [services];
}
