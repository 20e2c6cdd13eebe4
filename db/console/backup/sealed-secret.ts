import { createCipheriv, createDecipheriv, randomBytes, type ScryptOptions, scrypt } from 'node:crypto'
import { BackupError } from './backup-file'

/*
 * The console's secret under a passphrase: scrypt (RFC 7914) makes the key, AES-256-GCM (NIST SP 800-38D) seals. The work factors are
 * those that OWASP recommends for passwords, 128 MB and about half a second a guess; they belong to the version.
 */
const VERSION = 'v1'
const WORK: ScryptOptions = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 }
const [SALT_BYTES, NONCE_BYTES, TAG_BYTES] = [16, 12, 16]

export const SHORTEST_PASSPHRASE = 12

/** `context` is not kept within, and opens nothing when it differs: a seal opens beside the rows that it was made with alone. */
export async function sealSecret(secret: string, passphrase: string, context: string): Promise<string> {
  const [salt, nonce] = [randomBytes(SALT_BYTES), randomBytes(NONCE_BYTES)]
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt), nonce, { authTagLength: TAG_BYTES }).setAAD(
    Buffer.from(context),
  )
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return [VERSION, ...[salt, nonce, sealed].map((bytes) => bytes.toString('base64url'))].join('.')
}

/** Errors: a BackupError when the passphrase is another, or the text or its context was altered. */
export async function unsealSecret(text: string, passphrase: string, context: string): Promise<string> {
  const [version, ...parts] = text.split('.')
  const [salt, nonce, sealed] = parts.map((part) => Buffer.from(part, 'base64url'))
  if (version !== VERSION || salt?.length !== SALT_BYTES || nonce?.length !== NONCE_BYTES || !sealed || sealed.length < TAG_BYTES) {
    throw new BackupError('The secret in the backup is sealed in a way that this console does not know')
  }
  const decipher = createDecipheriv('aes-256-gcm', await keyOf(passphrase, salt), nonce, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8')
  } catch {
    throw new BackupError('The passphrase does not open the secret in the backup; nothing was restored')
  }
}

const keyOf = (passphrase: string, salt: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(passphrase.normalize('NFC'), salt, 32, WORK, (error, key) => (error ? reject(error) : resolve(key))),
  )
