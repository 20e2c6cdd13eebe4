import { spawn } from 'node:child_process'
import { chown, mkdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { ACCOUNT_NAME, serverAccount } from '../db/embedded/account'
import { startCluster } from '../db/embedded/cluster'
import { freePort } from '../db/embedded/free-port'
import { describeFailing, type FailingStart, isRoot, SECRETS, startsForTests } from '../test/support/failing-starts'
import { launch } from '../test/support/launcher'

/** Starts that fail for what belongs to somebody else or for a disk: only root can make either. */

const NOBODY = 54_321
const BUILD = path.resolve(import.meta.dirname, '../.next')

const start = startsForTests()
const tmpfs = (megabytes: number) => `mount -t tmpfs -o size=${megabytes}m,mode=755 tmpfs '${start.data}'`

const OF_ROOT: FailingStart[] = [
  {
    name: 'a folder of somebody else',
    prepare: () => mkdir(start.data, { mode: 0o755 }),
    options: () => ({ uid: NOBODY }),
    says: /this account has no permission/,
  },
  {
    name: 'a parent that lets nobody in',
    prepare: async () => {
      await mkdir(path.join(start.folder, 'closed'), { mode: 0o700 })
    },
    environment: () => ({ PROCTOR_DATA_DIR: path.join(start.folder, 'closed', 'data') }),
    options: () => ({ uid: NOBODY }),
    says: /this account has no permission/,
  },
  {
    name: 'secrets of another owner',
    prepare: async () => {
      await start.emptyFolder()
      await writeFile(path.join(start.data, 'secrets.json'), SECRETS, { mode: 0o600 })
      await chown(path.join(start.data, 'secrets.json'), NOBODY, NOBODY)
    },
    says: /secrets\.json belongs to the account with the number 54321/,
  },
  {
    name: 'a data directory of somebody else',
    prepare: async () => {
      await mkdir(path.join(start.data, 'console', 'data'), { recursive: true })
      await writeFile(path.join(start.data, 'console', 'data', 'PG_VERSION'), '18\n')
      await chown(path.join(start.data, 'console', 'data'), NOBODY, NOBODY)
      await writeFile(path.join(start.data, 'secrets.json'), SECRETS, { mode: 0o600 })
    },
    says: new RegExp(`belongs to the account with the number 54321.*chown -R ${ACCOUNT_NAME}`),
  },
  {
    name: 'a read-only folder',
    prepare: start.emptyFolder,
    options: () => ({ mounts: `mount -t tmpfs -o ro tmpfs '${start.data}'` }),
    says: /read-only file system/,
  },
  {
    name: 'a folder made on a read-only file system',
    prepare: start.emptyFolder,
    options: () => ({ mounts: `mount -t tmpfs -o ro tmpfs '${start.data}'` }),
    environment: () => ({ PROCTOR_DATA_DIR: path.join(start.data, 'below') }),
    says: /read-only file system/,
  },
  {
    name: 'no room for a single file',
    prepare: start.emptyFolder,
    options: () => ({ mounts: `${tmpfs(1)}; dd if=/dev/zero of='${start.data}/filler' bs=4096 2>/dev/null || true` }),
    says: /no space is left|No space left/,
  },
  {
    name: 'a disk that is full while initdb runs',
    prepare: start.emptyFolder,
    options: () => ({ mounts: tmpfs(24) }),
    says: /No space left on device/,
  },
  ...[44, 56, 60, 64, 72].map((megabytes) => ({
    name: `a disk of ${megabytes} MB`,
    prepare: start.emptyFolder,
    options: () => ({ mounts: tmpfs(megabytes) }),
    says: /[Nn]o space (is )?left/,
  })),
  {
    name: 'no room for the build',
    environment: () => ({ PROCTOR_DEVELOPMENT: '' }),
    options: () => ({ mounts: `mkdir -p '${BUILD}'; mount -t tmpfs -o size=9m tmpfs '${BUILD}'` }),
    says: /next build: no space is left for it on the disk of \S+\.next; make room: 9 MB are free/,
  },
  {
    name: 'a disk that is full while the sample is made',
    prepare: start.emptyFolder,
    options: () => ({ mounts: tmpfs(160) }),
    says: /[Nn]o space (is )?left/,
  },
]

describe.runIf(isRoot)('as root', () => {
  describeFailing(start, OF_ROOT)

  it('a file of a living process of somebody else in the place of postmaster.pid is no obstacle, and that one is left alone', async () => {
    const account = await serverAccount()
    const cluster = await startCluster({
      major: 18,
      folder: path.join(start.data, 'console'),
      port: await freePort(),
      password: 'c'.repeat(43),
    })
    await cluster.stop('immediate')
    await writeFile(path.join(start.data, 'secrets.json'), SECRETS, { mode: 0o600 })
    const stranger = spawn('sleep', ['600'], { cwd: '/', stdio: 'ignore' })
    await writeFile(path.join(cluster.dataDir, 'postmaster.pid'), `${stranger.pid}\n${cluster.dataDir}\n1790000000\n1\n\n127.0.0.1\n`)
    if (account) await chown(path.join(cluster.dataDir, 'postmaster.pid'), account.uid, account.gid)
    const launched = await launch({ PROCTOR_DATA_DIR: start.data, PROCTOR_DEVELOPMENT: '1', PROCTOR_SAMPLE: 'off', PROCTOR_WORKER: 'off' })
    expect(await launched.says(/Starting the console/)).toBe(true)
    launched.child.kill('SIGTERM')
    await launched.ended
    expect(stranger.signalCode).toBeNull()
    expect(await readFile(`/proc/${stranger.pid}/comm`, 'utf8')).toBe('sleep\n')
    stranger.kill('SIGKILL')
  })
})
