import type { Check } from '../../checks/define-check'
import { ok } from '../../server/problem'
import { aboutSettings, alterSystem, readSettings } from '../settings-found'

/** Silent where fsync is off: that is the graver finding. https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FULL-PAGE-WRITES */
export const fullPageWritesOff: Check = {
  name: 'full-page-writes-off',
  about: 'full_page_writes is off: a page that a crash tears cannot be restored from WAL',
  cadence: 'minute',
  scope: 'server',
  look: async (target) => {
    const read = await readSettings(target, ['full_page_writes', 'fsync'])
    if (!read.ok) return read
    if (read.value.get('full_page_writes')?.setting !== 'off' || read.value.get('fsync')?.setting === 'off') return ok([])
    return ok([
      {
        ...aboutSettings,
        title: 'full_page_writes is off',
        evidence:
          'A page that is half written when the machine crashes stays half old, half new: WAL then holds no whole copy of it. Off is safe only ' +
          'on a file system that never writes part of a page, as ZFS with records of 8 kB or more; PostgreSQL does not tell which it is on.',
        severity: 'warn',
        fix: null,
        sql: alterSystem({ full_page_writes: 'on' }),
      },
    ])
  },
}
