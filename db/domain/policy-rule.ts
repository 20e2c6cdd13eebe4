import { z } from 'zod'
import { BLOAT_BYTES, BLOAT_RATIO } from './bloat-threshold'

/** What holds for a night of every policy. */
const limits = {
  /** HH:MM in the window's time zone, after which nothing begins; null: the window's end. */
  until: z
    .string()
    .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'The end is a time of day: 04:00.')
    .nullable(),
  /** Of objects a night; more than these nobody looks through the next morning. */
  most: z.int('How many a night is a whole number.').min(1, 'At least one a night.').max(50, 'At most 50 a night.'),
  /** Of their sizes together, before the work, a night. */
  mostBytes: z
    .int()
    .min(BLOAT_BYTES)
    .max(2 ** 50),
  /** A check that warns does not end the night. */
  allowWarnings: z.boolean(),
}

/** No lower than what makes an index bloated anywhere else. */
const rebuildBloated = z.strictObject({
  kind: z.literal('rebuild-bloated'),
  bloatPercent: z
    .int()
    .min(BLOAT_RATIO * 100)
    .max(95),
  bloatBytes: z
    .int()
    .min(BLOAT_BYTES)
    .max(2 ** 50),
  /** measured: exact sizes alone. estimated: estimates too, whose low end is above the threshold. */
  trust: z.enum(['measured', 'estimated']),
  ...limits,
})

const vacuumDead = z.strictObject({
  kind: z.literal('vacuum-dead'),
  deadPercent: z.int().min(1).max(95),
  deadRows: z
    .int()
    .min(1)
    .max(2 ** 50),
  ...limits,
})

/** CONCURRENTLY alone: what shuts readers out is asked for each time. */
const refreshViews = z.strictObject({
  kind: z.literal('refresh-views'),
  /** Since the last refresh that is known; a view of which none is known counts as older. */
  olderMinutes: z.int('The age is a whole number of minutes.').min(1, 'At least a minute.').max(525_600, 'At most a year.'),
  ...limits,
})

/** A policy's rule as it is confirmed: which objects, in which limits. */
export const policyRule = z.discriminatedUnion('kind', [rebuildBloated, vacuumDead, refreshViews])

export type PolicyRule = z.output<typeof policyRule>
export type PolicyRuleOf<K extends PolicyRule['kind']> = Extract<PolicyRule, { kind: K }>
