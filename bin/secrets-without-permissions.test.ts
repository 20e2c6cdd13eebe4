import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { secrets } from './secrets'

/** As on a file system that keeps no permissions (vfat, some network shares): chmod changes nothing and complains of nothing. */
vi.mock('node:fs/promises', async (original) => ({ ...(await original<object>()), chmod: async () => undefined }))

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-open-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('refuses secrets that cannot be closed to others', async () => {
  const file = path.join(folder, 'secrets.json')
  const made = await secrets(folder)
  await rm(file)
  await writeFile(file, JSON.stringify(made), { mode: 0o755 })
  expect((await stat(file)).mode & 0o077).not.toBe(0)
  await expect(secrets(folder)).rejects.toThrow(
    /^\S+ stays open to others \(mode 755\), as its file system keeps no permissions: set PROCTOR_DATA_DIR/,
  )
})
