import { z } from 'zod'
import { PRESETS } from '@/components/time/time-range'
import { COMPARE, LIMITS, SORTS } from '@/db/domain/statement-params'

/** As they stand in an address of the live endpoint; what is empty is left out there. */
const moment = z.iso
  .datetime()
  .transform((text) => new Date(text))
  .nullable()
  .default(null)
const name = z.string().max(200).nullable().default(null)
const flag = z
  .enum(['true', 'false'])
  .transform((text) => text === 'true')
  .default(false)

const range = { range: z.enum(PRESETS).default('1h'), from: moment, to: moment, reset: flag }

export const queryLiveParams = {
  list: z.object({
    ...range,
    vs: z.enum(COMPARE).default('before'),
    vfrom: moment,
    vto: moment,
    since: moment,
    sort: z.enum(SORTS).default('total'),
    dir: z.enum(['asc', 'desc']).default('desc'),
    q: z.string().max(200).default(''),
    user: name,
    app: name,
    db: name,
    min: z.coerce.number().min(0).default(0),
    limit: z.coerce.number().int().min(1).max(LIMITS.more).default(LIMITS.first),
  }),
  detail: z.object({ ...range, key: z.string().max(80) }),
  hints: z.object({ key: z.string().max(80), rolname: z.string().max(200) }),
}

/** Which statements of which range, and what these are compared with. */
export type QueryAsk = z.output<typeof queryLiveParams.list>

/** One statement over a range. */
export type DetailAsk = z.output<typeof queryLiveParams.detail>

/** One statement, as the role that sends it would find its names. */
export type HintsAsk = z.output<typeof queryLiveParams.hints>
