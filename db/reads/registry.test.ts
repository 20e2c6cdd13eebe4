import { globSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { MAJORS } from '../embedded/binaries'
import { variant } from '../server/run-read'
import { READS } from './registry'

const ROOMS = path.join(import.meta.dirname, '..')

describe('the registry of reads', () => {
  it('holds every read of every topic, each under a name of its own', async () => {
    const files = globSync('*/reads/*.ts', { cwd: ROOMS }).filter((file) => !file.endsWith('.test.ts'))
    expect(files.length).toBeGreaterThan(50)
    const exported: string[] = []
    for (const file of files) {
      const module: Record<string, unknown> = await import(path.join(ROOMS, file))
      for (const value of Object.values(module)) {
        if (typeof value === 'object' && value !== null && 'sql' in value && 'name' in value) exported.push(String(value.name))
      }
    }
    expect(READS.map(({ name }) => name).sort()).toEqual(exported.sort())
    expect(new Set(READS.map(({ name }) => name)).size).toBe(READS.length)
  })

  it.each(READS.map((read) => [read.name, read] as const))('%s says what it is, and marks its SQL', (name, read) => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(read.about).toMatch(/^\S.*[^.]$/)
    for (const major of MAJORS) if (major >= (read.since ?? 14)) expect(variant(read, major)).toContain(`/* proctor:${name} */`)
  })
})
