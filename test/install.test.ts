import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { CHECKOUT, readSettings } from '../bin/settings'
import { findCheck } from '../db/checks/registry'
import { MAJORS } from '../db/embedded/binaries'
import { type Plain, parsePlainYaml } from './support/plain-yaml'
import { testDatabase } from './support/test-database'

const text = (name: string): string => readFileSync(path.join(CHECKOUT, name), 'utf8')
const { scripts, engines } = JSON.parse(text('package.json'))
const LAUNCH: string = scripts.start

describe('the systemd unit', () => {
  const lines = [...text('deploy/proctor.service').matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value] as const)
  const unit = new Map(lines)

  it('starts what npm start starts, with settings that there are', () => {
    expect(unit.get('ExecStart')).toBe(`/usr/bin/env ${LAUNCH}`)
    const [name = '', value] = (unit.get('Environment') ?? '').split('=')
    expect(readSettings({ [name]: value })).toMatchObject({ PROCTOR_DATA_DIR: '/var/lib/proctor' })
    expect(unit.get('StateDirectory')).toBe('proctor') // under /var/lib, and the account's own
  })

  it('ends the launcher alone, which ends its parts, and waits for it', () => {
    expect(unit.get('KillMode')).toBe('mixed')
    const longest = /^const STOP_MS = ([\d_]+)$/m.exec(text('bin/launch.ts'))?.[1]
    expect(Number(unit.get('TimeoutStopSec')?.replace('s', ''))).toBeGreaterThan((2 * Number(longest?.replace('_', ''))) / 1_000)
  })

  it('is taken by systemd without a word, where there is one', () => {
    const verify = spawnSync('systemd-analyze', ['verify', path.join(CHECKOUT, 'deploy/proctor.service')], { encoding: 'utf8' })
    if (verify.error) expect(verify.error).toMatchObject({ code: 'ENOENT' })
    else expect({ status: verify.status, said: verify.stderr }).toEqual({ status: 0, said: '' })
  })
})

describe('the container file', () => {
  const instructions = text('Dockerfile')
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .flatMap((line) => (/^([A-Z]+) (.*)$/.exec(line) ? [[line.split(' ')[0] ?? '', line.slice(line.indexOf(' ') + 1)] as const] : []))
  const all = (name: string): string[] => instructions.filter(([one]) => one === name).map(([, rest]) => rest)

  it('has every line of one instruction, on a Node that the packages take', () => {
    expect(instructions.map(([, rest]) => rest).join('')).not.toBe('')
    for (const from of all('FROM')) {
      expect(Number(/^node:(\d+)-/.exec(from)?.[1])).toBeGreaterThan(Number.parseFloat(engines.node.replace('>=', '')))
    }
    const known = ['FROM', 'RUN', 'USER', 'WORKDIR', 'COPY', 'ENV', 'VOLUME', 'EXPOSE', 'HEALTHCHECK', 'STOPSIGNAL', 'CMD']
    expect(instructions.map(([name]) => name).filter((name) => !known.includes(name))).toEqual([])
  })

  it('runs scripts that there are, and at last what npm start runs, without rights', () => {
    const run = all('RUN').flatMap((command) => [...command.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name))
    expect(run).toEqual(['build'])
    expect(scripts).toHaveProperty('build')
    expect(JSON.parse(all('CMD').at(-1) ?? '').join(' ')).toBe(LAUNCH)
    expect(all('USER').at(-1)).toBe('node')
    expect(all('HEALTHCHECK')).toEqual([expect.stringContaining('/healthz')])
    expect(existsSync(path.join(CHECKOUT, 'app/healthz/route.ts'))).toBe(true)
  })

  it('listens and keeps its data where it says', () => {
    const environment = Object.fromEntries(all('ENV').flatMap((pairs) => pairs.split(' ').map((pair) => pair.split('='))))
    const settings = readSettings(environment)
    expect(settings).toMatchObject({ HOST: '0.0.0.0', PROCTOR_DATA_DIR: all('VOLUME')[0] })
    expect(all('EXPOSE')).toEqual([String(settings.PORT)])
  })

  it('takes nothing along that this machine made', () => {
    const ignored = text('.gitignore').trim().split('\n')
    const left = text('.dockerignore').trim().split('\n')
    const made = ignored.map((name) => name.replace(/\/$/, '')).filter((name) => name !== 'next-env.d.ts')
    expect(made.filter((name) => !left.includes(name))).toEqual([])
    expect(left).toContain('.git')
  })
})

