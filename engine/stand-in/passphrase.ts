import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";

/**
 * Encrypts secrets like Pulumi's passphrase provider: AES-256-GCM with a key from PBKDF2-SHA256 with one million iterations. Each
 * text is `v1:NONCE:CIPHERTEXT` in base64. The salt is `v1:SALT:CHECK`, where CHECK is the encrypted word `pulumi`
 * (sdk/go/common/resource/config/crypt.go and pkg/secrets/passphrase/manager.go of pulumi/pulumi).
 */
export interface Crypter {
  /** The value of `secrets_providers.state.salt`. */
  readonly salt: string;
  encrypt(plainText: string): string;
  /** @throws Error when the text is damaged or was encrypted with another passphrase */
  decrypt(cipherText: string): string;
}

const ROUNDS = 1_000_000;
const KEY_BYTES = 32;
const SALT_BYTES = 8;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CHECK_WORD = "pulumi";

/** Creates a crypter for a new stack. */
export function newCrypter(passphrase: string): Crypter {
  const salt = randomBytes(SALT_BYTES);
  const key = deriveKey(passphrase, salt);
  return crypterOf(`v1:${salt.toString("base64")}:${encryptWith(key, CHECK_WORD)}`, key);
}

/** Opens the crypter of an existing stack. @throws Error when the passphrase is wrong */
export function openCrypter(passphrase: string, saltState: string): Crypter {
  const [version, salt, ...check] = saltState.split(":");
  if (version !== "v1" || salt === undefined) throw new Error(`unknown kind of encryption salt: ${saltState}`);
  const key = deriveKey(passphrase, Buffer.from(salt, "base64"));
  try {
    if (decryptWith(key, check.join(":")) === CHECK_WORD) return crypterOf(saltState, key);
  } catch (error) {
    throw new Error("incorrect passphrase", { cause: error });
  }
  throw new Error("incorrect passphrase");
}

const deriveKey = (passphrase: string, salt: Buffer): Buffer =>
  pbkdf2Sync(passphrase, salt, ROUNDS, KEY_BYTES, "sha256");

const crypterOf = (salt: string, key: Buffer): Crypter => ({
  salt,
  encrypt: (plainText) => encryptWith(key, plainText),
  decrypt: (cipherText) => decryptWith(key, cipherText),
});

function encryptWith(key: Buffer, plainText: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const sealed = Buffer.concat([cipher.update(plainText, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${sealed.toString("base64")}`;
}

function decryptWith(key: Buffer, cipherText: string): string {
  const [version, nonce, sealed] = cipherText.split(":");
  if (version !== "v1" || nonce === undefined || sealed === undefined) throw new Error("not an encrypted text");
  const bytes = Buffer.from(sealed, "base64");
  if (bytes.length < TAG_BYTES) throw new Error("encrypted text is cut short");
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(bytes.length - TAG_BYTES));
  const plain = [decipher.update(bytes.subarray(0, bytes.length - TAG_BYTES)), decipher.final()];
  return Buffer.concat(plain).toString("utf8");
}
