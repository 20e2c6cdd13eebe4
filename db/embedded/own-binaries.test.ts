import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { serverAccount } from './account'
import { findBinaries } from './binaries'
import { startCluster } from './cluster'
import { freePort } from './free-port'
import { ownBinaries } from './own-binaries'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'proctor-binaries-'))
  await chmod(folder, 0o755)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Programs that say `version`, with extensions of these names beside them. */
async function madeUp(name: string, version: string, extensions: string[] = [], mode = 0o755): Promise<string> {
  const bin = path.join(folder, name)
  await mkdir(path.join(bin, 'share/extension'), { recursive: true })
  const write = (program: string, lines: string) => writeFile(path.join(bin, program), `#!/bin/sh\n${lines}\n`, { mode })
  await write('postgres', `echo 'postgres (PostgreSQL) ${version}'; env >&2`)
  await write('initdb', `echo 'VERSION=${version}' >&2; echo 'share_path=${bin}/share' >&2`)
  for (const one of extensions) await writeFile(path.join(bin, 'share/extension', `${one}.control`), '')
  return bin
}
const look = async (bin: string, extensions: string[] = []) => ownBinaries(bin, extensions, await serverAccount())

it.each([
  ['18.6', 18],
  ['14.25 (Debian 14.25-1.pgdg13+1)', 14],
  ['19beta3', 19],
])('takes %s for %i, and finds its contrib', async (version, major) => {
  const bin = await madeUp(`good-${major}`, version, ['pg_trgm'])
  expect(await look(bin, ['pg_trgm'])).toEqual({ major, bin })
})

it('says in words what is wrong with them', async () => {
  await expect(look(path.join(folder, 'nowhere'))).rejects.toThrow(/^PROCTOR_POSTGRES_BIN: no postgres and no initdb in .+nowhere$/)
  const half = await madeUp('half', '18.6')
  await rm(path.join(half, 'initdb'))
  await expect(look(half)).rejects.toThrow(/^PROCTOR_POSTGRES_BIN: no initdb in .+half$/)
  await expect(look(await madeUp('old', '13.23'))).rejects.toThrow(/holds PostgreSQL 13\.23, older than 14/)
  await expect(look(await madeUp('shut', '18.6', [], 0o644))).rejects.toThrow(/shut\/postgres cannot be executed by (the|this) account/)
  const bare = await madeUp('bare', '16.15', ['pg_trgm'])
  await expect(look(bare, ['pg_trgm', 'pgstattuple', 'pageinspect'])).rejects.toThrow(
    /the extensions pgstattuple, pageinspect are not in .+; install the contrib package of 16$/,
  )
  const other = await madeUp('other', '18.6')
  await writeFile(path.join(other, 'postgres'), '#!/bin/sh\necho something else\n')
  await expect(look(other)).rejects.toThrow(/does not say its version but "something else"/)
  await writeFile(path.join(other, 'postgres'), '#!/bin/sh\necho libssl is missing >&2; exit 127\n')
  await expect(look(other)).rejects.toThrow(/postgres --version failed: libssl is missing/)
})

it('tells them nothing of the console', async () => {
  vi.stubEnv('PROCTOR_SECRET', 'told-to-nobody')
  const seen = path.join(folder, 'seen')
  await mkdir(seen, { mode: 0o777 })
  await chmod(seen, 0o777)
  const bin = await madeUp('curious', '18.6')
  for (const program of ['postgres', 'initdb']) {
    const text = await readFile(path.join(bin, program), 'utf8')
    await writeFile(path.join(bin, program), text.replace('\n', `\n(env; id -u) > ${seen}/${program}\n`))
  }
  await look(bin)
  vi.unstubAllEnvs()
  for (const program of ['postgres', 'initdb']) {
    const text = await readFile(path.join(seen, program), 'utf8')
    expect(text).toContain('PATH=')
    expect(text).not.toContain('told-to-nobody')
    expect(text.trim().split('\n').at(-1)).not.toBe('0')
  }
})

it('runs a server on them, and refuses the data of another major afterwards', async () => {
  const account = await serverAccount()
  const { bin } = await findBinaries(15, account?.uid, path.join(folder, 'copy'))
  const linked = path.join(folder, 'linked')
  await symlink(bin, linked)
  const own = { bin: linked, extensions: ['pg_stat_statements', 'pg_trgm', 'pgstattuple', 'pageinspect'] }
  const options = { major: 18 as const, folder: path.join(folder, 'server'), port: await freePort(), password: 'test' }
  const server = await startCluster({ ...options, own })
  const client = new Client({ connectionString: server.url })
  await client.connect()
  const { rows } = await client.query(`select current_setting('server_version_num')::int / 10000 as major`)
  await client.end()
  await server.stop('immediate')
  expect(rows).toEqual([{ major: 15 }])
  await expect(startCluster(options)).rejects.toThrow(
    /was made by PostgreSQL 15, and .+ holds 18: a server starts on data of its own major/,
  )
})
