import { expect, it } from 'vitest'
import type { Plan, PreflightLine } from '@/db/commands/define-command'
import { isAllowable, verbOf, withChoice } from './command-options'
import { mergePreflight, type Preview, phraseOf } from './preview'
import { headline, whatGoesOn } from './sentence'

const line = (status: PreflightLine['status'], name: string, detail = ''): PreflightLine => ({ name, status, title: name, detail })

const PLAN: Plan = {
  title: 'Rebuild one',
  statements: ['SET lock_timeout = 0', 'REINDEX INDEX CONCURRENTLY public.one'],
  locks: [{ mode: 'ShareUpdateExclusiveLock', relation: 'public.t', waits: '' }],
  effect: [],
  cancel: '',
  phrase: 'one',
  alwaysTyped: false,
  undo: null,
  prediction: {
    bytesBefore: 104 * 1024 ** 2,
    bytesAfter: 53 * 1024 ** 2,
    trust: { kind: 'estimated', plusMinus: 2 },
    seconds: null,
    walBytes: null,
    runs: 0,
  },
}

const preview = (relname: string, preflight: PreflightLine[], plan: Partial<Plan> = {}): Preview => ({
  command: 'reindex-index',
  input: { oid: 1 },
  object: { oid: 1, schemaname: 'public', relname, relfilenode: 1, relid: 2 },
  plan: { ...PLAN, phrase: relname, ...plan },
  preflight,
})

it('puts the worst first and says what is the same once', () => {
  const merged = mergePreflight([
    preview('one', [line('pass', 'privilege'), line('warn', 'leftovers', 'of one')]),
    preview('two', [line('pass', 'privilege'), line('stop', 'free-disk')]),
  ])
  expect(merged.map(({ name, objects }) => [name, objects])).toEqual([
    ['free-disk', ['two']],
    ['leftovers', ['one']],
    ['privilege', ['one', 'two']],
  ])
})

it('asks for typing only where something warns or the plan always does', () => {
  expect(phraseOf([preview('one', [line('pass', 'privilege')])], 'lms')).toBeNull()
  expect(phraseOf([preview('one', [line('warn', 'slots')])], 'lms')).toBe('one')
  expect(phraseOf([preview('one', [], { alwaysTyped: true })], 'lms')).toBe('one')
  expect(phraseOf([preview('one', [line('warn', 'slots')]), preview('two', [])], 'lms')).toBe('lms')
})

it('says what comes back, who is held up and what it waits for', () => {
  expect(headline([preview('one', [line('warn', 'long-transaction')])])).toBe(
    'Returns about 51 MB. Reads and writes go on. It will wait for open transactions before it can finish.',
  )
  expect(headline([preview('one', [])])).toBe('Returns about 51 MB. Reads and writes go on.')
})

it('invents no number where the prediction is withheld', () => {
  const withheld = { ...PLAN.prediction, bytesAfter: null, trust: { kind: 'withheld', reason: 'GIN' } } as Plan['prediction']
  expect(headline([preview('one', [], { prediction: withheld })])).toBe('Reads and writes go on.')
  expect(headline([preview('one', []), preview('two', [], { prediction: withheld })])).toMatch(/^Returns about 51 MB from 1 of 2\./)
})

it.each([
  [['ShareUpdateExclusiveLock'], 'Reads and writes go on.'],
  [['ShareUpdateExclusiveLock', 'ShareLock'], 'Reads go on, writes wait until it is done.'],
  [['AccessExclusiveLock', 'ShareLock'], 'Reads and writes wait until it is done.'],
] as const)('%j: %s', (modes, words) => expect(whatGoesOn([...modes])).toBe(words))

it('takes back what FULL excludes', () => {
  const chosen = withChoice('vacuum-table', { indexCleanup: 'off', parallel: 2, analyze: true }, 'full', true)
  expect(chosen).toEqual({ analyze: true, full: true })
  expect(withChoice('vacuum-table', chosen, 'full', false)).toEqual({ analyze: true, full: false })
})

it('says on the button how many', () => {
  expect(verbOf(['reindex-index'])).toBe('Run rebuild')
  expect(verbOf(['reindex-index', 'reindex-index', 'reindex-index'])).toBe('Run 3 rebuilds')
  expect(verbOf(['reindex-index', 'vacuum-table'])).toBe('Run all 2')
})

it('calls drops by their name, and knows the one stop that a choice allows', () => {
  expect(verbOf(['drop-index'])).toBe('Drop index')
  expect(verbOf(['drop-index', 'drop-leftover-index'])).toBe('Drop 2 indexes')
  expect(isAllowable('drop-index', 'foreign-key')).toBe(true)
  expect(isAllowable('drop-index', 'privilege')).toBe(false)
})
