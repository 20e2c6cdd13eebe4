import { manual, type Parameter, PGTUNE, sameAsDefault } from './define-parameter'

const PAGE = 'runtime-config-query'

export const randomPageCost: Parameter = {
  name: 'random_page_cost',
  source: PGTUNE,
  value: ({ profile }) =>
    profile.storage === 'hdd'
      ? { value: { number: 4 }, why: 'A hard disk seeks for every random page.' }
      : { value: { number: 1.1 }, why: 'Without seeks a random page costs hardly more than the next one.' },
  guide: { value: '1.1', remark: ({ profile }) => (profile.storage === 'hdd' ? 'For SSDs, as it says; not for a hard disk.' : null) },
}

export const seqPageCost: Parameter = {
  name: 'seq_page_cost',
  source: manual(PAGE, 'seq_page_cost'),
  value: () => ({ value: { number: 1 }, why: 'The unit that all other costs are measured in.' }),
  guide: { value: '1.0', remark: sameAsDefault },
}

export const defaultStatisticsTarget: Parameter = {
  name: 'default_statistics_target',
  whenSet: 'raise',
  primaryOnly: true,
  source: PGTUNE,
  value: ({ profile }) =>
    profile.workload === 'warehouse'
      ? {
          value: { number: 500 },
          why: 'Large tables with skewed columns need a longer list of common values; ANALYZE takes longer for it.',
        }
      : { value: { number: 100 }, why: 'Enough as a rule; a column with bad estimates gets its own by ALTER TABLE … SET STATISTICS.' },
}

export const jit: Parameter = {
  name: 'jit',
  source: PGTUNE,
  value: ({ profile }) =>
    profile.workload === 'warehouse'
      ? { value: { text: 'on' }, why: 'Statements that run for seconds win back the time of compiling.' }
      : { value: { text: 'off' }, why: 'Compiling costs short statements more than it gives them. 19 has it off by default.' },
}

export const PLANNER = [randomPageCost, seqPageCost, defaultStatisticsTarget, jit]
