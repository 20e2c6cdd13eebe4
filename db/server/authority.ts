import { X509Certificate } from 'node:crypto'
import { failed, ok, type Result } from './problem'

/** What is shown of a certificate that somebody pasted. */
interface AuthorityCertificate {
  subject: string
  /** ISO 8601, UTC. */
  validTo: string
}

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----[\s\S]+?-----END \1-----/g

/**
 * The certificates in a pasted PEM, and the PEM with nothing else in it.
 * Errors: invalid_input when there is none, one cannot be read, or a private key is among them.
 */
export function readAuthority(text: string): Result<{ pem: string; certificates: AuthorityCertificate[] }> {
  const blocks = [...text.matchAll(BLOCK)]
  if (blocks.some(([, label]) => label?.includes('PRIVATE KEY'))) {
    return failed('invalid_input', 'That holds a private key. Only the certificate of the authority is needed; treat the key as disclosed.')
  }
  const pems = blocks.filter(([, label]) => label === 'CERTIFICATE').map(([pem]) => pem)
  if (pems.length === 0) return failed('invalid_input', 'No certificate in it: PEM begins with -----BEGIN CERTIFICATE-----')
  try {
    const certificates = pems.map((pem) => {
      const { subject, validTo } = new X509Certificate(pem)
      return { subject: subject.replaceAll('\n', ', '), validTo: new Date(validTo).toISOString() }
    })
    return ok({ pem: `${pems.join('\n')}\n`, certificates })
  } catch {
    return failed('invalid_input', 'A certificate in it cannot be read; copy the whole file, with its BEGIN and END lines.')
  }
}
