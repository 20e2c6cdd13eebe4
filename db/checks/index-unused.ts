import type { Check } from './define-check'
import { UNUSED_AFTER_SECONDS } from './index-verdict'
import { dropIndex, ofIndexes } from './of-indexes'

/** Unused after so many seconds of statistics without a scan. */
export const unusedAfter = (seconds: number): Check => ({
  name: 'index-unused',
  about: 'Indexes that nothing scanned for a week or longer and that enforce nothing; none while the statistics are younger',
  look: ofIndexes({
    picks: ({ verdict }) => verdict === 'unused',
    title: (name) => `${name} is not used`,
    severity: 'warn',
    needs: 'statistics window',
    mend: () => null,
    sql: dropIndex,
    unusedAfter: seconds,
  }),
})

export const indexUnused = unusedAfter(UNUSED_AFTER_SECONDS)
