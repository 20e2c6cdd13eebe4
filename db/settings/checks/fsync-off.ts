import type { Check } from '../../checks/define-check'
import { ok } from '../../server/problem'
import { aboutSettings, alterSystem, readSettings } from '../settings-found'

/** https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FSYNC */
export const fsyncOff: Check = {
  name: 'fsync-off',
  about: 'fsync is off: a crash of the machine may leave a cluster that cannot be repaired',
  cadence: 'minute',
  scope: 'server',
  look: async (target) => {
    const read = await readSettings(target, ['fsync'])
    if (!read.ok) return read
    if (read.value.get('fsync')?.setting !== 'off') return ok([])
    return ok([
      {
        ...aboutSettings,
        title: 'fsync is off',
        evidence:
          'PostgreSQL does not wait until what it writes is on disk. A crash of the operating system or a power failure can corrupt any part of the ' +
          'cluster. Off is meant for clusters that can be made anew. For faster commits, synchronous_commit = off risks the last transactions only.',
        severity: 'bad',
        fix: null,
        sql: alterSystem({ fsync: 'on' }),
      },
    ])
  },
}
