import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { PARAMETERS } from '../db/settings/registry'

const ROOT = path.resolve(import.meta.dirname, '..')
const text = (name: string): string => readFileSync(path.join(ROOT, name), 'utf8')

const under = (folder: string): string[] =>
  readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => path.join(folder, name))
const DOCUMENTS = [...readdirSync(ROOT).filter((name) => name.endsWith('.md')), ...under('docs')]

/** As GitHub makes it of a heading. */
const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number} -]/gu, '')
    .replaceAll(' ', '-')
const anchors = (document: string): string[] => [...text(document).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchor(heading))

describe.each(DOCUMENTS)('%s', (document) => {
  it('links to what is there', () => {
    const broken = [...text(document).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)].filter(([, to = '', heading]) => {
      const target = to === '' ? document : path.join(path.dirname(document), to)
      return !existsSync(path.join(ROOT, target)) || (heading !== undefined && !anchors(target).includes(heading))
    })
    expect(broken.map(([link]) => link)).toEqual([])
  })

  it('names files that are there', () => {
    const named = [...text(document).matchAll(/`((?:app|bench|bin|components|db|deploy|docs|drizzle|e2e|test)\/[\w./[\]-]*)`/g)]
    expect(named.map(([, name = '']) => name).filter((name) => !existsSync(path.join(ROOT, name)))).toEqual([])
  })

  it('names scripts that are there', () => {
    const { scripts } = JSON.parse(text('package.json'))
    const named = [...text(document).matchAll(/npm run (?:-s )?(\w[\w:-]*)/g), ...text(document).matchAll(/`(bench:[\w-]+)`/g)]
    expect(named.map(([, script = '']) => script).filter((script) => !(script in scripts))).toEqual([])
  })
})

describe('the walks through the house', () => {
  const walks =
    text('docs/architecture.md')
      .split('## Two walks')[1]
      ?.split('## ')[0]
      ?.split(/\n1\. /)
      .slice(1) ?? []
  const files = walks.map((walk) => [...`1. ${walk}`.matchAll(/^\d+\. `(.+)`$/gm)].map(([, file = '']) => file))
  /** Where another process takes over. */
  const HANDED_OVER = ['db/worker/worker.ts', 'app/runs/[id]/page.tsx']
  const imports = (file: string): string[] =>
    [...text(file).matchAll(/(?:from |import\()'((?:@|\.)[^']*)'/g)].map(([, to = '']) =>
      to.startsWith('@/') ? to.slice(2) : path.join(path.dirname(file), to),
    )

  it('are as short as they were meant to be', () => {
    expect(files.map((walk) => walk.length)).toEqual([7, 20])
  })

  it('lead from file to file', () => {
    const lost = files.flatMap((walk) =>
      walk.filter(
        (file, at) =>
          at > 0 && !HANDED_OVER.includes(file) && !walk.slice(0, at).some((one) => imports(one).includes(file.replace(/\.tsx?$/, ''))),
      ),
    )
    expect(lost).toEqual([])
  })
})

describe('the documents', () => {
  it('begin with a README of one or two screens', () => {
    expect(text('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(90)
  })

  it('are all in the index', () => {
    const index = text('docs/README.md')
    const missing = under('docs').filter((name) => name !== 'docs/README.md' && !index.includes(`](${path.relative('docs', name)})`))
    expect(missing).toEqual([])
  })

  it('number each decision once, and call it in the index what it is called', () => {
    const decisions = readdirSync(path.join(ROOT, 'docs/decisions')).sort()
    expect(decisions.map((name) => Number(name.slice(0, 3)))).toEqual(decisions.map((_, index) => index + 1))
    const lines = decisions.map(
      (name) => `- [${name.slice(0, 3)}](decisions/${name}) ${text(`docs/decisions/${name}`).split('\n')[0]?.slice(2)}`,
    )
    expect(text('docs/README.md')).toContain(lines.join('\n'))
  })

  it('have every bench, and every value of the LMS guide as the console shows it', () => {
    const benches = Object.keys(JSON.parse(text('package.json')).scripts).filter((name) => name.startsWith('bench:'))
    expect([...text('docs/benchmarks.md').matchAll(/^\| `(bench:[\w-]+)`/gm)].map(([, name]) => name).sort()).toEqual(benches.sort())
    const shown = PARAMETERS.flatMap(({ name, guide }) => (guide ? [[name, guide.value]] : []))
    const written = [...text('docs/guide.md').matchAll(/^\| `(\w+)` \| `([^`]+)` \|/gm)].map(([, name, value]) => [name, value])
    expect(Object.fromEntries(written)).toEqual(Object.fromEntries(shown))
  })
})
