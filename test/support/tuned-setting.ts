import type { TunedSetting } from '@/db/settings/tune-server'

/** A setting as the Configuration page gets it, with what a test changes of it. */
export const tunedSetting = (name: string, change: Partial<TunedSetting> = {}): TunedSetting => ({
  name,
  topic: 'Memory',
  current: '4MB',
  recommended: '8MB',
  changes: true,
  difference: '+4 MB',
  guide: null,
  why: '',
  measured: false,
  evidence: null,
  formula: null,
  order: null,
  source: { title: '', url: '' },
  takes: 'reload',
  pendingRestart: false,
  onlyIfChosen: false,
  own: null,
  setBy: { words: 'built-in default', isAuto: false, file: null, waiting: null, overriddenFor: [], fixed: false },
  lines: { sql: '', conf: '', yaml: '', terraform: '' },
  ...change,
})
