import { readFile } from 'node:fs/promises'
import process from 'node:process'
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { SHORTEST_PASSPHRASE } from '../db/console/backup/sealed-secret'
import { UserError } from './settings'

/** Where a passphrase comes from, for --help. */
export const PASSPHRASE_FROM = 'from --passphrase-file, else PROCTOR_BACKUP_PASSPHRASE, else asked on the terminal'

/**
 * The passphrase of a backup's secret; a `fresh` one is asked twice, and must be long enough.
 * Errors: a UserError when there is none, it is too short, or was typed in two ways.
 */
export async function readPassphrase(file: string | undefined, fresh: boolean): Promise<string> {
  const passphrase = (await fromFile(file)) ?? process.env.PROCTOR_BACKUP_PASSPHRASE ?? (await typed(fresh))
  if (passphrase === '') throw new UserError('The passphrase is empty')
  if (fresh && passphrase.length < SHORTEST_PASSPHRASE) {
    throw new UserError(`The passphrase must have at least ${SHORTEST_PASSPHRASE} characters`)
  }
  return passphrase
}

/** Its first line. */
async function fromFile(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`The passphrase cannot be read from ${file} (${error.code})`)
  })
  return text.split(/\r?\n/)[0]
}

async function typed(twice: boolean): Promise<string> {
  if (!process.stdin.isTTY) throw new UserError(`There is no passphrase: it comes ${PASSPHRASE_FROM}`)
  const passphrase = await ask('Passphrase of the secret in the backup: ')
  if (twice && (await ask('Once more: ')) !== passphrase) throw new UserError('The two passphrases differ')
  return passphrase
}

/** Asks without showing what is typed. */
async function ask(question: string): Promise<string> {
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const terminal = createInterface({ input: process.stdin, output: silent, terminal: true })
  const interrupted = new Promise<never>((_resolve, reject) => terminal.once('SIGINT', () => reject(new UserError('Interrupted'))))
  try {
    return await Promise.race([terminal.question(''), interrupted])
  } finally {
    terminal.close()
    process.stderr.write('\n')
  }
}
