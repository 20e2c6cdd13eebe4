import { spawnSync } from 'node:child_process'
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { backupCommandsForTests, PASSPHRASE, SECRET, SENTENCE } from '../test/support/backup-commands'

const commands = backupCommandsForTests()
const { backUp, inFolder, proctor, start } = commands

describe('proctor backup', () => {
  it('says what it wrote and what is to be kept beside it, and tells the audit', async () => {
    const { code, stdout, stderr } = await backUp('plain')
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(
      /^\S+\/plain: [\d.]+ kB, \d+ tables, \d+ rows, as of 20\d\d-\S+Z, of the console 127\S+\n.*Keep PROCTOR_SECRET as well/,
    )
    expect((await stat(inFolder('plain'))).mode & 0o777).toBe(0o600)
    expect((await readFile(inFolder('plain'))).includes(SECRET)).toBe(false)
    const { rows } = await commands.source.client.query(`select detail from audit where action = 'console.backed-up'`)
    expect(rows).toMatchObject([{ detail: { file: inFolder('plain'), secret: 'left out' } }])
    const verified = await proctor(['audit', 'verify', '--url', commands.source.url], { PROCTOR_SECRET: SECRET })
    expect(verified).toMatchObject({ code: 0 })
  })

  it('reads a name as whoever called npm meant it', async () => {
    expect(await proctor(['backup', 'relative'], { PROCTOR_DATABASE_URL: commands.source.url, INIT_CWD: commands.folder })).toMatchObject({
      code: 0,
    })
    expect(await readdir(commands.folder)).toContain('relative')
  })

  it('writes nothing into the audit under another secret', async () => {
    const count = async () => (await commands.source.client.query('select count(*) from audit')).rows[0].count
    const before = await count()
    expect(await backUp('other-secret', [], { PROCTOR_SECRET: 'another secret that is long enough' })).toMatchObject({ code: 0 })
    expect(await count()).toBe(before)
  })

  it.concurrent.each([
    ['a file that is there', ['plain'], {}, /is there already; --force replaces it/],
    ['a folder that is not', ['none/file'], {}, /cannot be written: there is no such folder/],
    ['a folder in its place', ['.'], {}, /is a folder/],
    ['no console', ['x'], { PROCTOR_DATABASE_URL: '' }, /^No console was ever started on \S+none: set PROCTOR_DATA_DIR/],
    [
      'no passphrase',
      ['x', '--with-secrets'],
      {},
      /There is no passphrase: it comes from --passphrase-file, else PROCTOR_BACKUP_PASSPHRASE/,
    ],
    ['a short one', ['x', '--with-secrets'], { PROCTOR_BACKUP_PASSPHRASE: 'short' }, /at least 12 characters/],
    ['no secret', ['x', '--with-secrets'], { PROCTOR_SECRET: '', PROCTOR_BACKUP_PASSPHRASE: PASSPHRASE }, /^PROCTOR_SECRET: /],
    [
      'another secret',
      ['x', '--with-secrets'],
      { PROCTOR_SECRET: 'another secret that is long enough', PROCTOR_BACKUP_PASSPHRASE: PASSPHRASE },
      /is not the secret of the console/,
    ],
    ['a wrong limit', ['x', '--minutes', 'soon'], {}, /--minutes wants a number/],
  ])('refuses %s in a sentence', async (_what, [name = '', ...more], env, sentence) => {
    const { code, stdout, stderr } = await backUp(name, more, env)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toMatch(sentence)
    expect(stderr).toMatch(SENTENCE)
    expect(await readdir(commands.folder)).not.toContain('x')
  })

  it('leaves nothing of a file for which the disk has no room, and the former one as it was', async () => {
    const disk = inFolder('disk')
    await mkdir(disk)
    // A real small disk where that may be mounted, else the limit that a file may not grow beyond (512-byte blocks).
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', disk]).status === 0
    await writeFile(path.join(disk, 'full'), 'the former one')
    const limit = mounted ? undefined : 'ulimit -f 20;'
    try {
      const args = ['backup', path.join(disk, 'full'), '--force']
      const { code, stderr } = await proctor(args, { PROCTOR_DATABASE_URL: commands.source.url }, limit)
      expect(code).toBe(2)
      expect(stderr).toMatch(
        mounted ? /^\S+full cannot be written: the disk is full\. Nothing was kept of it\n$/ : /^\S+full cannot be written: [^\n]+\n$/,
      )
      expect(await readdir(disk)).toEqual(['full'])
      expect(await readFile(path.join(disk, 'full'), 'utf8')).toBe('the former one')
    } finally {
      if (mounted) spawnSync('umount', [disk])
    }
  })

  it.each(['SIGINT', 'SIGKILL'] as const)('leaves no backup when it ends by %s, and the next one clears away', async (signal) => {
    const lock = await commands.source.connect()
    await lock.query('begin; lock table run in access exclusive mode')
    const { child, said } = start(['backup', inFolder('ended')], { PROCTOR_DATABASE_URL: commands.source.url, PROCTOR_SECRET: SECRET })
    await expect.poll(async () => (await readdir(commands.folder)).some((name) => name.startsWith('ended.unfinished'))).toBe(true)
    child.kill(signal)
    await lock.query(signal === 'SIGINT' ? 'select 1' : 'rollback')
    const { code } = await said
    expect(code).not.toBe(0)
    await lock.query('rollback')
    expect(await readdir(commands.folder)).not.toContain('ended')
    expect(await backUp('ended')).toMatchObject({ code: 0 })
    expect((await readdir(commands.folder)).filter((name) => name.startsWith('ended'))).toEqual(['ended'])
    await rm(inFolder('ended'))
  })
})
