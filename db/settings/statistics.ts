import { manual, type Parameter, sameAsDefault } from './define-parameter'

const PAGE = 'runtime-config-statistics'

export const trackActivities: Parameter = {
  name: 'track_activities',
  whenSet: 'change',
  source: manual(PAGE, 'track_activities'),
  value: () => ({ value: { text: 'on' }, why: 'Without it the activity of sessions is not visible.' }),
  guide: { value: 'on', remark: sameAsDefault },
}

export const trackCounts: Parameter = {
  name: 'track_counts',
  whenSet: 'change',
  source: manual(PAGE, 'track_counts'),
  value: () => ({ value: { text: 'on' }, why: 'Autovacuum does not run without it.' }),
  guide: { value: 'on', remark: sameAsDefault },
}

export const trackIoTiming: Parameter = {
  name: 'track_io_timing',
  source: manual(PAGE, 'track_io_timing'),
  value: () => ({
    value: { text: 'on' },
    why: 'Separates time spent waiting for storage from computing. pg_test_timing measures the overhead: next to nothing on today’s machines.',
  }),
  guide: { value: 'on' },
}

export const trackFunctions: Parameter = {
  name: 'track_functions',
  source: manual(PAGE, 'track_functions'),
  value: () => ({
    value: { text: 'all' },
    why: 'Calls and times of functions; those in SQL count only where they are not inlined.',
  }),
  guide: { value: 'all', remark: () => "As SQL it needs quotes: ALTER SYSTEM SET track_functions = 'all'; bare, all is a keyword." },
}

export const STATISTICS = [trackActivities, trackCounts, trackIoTiming, trackFunctions]
