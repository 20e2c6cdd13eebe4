import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { COMMANDS } from './registry'

const FOLDERS = new Map(
  readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('/request.ts'))
    .map((file) => [dirname(file), readFileSync(join(import.meta.dirname, file), 'utf8')]),
)
const homeOf = (name: string) => [...FOLDERS].find(([, text]) => text.includes(`'${name}'`))?.[0]

/** What ships, but for tests and what only tests import. */
const FILES = ['app', 'bin', 'components', 'db']
  .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((file) => join(room, file)))
  .filter((file) => /\.(ts|tsx|mjs)$/.test(file) && !/(\.test\.tsx?$|\/test-[^/]*$)/.test(file))

it('finds what ships', () => expect(FILES).toContain('db/commands/registry.ts'))

it.each([...COMMANDS.keys()])('%s stands as a string in its own folder alone', (name) => {
  const home = homeOf(name)
  expect(home).toBeDefined()
  const literal = new RegExp(`['"\`]${name}['"\`]`)
  const outside = FILES.filter((file) => !file.startsWith(`db/commands/${home}/`) && literal.test(readFileSync(file, 'utf8')))
  expect(outside).toEqual([])
})
