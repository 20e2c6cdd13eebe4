import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import process from 'node:process'
import { type Attempt, type Harm, harm, harmIf, type Kind } from './hostile-case'
import { type House, SENTINELS } from './hostile-house'

/** The parts of a process that others of its account may read. */
const READABLE = ['environ', 'cmdline'] as const

/** PostgreSQL's processes and the sample's own hold nothing of what the console was started with, and run as nobody else's account. */
export const processesKind: Kind = {
  name: 'embedded servers',
  prepare: async (house) => {
    const words = await secretsOf(house)
    const look = async (pid: number): Promise<Harm[]> => {
      const harms: Harm[] = []
      for (const part of READABLE) {
        const text = await readFile(`/proc/${pid}/${part}`, 'utf8').catch(() => '')
        for (const [name, secret] of words) harms.push(...harmIf(text.includes(secret), 'secrets', `${name} in ${part}`))
      }
      return harms
    }
    const attempts: Attempt[] = []
    for (const server of ['console', 'sample']) {
      const postmaster = Number((await readFile(path.join(house.folder, server, 'data/postmaster.pid'), 'utf8')).split('\n')[0])
      const family = [postmaster, ...(await childrenOf(postmaster))]
      for (const pid of family) attempts.push({ name: `${server}, process ${family.indexOf(pid)}`, make: () => look(pid) })
      attempts.push({ name: `account of ${server}`, make: () => account(postmaster) })
      for (const file of ['data/postgresql.auto.conf', 'data/proctor.conf', 'data/postmaster.opts', 'server.log'])
        attempts.push({
          name: `${server}, ${file}`,
          make: async () => {
            const text = await readFile(path.join(house.folder, server, file), 'utf8').catch(() => '')
            return words.flatMap(([name, secret]) => harmIf(text.includes(secret), 'secrets', `${name} in ${file}`))
          },
        })
    }
    for (const file of ['secrets.json', 'console/data', 'sample/data'])
      attempts.push({
        name: `rights on ${file}`,
        make: async () => harmIf(((await stat(path.join(house.folder, file))).mode & 0o077) !== 0, 'secrets', 'others may read it'),
      })
    const control = async () => {
      const heir = spawn('sleep', ['60'], { env: { ...process.env } }) // as the servers once were started
      await once(heir, 'spawn')
      const seen = await look(heir.pid ?? 0)
      heir.kill()
      return seen
    }
    return { attempts, control }
  },
}

async function secretsOf({ folder }: House): Promise<[name: string, secret: string][]> {
  const kept = JSON.parse(await readFile(path.join(folder, 'secrets.json'), 'utf8')) as Record<string, string>
  return [...Object.entries(kept), ...Object.entries(SENTINELS)].filter(([, secret]) => typeof secret === 'string' && secret.length > 8)
}

async function childrenOf(parent: number): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0)
  const stats = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')))
  return pids.filter((_, at) => Number(/\) \S (\d+)/.exec(stats[at] ?? '')?.[1]) === parent)
}

/** Where root starts the console, the servers are not the distribution's `postgres`: what else runs as it could read theirs. */
async function account(pid: number): Promise<Harm[]> {
  if (process.getuid?.() !== 0) return []
  const uid = /^Uid:\s+(\d+)/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]
  const name = (await readFile('/etc/passwd', 'utf8'))
    .split('\n')
    .find((line) => line.split(':')[2] === uid)
    ?.split(':')[0]
  return name === 'postgres' || name === 'root' ? harm('other', `it runs as ${name}`) : []
}
