import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runningConsole } from './running-console'
import { secrets } from './secrets'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-console-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('finds nothing where no console was ever started, and leaves nothing there', async () => {
  const nowhere = path.join(folder, 'nowhere')
  expect(await runningConsole(nowhere)).toBeUndefined()
  await expect(rm(nowhere)).rejects.toThrow(/ENOENT/)
})

it('finds the embedded servers that run, and the secret', async () => {
  const kept = await secrets(folder)
  expect(await runningConsole(folder)).toEqual({ consoleUrl: undefined, sampleUrl: undefined, secret: kept.session })
  await mkdir(path.join(folder, 'console', 'data'), { recursive: true })
  await writeFile(path.join(folder, 'console', 'data', 'postmaster.pid'), '4711\n/data\n1790000000\n54399\n\n127.0.0.1\n')
  expect(await runningConsole(folder)).toEqual({
    consoleUrl: `postgresql://postgres:${kept.console}@127.0.0.1:54399/proctor`,
    sampleUrl: undefined,
    secret: kept.session,
  })
})
