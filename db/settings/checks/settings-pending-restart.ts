import type { Check } from '../../checks/define-check'
import { formatCount, formatFirst, formatMoment } from '../../domain/format'
import { ok } from '../../server/problem'
import { runRead } from '../../server/run-read'
import { settingsWaiting } from '../reads/settings-waiting'
import { wordsOf } from '../server-setting'
import { aboutSettings } from '../settings-found'

/** One finding for all of them, as one restart serves them all. Silent about what a reload took. */
export const settingsPendingRestart: Check = {
  name: 'settings-pending-restart',
  about: 'Settings were changed in a file and wait for a restart: what is written there is not what holds',
  cadence: 'minute',
  scope: 'server',
  look: async (target) => {
    const read = await runRead(target, settingsWaiting, {})
    if (!read.ok) return read
    const [first] = read.value
    if (!first) return ok([])
    const names = read.value.map(({ name, setting, unit }) => `${name} (now ${wordsOf({ setting: setting ?? '', unit })})`)
    return ok([
      {
        ...aboutSettings,
        title: `${formatCount(names.length, 'setting')} ${names.length === 1 ? 'waits' : 'wait'} for a restart`,
        evidence: `${formatFirst(names)}: the files have another value. They were last read ${formatMoment(first.loaded)}. A change that was never tried by a restart shows its faults at the next one, whatever that is for.`,
        severity: 'info',
        fix: null,
        sql: null,
      },
    ])
  },
}
