import { expect, it } from 'vitest'
import type { PreflightLine } from '@/db/commands/define-command'
import type { Face } from '@/db/commands/face'
import type { Plan } from '@/db/commands/plan'
import { typedPhrase } from '@/db/domain/typed-phrase'
import type { MaintenanceWindow } from '@/db/runs/maintenance-windows'
import { dialogTitle, isAllowable, mergePreflight, mergeSentences, type Preview, verbOf, withChoice } from './preview'
import { headline, whatGoesOn } from './sentence'
import { windowOf } from './when'

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
  expect(merged.map(({ name, count, said }) => [name, count, said.flatMap(({ objects }) => objects)])).toEqual([
    ['free-disk', 1, ['two']],
    ['leftovers', 1, ['one']],
    ['privilege', 2, ['one', 'two']],
  ])
})

it('says a check of many steps once, with the details that differ folded behind it', () => {
  const steps = Array.from({ length: 17 }, (_, at) =>
    preview(`i_${at}`, [
      line('pass', 'free-disk', at === 3 ? 'needs 9 GB' : 'needs 1 MB'),
      line(at < 2 ? 'warn' : 'pass', 'slots', 'one slot'),
    ]),
  )
  const merged = mergePreflight(steps)
  expect(merged.map(({ name, status, count, said }) => [name, status, count, said.map(({ objects }) => objects.length)])).toEqual([
    ['slots', 'warn', 2, [2]],
    ['free-disk', 'pass', 17, [16, 1]],
    ['slots', 'pass', 15, [15]],
  ])
})

it('says once what differs in the name of the object alone', () => {
  const of = (name: string) => preview(name, [], { effect: [`Builds ${name} anew.`, 'Reads go on.'] })
  expect(mergeSentences([of('a_1'), of('b_2'), of('c_3')], ({ effect }) => effect)).toEqual([
    { sentence: 'Builds a_1 anew.', more: 2 },
    { sentence: 'Reads go on.', more: 0 },
  ])
})

it('is called a plan where steps are planned', () => {
  const two = [preview('one', []), preview('two', [])]
  expect(dialogTitle(two, 's', true)).toBe('Plan 2 rebuilds on s')
  expect(dialogTitle([...two, { ...preview('t', []), face: { verb: 'Run VACUUM' } }], 's', true)).toBe('Plan 3 steps on s')
  expect(dialogTitle(two.slice(0, 1), 's', true)).toBe('Plan: Rebuild one on s')
  expect(dialogTitle(two.slice(0, 1), 's', false)).toBe('Rebuild one on s')
})

it('plans for the window that is open, else for the next, and runs now what was asked for by itself', () => {
  const window = (id: string, open: boolean, opensAt: string) => ({ id, open, opensAt }) as MaintenanceWindow
  const windows = [window('late', false, '2026-12-03T02:00:00Z'), window('soon', false, '2026-12-01T02:00:00Z')]
  const two = [preview('one', []), preview('two', [])]
  expect(windowOf({}, two, windows, true)).toBe('soon')
  expect(windowOf({}, two, [...windows, window('open', true, '2026-12-05T02:00:00Z')], true)).toBe('open')
  expect(windowOf({ windowId: null }, two, windows, true)).toBeNull()
  expect(windowOf({ windowId: 'late' }, two, windows, true)).toBe('late')
  expect(windowOf({}, two, windows, false)).toBeNull()
  expect(windowOf({}, two, [], true)).toBeNull()
  expect(windowOf({}, [{ ...preview('one', []), weight: 'signal' }], windows, true)).toBeNull()
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
