import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { expect, it } from 'vitest'
import { testDatabase } from '../../test/support/test-database'
import { MAJORS } from '../embedded/binaries'
import { BY_BUILD, knownSettings } from './known-settings'
import { ALSO_READ } from './recommend'
import { PARAMETER_NAMES } from './registry'

const KEPT = path.join(import.meta.dirname, 'known-settings.json')

it('are what pg_settings of every major says; PROCTOR_KEEP_SETTINGS=1 writes them down', async () => {
  const found = new Map<string, Map<string, number[]>>()
  for (const major of MAJORS) {
    const db = await testDatabase(major)
    const { rows } = await db.client.query(
      `select name, jsonb_build_object('boot_val', boot_val, 'unit', unit, 'vartype', vartype, 'context', context, 'min_val', min_val, 'max_val', max_val, 'enumvals', enumvals)::text as row
         from pg_settings where name = any($1)`,
      [[...PARAMETER_NAMES, ...ALSO_READ]],
    )
    await db.drop()
    for (const { name, row } of rows) {
      const variants = found.get(name) ?? new Map<string, number[]>()
      found.set(name, variants.set(row, [...(variants.get(row) ?? []), major]))
    }
  }
  const settings = [...found]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, variants]) => [...variants].map(([row, majors]) => ({ name, majors, ...JSON.parse(row) })))
  if (process.env.PROCTOR_KEEP_SETTINGS) writeFileSync(KEPT, `[\n${settings.map((one) => `  ${JSON.stringify(one)}`).join(',\n')}\n]\n`)
  const kept = JSON.parse(readFileSync(KEPT, 'utf8'))
  const comparable = (all: { name: string }[]) => all.filter(({ name }) => !(name in BY_BUILD))
  expect(comparable(kept)).toEqual(comparable(settings))
})

it('have each setting of a major once', () => {
  for (const major of MAJORS) {
    const names = knownSettings(major).map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    expect(names).toContain('shared_buffers')
  }
  expect(knownSettings(14).some(({ name }) => name === 'io_workers')).toBe(false)
  expect(knownSettings(18).some(({ name }) => name === 'io_workers')).toBe(true)
})
