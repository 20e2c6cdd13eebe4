import { spawn } from 'node:child_process'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { freePort } from '../db/embedded/free-port'
import { makeRunFolder } from '../test/support/run-folder'
import { startTestProvider } from '../test/support/test-provider'

/**
 * Starts the production build on a data folder of its own, as `npm start` does, and tells where it is in
 * PROCTOR_TEST_ORIGIN and PROCTOR_TEST_SET_UP. Its log goes to ours, or to a file descriptor. Resolves with what ends it and
 * removes its data.
 */
export async function startConsoleOn(
  settings: Record<string, string>,
  log: 'inherit' | number = 'inherit',
): Promise<{ folder: string; stop: () => Promise<void> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'proctor-journeys-'))
  await chmod(folder, 0o755)
  const port = await freePort()
  const launcher = spawn(process.execPath, ['--import', './bin/modules.mjs', path.resolve(import.meta.dirname, '../bin/launch.ts')], {
    env: {
      ...process.env,
      DATABASE_URL: '',
      PROCTOR_DATABASE_URL: '',
      PORT: String(port),
      PROCTOR_DATA_DIR: folder,
      PROCTOR_READ_TIMEOUT: '30',
      ...settings,
    },
    stdio: ['ignore', 'pipe', log],
  })
  let output = ''
  const link = await new Promise<string>((resolve, reject) => {
    launcher.stdout?.on('data', (text) => {
      output += text
      const ready = /ready: (\S+)/.exec(output)
      if (ready?.[1]) resolve(ready[1])
    })
    launcher.once('exit', (code) => reject(new Error(`The console did not start (exit ${code}):\n${output}`)))
  })
  process.env.PROCTOR_TEST_SET_UP = link
  process.env.PROCTOR_TEST_ORIGIN = new URL(link).origin
  const stop = async () => {
    const ended = new Promise((resolve) => launcher.once('exit', resolve))
    launcher.kill('SIGTERM')
    await ended
    await rm(folder, { recursive: true, force: true })
  }
  return { folder, stop }
}

/** People whom the provider of the journeys knows; the console lets in whoever has an address in example.net. */
const PEOPLE = { ingrid: 'ingrid@example.net', judith: 'judith@example.net', stranger: 'stranger@example.com' }

/** For the journeys: a console with a small sample, whose address is told in PROCTOR_TEST_SAMPLE, and a provider to sign in by. */
export default async function startConsole(): Promise<() => Promise<void>> {
  const removeRunFolder = await makeRunFolder()
  const port = await freePort()
  const provider = await startTestProvider([`http://127.0.0.1:${port}/api/auth/callback/oidc`])
  for (const [sub, email] of Object.entries(PEOPLE)) provider.people.set(sub, { email, email_verified: true, name: sub })
  const { folder, stop } = await startConsoleOn({
    PORT: String(port),
    PROCTOR_SAMPLE_SCALE: '0.4',
    PROCTOR_OIDC_ISSUER: provider.issuer,
    PROCTOR_OIDC_CLIENT_ID: provider.clientId,
    PROCTOR_OIDC_CLIENT_SECRET: provider.clientSecret,
    PROCTOR_OIDC_NAME: 'Example ID',
    PROCTOR_OIDC_DOMAINS: 'example.net',
  })
  process.env.PROCTOR_TEST_SAMPLE = await sampleUrl(folder)
  process.env.PROCTOR_TEST_FOLDER = folder
  return async () => {
    await stop()
    await provider.stop()
    await removeRunFolder()
  }
}

/** The address of the sample database, for making conditions (a held lock, a dropped index) from outside. */
async function sampleUrl(folder: string): Promise<string> {
  const { sample } = JSON.parse(await readFile(path.join(folder, 'secrets.json'), 'utf8'))
  const port = (await readFile(path.join(folder, 'sample/data/postmaster.pid'), 'utf8')).split('\n')[3]
  return `postgresql://postgres:${sample}@127.0.0.1:${port}/lms`
}
