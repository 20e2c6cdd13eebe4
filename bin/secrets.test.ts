import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { secrets } from './secrets'

let folder: string
let file: string
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-secrets-'))
  file = path.join(folder, 'secrets.json')
})
afterEach(async () => {
  vi.restoreAllMocks()
  await rm(folder, { recursive: true, force: true })
})

const putData = async (server: string) => {
  await mkdir(path.join(folder, server, 'data'), { recursive: true })
  await writeFile(path.join(folder, server, 'data', 'PG_VERSION'), '18\n')
}
const modeOf = async (of: string) => ((await stat(of)).mode & 0o777).toString(8)

it('are made once, whole and for nobody else, and are the same ever after', async () => {
  const made = await secrets(folder)
  expect(new Set(Object.values(made)).size).toBe(3)
  for (const secret of Object.values(made)) expect(String(secret).length).toBeGreaterThanOrEqual(43)
  expect(await modeOf(file)).toBe('600')
  expect(await readdir(folder)).toEqual(['secrets.json']) // nothing half written
  await putData('console')
  expect(await secrets(folder)).toEqual(made)
})

it('are made anew where a crash came between writing and renaming', async () => {
  await writeFile(`${file}.new`, '{"console":"ab')
  const made = await secrets(folder)
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual(made)
  expect(await readdir(folder)).toEqual(['secrets.json'])
})

it('keep what a newer version wrote beside them', async () => {
  const made = { ...(await secrets(folder)), later: 'something' }
  await writeFile(file, JSON.stringify(made))
  expect(await secrets(folder)).toEqual(made)
})

const whole = { console: 'c'.repeat(43), sample: 's'.repeat(43), session: 'x'.repeat(43) }
const text = JSON.stringify(whole)
const without = (name: keyof typeof whole) => JSON.stringify({ ...whole, [name]: undefined })

it.each([
  ['empty', '', 'is empty'],
  ['blank', ' \n', 'is not whole'],
  ['zeros, as a crash of the machine leaves', '\0'.repeat(64), 'is not whole'],
  ['no JSON', 'console = abc', 'is not whole'],
  ['another kind of JSON', '"abc"', 'is not whole'],
  ['a list', '[]', 'is not whole'],
  ['null', 'null', 'is not whole'],
  ['without the console', without('console'), 'does not hold the secret "console"'],
  ['without the sample', without('sample'), 'does not hold the secret "sample"'],
  ['without the session', without('session'), 'does not hold the secret "session"'],
  ['an empty session', text.replace('x'.repeat(43), ''), 'does not hold the secret "session"'],
  ...Array.from({ length: 8 }, (_, at) => Math.ceil(((at + 1) / 9) * text.length)).map((length) => {
    return [`cut off after ${length} bytes`, text.slice(0, length), 'is not whole']
  }),
])('are refused when the file is broken and left as it is: %s', async (_what, broken, words) => {
  await writeFile(file, broken, { mode: 0o600 })
  for (const data of [false, true]) {
    if (data) await putData('console')
    const refused = await secrets(folder).then(
      () => '',
      (error: Error) => error.message,
    )
    expect(refused).toContain(`${file} ${words}: put it back`)
    expect(refused).not.toContain('\n')
    expect(await readFile(file, 'utf8')).toBe(broken)
  }
})

it.each(['console', 'sample'])('are not made anew beside the data of the %s', async (server) => {
  await putData(server)
  await expect(secrets(folder)).rejects.toThrow(`${file} is missing, and only the secrets in it open ${path.join(folder, server, 'data')}`)
  expect(await readdir(folder)).toEqual([server])
})

it('are not made anew beside data that lie elsewhere', async () => {
  await expect(secrets(folder, async () => 'what is elsewhere')).rejects.toThrow(/only the secrets in it open what is elsewhere/)
  expect(await readdir(folder)).toEqual([])
})

it('are not made anew where a link leads nowhere now', async () => {
  await symlink(path.join(folder, 'not-mounted', 'secrets.json'), file)
  await expect(secrets(folder)).rejects.toThrow(/dangling link/)
})

it.each(['640', '604', '666', '777'])('are closed to others again where the file has mode %s, and that is said', async (mode) => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  const made = await secrets(folder)
  await chmod(file, Number.parseInt(mode, 8))
  expect(await secrets(folder)).toEqual(made)
  expect(await modeOf(file)).toBe('600')
  expect(said).toHaveBeenCalledExactlyOnceWith(expect.stringContaining(`mode ${mode}`))
  expect(await secrets(folder)).toEqual(made)
  expect(said).toHaveBeenCalledOnce()
})

it.runIf(process.getuid?.() === 0)('are refused where they are of another owner, who could change them', async () => {
  await secrets(folder)
  await chown(file, 54_321, 54_321)
  await expect(secrets(folder)).rejects.toThrow(/belongs to the account with the number 54321/)
})
