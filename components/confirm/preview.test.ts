import { expect, it } from 'vitest'
import type { PreflightLine } from '@/db/commands/define-command'
import type { Face } from '@/db/commands/face'
import type { Plan } from '@/db/commands/plan'
import { typedPhrase } from '@/db/domain/typed-phrase'
import { isAllowable, mergePreflight, type Preview, verbOf, withChoice } from './preview'
import { headline, whatGoesOn } from './sentence'

const REBUILD: Face = { verb: 'Run rebuild', verbs: 'Run # rebuilds' }

const line = (status: PreflightLine['status'], name: string, detail = ''): PreflightLine => ({ name, status, title: name, detail })

const PLAN: Plan = {
  title: 'Rebuild one',
  statements: ['SET lock_timeout = 0', 'REINDEX INDEX CONCURRENTLY public.one'],
  main: 1,
  form: 'concurrently',
  waits: 'in one go',
  phases: [],
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
  cluster: null,
  command: 'reindex-index',
  input: { oid: 1 },
  face: REBUILD,
  weight: 'heavy',
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
  expect(typedPhrase([preview('one', [line('pass', 'privilege')])], 'lms')).toBeNull()
  expect(typedPhrase([preview('one', [line('warn', 'slots')])], 'lms')).toBe('one')
  expect(typedPhrase([preview('one', [], { alwaysTyped: true })], 'lms')).toBe('one')
  expect(typedPhrase([preview('one', [line('warn', 'slots')]), preview('two', [])], 'lms')).toBe('lms')
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

it('takes back what an option excludes', () => {
  const options = [{ key: 'full', label: 'FULL', about: '', excludes: ['indexCleanup', 'parallel'] }]
  const chosen = withChoice(options, { indexCleanup: 'off', parallel: 2, analyze: true }, 'full', true)
  expect(chosen).toEqual({ analyze: true, full: true })
  expect(withChoice(options, chosen, 'full', false)).toEqual({ analyze: true, full: false })
})

it('says on the button how many', () => {
  expect(verbOf([REBUILD])).toBe('Run rebuild')
  expect(verbOf([REBUILD, REBUILD, REBUILD])).toBe('Run 3 rebuilds')
  expect(verbOf([REBUILD, { verb: 'Run VACUUM' }])).toBe('Run all 2')
  expect(verbOf([{ verb: 'Run VACUUM' }, { verb: 'Run VACUUM' }])).toBe('Run all 2')
})

it('calls drops by their name, and knows the one stop that a choice allows', () => {
  const drop: Face = { verb: 'Drop index', verbs: 'Drop # indexes', takes: 'object' }
  expect(verbOf([drop])).toBe('Drop index')
  expect(verbOf([drop, { verb: 'Drop leftover', verbs: 'Drop # leftovers', takes: 'object' }])).toBe('Drop 2 indexes')
  const allowing = { ...drop, options: [{ key: 'knowing', label: '', about: '', allows: 'foreign-key' }] }
  expect(isAllowable(allowing, 'foreign-key')).toBe(true)
  expect(isAllowable(allowing, 'privilege')).toBe(false)
})
