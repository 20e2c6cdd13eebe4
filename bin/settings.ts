import path from 'node:path'
import { z } from 'zod'
import { OIDC_SHAPE, oidcIncomplete } from '../db/console/oidc-settings'
import { PROXIES_SHAPE } from '../db/console/trusted-proxies'
import { retentionSettings } from '../db/history/retention'
import { heavySettings } from '../db/runs/heavy-runs'
import { parseAddress } from '../db/server/address'
import { samplingSettings } from '../db/worker/sampling/sampling-settings'

/** As libpq reads it; what is wrong is said without any of the values. */
const connectionString = z.string().superRefine((text, ctx) => {
  const address = parseAddress(text)
  if (!address.ok) ctx.addIssue({ code: 'custom', message: address.problem.message })
})

/** node-postgres and pg-boss read this one by themselves: only what they read the same is let through. */
const consoleUrl = connectionString.refine(
  (text) => /^postgres(ql)?:\/\//.test(text) && URL.canParse(text),
  'must be an address such as postgresql://user:password@host:5432/database',
)

const shape = z.object({
  ...OIDC_SHAPE,
  ...PROXIES_SHAPE,
  ...samplingSettings,
  ...retentionSettings,
  ...heavySettings,
  PORT: z.coerce.number('must be a port number').int().min(1).max(65_535).default(3000),
  HOST: z.string().min(1).default('127.0.0.1'),
  PROCTOR_DATA_DIR: z.string().min(1).optional(),
  DATABASE_URL: connectionString.optional(),
  PROCTOR_DATABASE_URL: consoleUrl.optional(),
  PROCTOR_POSTGRES_BIN: z
    .string()
    .refine(path.isAbsolute, 'must be the absolute path of a folder with postgres and initdb, such as /usr/lib/postgresql/18/bin')
    .optional(),
  PROCTOR_SAMPLE: z.enum(['on', 'off'], 'must be on or off').default('on'),
  PROCTOR_WORKER: z.enum(['on', 'off'], 'must be on or off').default('on'),
  PROCTOR_SAMPLE_SCALE: z.coerce.number('must be a number').min(0.01).max(100).default(1),
  PROCTOR_SAMPLE_PARTITIONS: z.enum(['on', 'off'], 'must be on or off').default('off'),
  PROCTOR_SECRET: z.string().min(32, 'must have at least 32 characters').optional(),
  PROCTOR_METRICS_TOKEN: z.string().min(16, 'must have at least 16 characters').optional(),
  PROCTOR_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent'], 'must be debug, info, warn, error or silent').optional(),
  PROCTOR_READ_TIMEOUT: z.coerce.number('must be a number of seconds').min(0.2).max(60).optional(),
  PROCTOR_ORIGIN: z.url('must be an address such as https://proctor.example.org').optional(),
})

const schema = shape.superRefine((given, ctx) => {
  const incomplete = oidcIncomplete(given)
  if (incomplete) ctx.addIssue({ code: 'custom', path: [incomplete.missing], message: `is needed with ${incomplete.because}` })
})

export type Settings = z.output<typeof schema>

export const SETTING_NAMES: readonly string[] = Object.keys(shape.shape)

/** The folder of the checkout: what the launcher builds and serves. */
export const CHECKOUT = path.resolve(import.meta.dirname, '..')

/**
 * Reads the settings from the environment. An empty variable counts as not set.
 * Errors: a UserError that names each wrong variable and what it must be.
 */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  throw new UserError(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'))
}

/** Something that whoever started the console can fix: it is told in a sentence, without a stack trace. */
export class UserError extends Error {}
