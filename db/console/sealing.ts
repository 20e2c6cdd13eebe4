import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { failed, ok, type Result } from '../server/problem'

/**
 * Secrets at rest: AES-256-GCM with a random nonce (NIST SP 800-38D) under a key that HKDF-SHA256 (RFC 5869)
 * derives from PROCTOR_SECRET, so that this use shares no key with the sessions.
 */
const VERSION = 'v1'
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Errors: throws when PROCTOR_SECRET is missing; the launcher always sets it. */
function key(): Buffer {
  const secret = process.env.PROCTOR_SECRET
  if (!secret) throw new Error('PROCTOR_SECRET is not set: start the console with npm start')
  return Buffer.from(hkdfSync('sha256', secret, '', 'proctor: sealed passwords of servers', 32))
}

/**
 * Seals a secret for one use. `context` says what it belongs to; it is not kept within, and opens nothing
 * when it differs: a sealed password that is copied to another row, or whose row is pointed at another host,
 * stays closed.
 */
export function seal(secret: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', key(), nonce, { authTagLength: TAG_BYTES }).setAAD(Buffer.from(context))
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return [VERSION, nonce.toString('base64url'), sealed.toString('base64url')].join('.')
}

/** Errors: invalid_input when the text was altered, belongs to another context, or PROCTOR_SECRET has changed since. */
export function unseal(text: string, context: string): Result<string> {
  const [version, nonce, sealed] = text.split('.')
  const bytes = Buffer.from(sealed ?? '', 'base64url')
  const iv = Buffer.from(nonce ?? '', 'base64url')
  if (version !== VERSION || iv.length !== NONCE_BYTES || bytes.length < TAG_BYTES) return CLOSED
  const decipher = createDecipheriv('aes-256-gcm', key(), iv, { authTagLength: TAG_BYTES })
    .setAAD(Buffer.from(context))
    .setAuthTag(bytes.subarray(-TAG_BYTES))
  try {
    return ok(Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()]).toString('utf8'))
  } catch {
    return CLOSED // the only thing that final() throws over: the tag does not fit
  }
}

const CLOSED = failed(
  'invalid_input',
  'The stored password cannot be opened: PROCTOR_SECRET has changed, or the entry was altered. Enter the password again.',
)
