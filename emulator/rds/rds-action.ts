import type { RamState } from "../ram/ram-state";
import type { RpcCall, World } from "../world";
import type { RdsInstance } from "./instance";
import { rdsFault } from "./rds-faults";
import { instanceOf, type RdsState } from "./rds-state";
import { malformed, optionalParam, requiredParam } from "./rpc-params";

/** The state and settings that actions use. */
export interface RdsContext {
  state: RdsState;
  ram: RamState;
  world: World;
  /** Default duration of a task, milliseconds. */
  taskMs: number;
  /** Time from CreateDBInstance to Running, milliseconds. */
  createInstanceMs: number;
}

export type RdsReply = Record<string, unknown>;
type Answer = (call: RpcCall, context: RdsContext) => RdsReply;

/** One action. The service saves the state before the reply when `mutates` is true. */
export interface RdsAction {
  mutates: boolean;
  answer: Answer;
}

export const readAction = (answer: Answer): RdsAction => ({ mutates: false, answer });
export const writeAction = (answer: Answer): RdsAction => ({ mutates: true, answer });

/**
 * Makes an action idempotent by ClientToken: a second call with the same token and parameters repeats the reply without
 * executing.
 *
 * @throws RpcFault IdempotentParameterMismatch when the parameters differ (the code is assumed)
 */
export const idempotentWriteAction = (answer: Answer): RdsAction =>
  writeAction((call, context) => {
    const token = clientToken(call);
    if (token === undefined) return answer(call, context);
    const name = `${call.action}/${token}`;
    const parameters = JSON.stringify([...call.params].sort());
    const earlier = context.state.tokens[name];
    if (earlier !== undefined) {
      if (earlier.parameters !== parameters) throw rdsFault("IdempotentParameterMismatch");
      return earlier.reply;
    }
    const reply = answer(call, context);
    context.state.tokens[name] = { parameters, reply };
    return reply;
  });

/** "The token can contain only ASCII characters and cannot exceed 64 characters in length." */
const MAX_TOKEN_LENGTH = 64;
/**
 * The alicloud provider creates instances with tokens of 66 characters (1.289.0, buildDBCreateRequest:
 * `Terraform-Alicloud-TIME-UUID`).
 */
const MAX_TOKEN_LENGTH_BY_ACTION: Record<string, number> = { CreateDBInstance: 66 };

function clientToken(call: RpcCall): string | undefined {
  const token = optionalParam(call, "ClientToken");
  const maxLength = MAX_TOKEN_LENGTH_BY_ACTION[call.action] ?? MAX_TOKEN_LENGTH;
  if (token !== undefined && (token.length > maxLength || !/^[\x21-\x7e]+$/.test(token)))
    throw malformed("ClientToken", `up to ${maxLength} ASCII characters`);
  return token;
}

/** Returns the instance that the call names. @throws RpcFault InvalidDBInstanceId.NotFound */
export const namedInstance = (call: RpcCall, { state }: RdsContext): RdsInstance =>
  instanceOf(state, requiredParam(call, "DBInstanceId"));
