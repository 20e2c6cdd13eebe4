import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { MAJORS } from '../embedded/binaries'
import { variant } from '../server/run-read'
import { READS } from './registry'

/** Rooms of db whose reads stand with them. */
const TOPICS = ['indexes', 'tables', 'statements', 'sessions', 'settings']

describe('the registry of reads', () => {
  it('holds every read of this folder and of the topics, each under a name of its own', async () => {
    const rooms = [import.meta.dirname, ...TOPICS.map((topic) => path.join(import.meta.dirname, '..', topic, 'reads'))]
    const files: string[] = []
    for (const room of rooms)
      for (const file of existsSync(room) ? await readdir(room) : [])
        if (/^(?!registry).*(?<!\.test)\.ts$/.test(file)) files.push(path.join(room, file))
    const exported: string[] = []
    for (const file of files) {
      const module: Record<string, unknown> = await import(file)
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
