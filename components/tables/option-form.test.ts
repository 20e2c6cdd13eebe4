import { expect, it } from 'vitest'
import type { PresentOption } from '@/db/commands/set-table-options/present-options'
import { changesOf, grouped, inheritedWords, optionProblem } from './option-form'

const option = (name: string, change: Partial<PresentOption> = {}): PresentOption => ({
  name,
  kind: 'integer',
  min: 0,
  max: 100,
  about: '',
  own: null,
  inherited: '50',
  from: 'server',
  ...change,
})

it('sends what differs, and takes away what was emptied', () => {
  const options = [option('a', { own: '7' }), option('b'), option('c', { own: '1' }), option('d')]
  expect(changesOf(options, {})).toEqual({ set: {}, reset: [] })
  expect(changesOf(options, { a: '', b: ' 5 ', c: '1', d: '' })).toEqual({ set: { b: '5' }, reset: ['a'] })
})

it('tells a value that PostgreSQL would refuse', () => {
  expect(optionProblem(option('a'), '50')).toBeNull()
  expect(optionProblem(option('a'), '')).toBeNull()
  expect(optionProblem(option('a'), '101')).toBe('A whole number from 0 to 100')
  expect(optionProblem(option('a'), '1.5')).toBe('A whole number from 0 to 100')
  expect(optionProblem(option('a', { kind: 'real' }), '1.5')).toBeNull()
  expect(optionProblem(option('a', { kind: 'real' }), '1e3')).toBe('A number from 0 to 100')
})

it('puts each option under one heading', () => {
  const names = ['fillfactor', 'autovacuum_enabled', 'toast.autovacuum_freeze_max_age', 'vacuum_truncate', 'autovacuum_analyze_threshold']
  expect(grouped(names.map((name) => option(name))).map(({ title, options }) => [title, options.map(({ name }) => name)])).toEqual([
    ['When autovacuum vacuums', ['autovacuum_enabled']],
    ['When autovacuum analyzes', ['autovacuum_analyze_threshold']],
    ['Freezing', ['toast.autovacuum_freeze_max_age']],
    ['VACUUM itself', ['vacuum_truncate']],
    ['Storage', ['fillfactor']],
  ])
})

it('says what holds without a value of its own, and who says so', () => {
  expect(inheritedWords(option('a'))).toBe('server: 50')
  expect(inheritedWords(option('a', { from: 'default', inherited: 'by its size' }))).toBe('default: by its size')
})
