import { randomBytes } from "node:crypto";
import type { Document } from "../world";

/** An access key. A static key has neither a security token nor an expiry time. */
export interface AccessKey {
  accessKeyId: string;
  accessKeySecret: string;
  securityToken?: string;
  /** Milliseconds since the epoch. */
  expiresAtMs?: number;
}

/** A key that AssumeRole issues. */
export interface TemporaryKey extends AccessKey {
  securityToken: string;
  expiresAtMs: number;
}

export interface IssuedKeys {
  temporary: TemporaryKey[];
}

/**
 * The account's static key and all temporary keys. Expired keys are kept, because they get another error than unknown
 * keys.
 */
export class AccessKeys {
  constructor(
    private readonly account: AccessKey,
    private readonly issued: Document<IssuedKeys>,
  ) {}

  find(accessKeyId: string): AccessKey | undefined {
    if (accessKeyId === this.account.accessKeyId) return this.account;
    return this.issued.value.temporary.find((key) => key.accessKeyId === accessKeyId);
  }

  async issue(expiresAtMs: number): Promise<TemporaryKey> {
    const key: TemporaryKey = {
      accessKeyId: `STS.${randomName(22)}`,
      accessKeySecret: randomName(44),
      securityToken: `EmulatedToken${randomBytes(96).toString("base64")}`, // with + / =, as real tokens have
      expiresAtMs,
    };
    this.issued.value.temporary.push(key);
    await this.issued.save();
    return key;
  }
}

const ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

/** Returns random letters and digits for generated ids. */
export function randomName(length: number, alphabet = ALPHABET): string {
  return Array.from(randomBytes(length), (byte) => alphabet[byte % alphabet.length]).join("");
}
