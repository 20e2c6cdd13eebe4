import { chmod, mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type LaunchOptions, launch, processesOn } from './launcher'

/** Only root may mount what fails, and start as somebody else. */
export const isRoot = process.getuid?.() === 0

export const SECRETS = JSON.stringify({ console: 'c'.repeat(43), sample: 's'.repeat(43), session: 'x'.repeat(43) })

/** A start that fails, for a reason that is there beforehand. */
export interface FailingStart {
  name: string
  prepare?: () => Promise<unknown>
  options?: () => LaunchOptions
  environment?: () => Record<string, string>
  says: RegExp
}

/** A folder of its own for each test, and in it the data folder that is still to be made. */
export function startsForTests() {
  const start = {
    folder: '',
    data: '',
    emptyFolder: () => mkdir(start.data, { recursive: true }),
    /** What a start says that fails: one sentence on stderr and status 1, with nothing left running. */
    async failed(environment: Record<string, string> = {}, options: LaunchOptions = {}): Promise<string> {
      const launched = await launch({ PROCTOR_DATA_DIR: start.data, PROCTOR_DEVELOPMENT: '1', ...environment }, options)
      const { code } = await launched.ended
      expect.soft(code).toBe(1)
      expect.soft(launched.said.stderr).toMatch(/^[^\n]+\.\n$/)
      expect.soft(launched.said.stderr).not.toMatch(/\n\s+at |Error:|undefined|\[object/)
      expect.soft(await processesOn(start.folder)).toEqual([])
      return launched.said.stderr.trim()
    },
  }
  beforeEach(async () => {
    start.folder = await mkdtemp(path.join(tmpdir(), 'proctor-start-'))
    await chmod(start.folder, 0o777)
    start.data = path.join(start.folder, 'data')
  })
  afterEach(() => rm(start.folder, { recursive: true, force: true }))
  return start
}

/** Tests that each of them says its sentence, and leaves nothing half made. */
export function describeFailing(start: ReturnType<typeof startsForTests>, starts: FailingStart[]): void {
  describe.each(starts)('$name', ({ prepare, options, environment, says }) => {
    it('is one sentence and status 1, and leaves nothing running', async () => {
      await prepare?.()
      const before = await readdir(start.folder, { recursive: true })
      expect(await start.failed(environment?.(), options?.())).toMatch(says)
      const made = (await readdir(start.folder, { recursive: true })).filter((name) => !before.includes(name))
      expect(made.filter((name) => /\.new|\.pid$|initdb-password/.test(name))).toEqual([])
    })
  })
}