const at = (value: Plain | undefined, ...names: string[]): Plain | undefined =>
  names.reduce<Plain | undefined>((so, name) => (typeof so === 'object' && !Array.isArray(so) ? so[name] : undefined), value)
const listOf = (value: Plain | undefined): string[] => (Array.isArray(value) ? value.map(String) : [])

describe('the compose file', () => {
  const compose = parsePlainYaml(text('compose.yaml'))
  const settings = at(compose, 'services', 'proctor', 'environment') as Record<string, string>
  const monitored = new URL(settings.DATABASE_URL ?? '')

  it('has what the Compose specification knows, and declares what it mounts', () => {
    expect(Object.keys(compose)).toEqual(['services', 'volumes'])
    const services = Object.entries(at(compose, 'services') as Record<string, Plain>)
    const known = 'build command depends_on environment healthcheck image init ports shm_size stop_grace_period volumes'.split(' ')
    for (const [, service] of services) expect(Object.keys(service).filter((name) => !known.includes(name))).toEqual([])
    const mounts = services.flatMap(([, service]) => listOf(at(service, 'volumes')).map((volume) => volume.split(':')))
    const [files, volumes] = [mounts.filter(([from]) => from?.startsWith('.')), mounts.filter(([from]) => !from?.startsWith('.'))]
    expect(volumes.map(([from]) => from).sort()).toEqual(Object.keys(at(compose, 'volumes') ?? {}).sort())
    expect(files.map(([from = '']) => existsSync(path.join(CHECKOUT, from)))).toEqual([true])
    expect(listOf(at(compose, 'services', 'proctor', 'volumes'))).toEqual(['proctor:/var/lib/proctor'])
  })

  it('gives the console settings that it takes, and opens its port for this machine only', () => {
    expect(readSettings(settings)).toMatchObject({ PROCTOR_ORIGIN: 'http://127.0.0.1:3000' })
    expect(listOf(at(compose, 'services', 'proctor', 'ports'))).toEqual(['127.0.0.1:3000:3000'])
  })

  it('monitors the example server once it answers', () => {
    expect(at(compose, 'services', 'proctor', 'depends_on', monitored.hostname, 'condition')).toBe('service_healthy')
    expect(at(compose, 'services', monitored.hostname, 'environment', 'POSTGRES_DB')).toBe(monitored.pathname.slice(1))
    expect(listOf(at(compose, 'services', monitored.hostname, 'healthcheck', 'test'))[1]).toBe('pg_isready')
  })

  it('makes a role and something to find', async () => {
    const image = at(compose, 'services', monitored.hostname, 'image')
    const major = MAJORS.find((one) => image === `postgres:${one}`)
    if (!major) throw new Error(`The tests have no server of ${image}`)
    const db = await testDatabase(major)
    try {
      await db.client.query(text('deploy/example-server.sql'))
      const target = db.as(monitored.username, monitored.password)
      for (const [check, title] of [
        ['index-redundant', /customers_email_idx/],
        ['foreign-key-without-index', /orders_customer_id_fkey/],
      ] as const) {
        expect(await findCheck(check)?.look(target, {})).toMatchObject({ ok: true, value: [{ title: expect.stringMatching(title) }] })
      }
    } finally {
      await db.client.query('drop owned by proctor; drop role proctor')
      await db.drop()
    }
  })
})
