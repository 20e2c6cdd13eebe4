import type { Client } from 'pg'
import { jsonWithoutSecrets, settingWithoutSecrets, statementWithoutSecrets, textWithoutSecrets } from '../server/secrets/without-secrets'

/** Recorded under this name; a later number has everything looked through again, by rules that know more. */
const NAME = 'withhold-secrets 1'
const ROWS_AT_ONCE = 1_000

interface Kept {
  table: string
  statements?: string[]
  texts?: string[]
  /** Values of the setting that the column `name` names. */
  settings?: string[]
  json?: string[]
  /** Which rows; all when left out. */
  where?: string
  /** What it counts cannot be told apart any more, and goes. */
  drop?: boolean
}

/**
 * Everything that was stored as a monitored server told it. Runs that have not ended are carried out as they were confirmed, so their
 * plans stay. The audit is never rewritten: read-audit.ts withholds what it shows.
 */
const KEPT: Kept[] = [
  { table: 'statement_text', statements: ['query'] },
  { table: 'statement_example', statements: ['query'], texts: ['application_name'] },
  { table: 'statement_application', texts: ['application_name'], drop: true },
  { table: 'setting_seen', settings: ['value'] },
  { table: 'setting_change', settings: ['old', 'new'] },
  { table: 'xmin_holder', texts: ['identity'], json: ['detail'] },
  { table: 'server_event', texts: ['detail'] },
  { table: 'sampled_server', json: ['problem'] },
  { table: 'sampling_turn', json: ['problem'] },
  { table: 'health_check', json: ['problems'] },
  { table: 'run', json: ['plan', 'preflight', 'retry', 'progress', 'receipt', 'problem'], where: `ended_at is not null` },
  { table: 'run_log', texts: ['message'] },
]

type Row = Record<string, unknown> & { place: string }

/**
 * Takes out of what earlier versions stored what today's reads withhold, by the same rules; once, in one transaction. The caller holds
 * the lock of migrations.
 */
export async function withholdKeptSecrets(client: Client): Promise<void> {
  const { rows } = await client.query('select from data_migration where name = $1', [NAME])
  if (rows.length > 0) return
  await client.query('begin')
  try {
    for (const kept of KEPT) await lookThrough(client, kept)
    await client.query('insert into data_migration (name) values ($1)', [NAME])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

async function lookThrough(client: Client, kept: Kept): Promise<void> {
  const { table, statements = [], texts = [], settings = [], json = [], where = 'true', drop } = kept
  const columns = [...statements, ...texts, ...settings, ...json]
  const cleaned = (row: Row, column: string): unknown => {
    const value = row[column]
    if (json.includes(column)) return jsonWithoutSecrets(value)
    if (typeof value !== 'string') return value
    if (settings.includes(column)) return settingWithoutSecrets(String(row.name), value)
    return statements.includes(column) ? statementWithoutSecrets(value) : textWithoutSecrets(value)
  }
  const list = [...columns, ...(settings.length > 0 ? ['name'] : [])].join(', ')
  await client.query(`declare kept no scroll cursor for select ctid::text as place, ${list} from ${table} where ${where} for update`)
  for (let more = true; more; ) {
    const { rows } = await client.query<Row>(`fetch ${ROWS_AT_ONCE} from kept`)
    more = rows.length === ROWS_AT_ONCE
    for (const row of rows) {
      const changed = columns.filter((column) => JSON.stringify(cleaned(row, column)) !== JSON.stringify(row[column]))
      if (changed.length === 0) continue
      if (drop) await client.query(`delete from ${table} where ctid = $1::tid`, [row.place])
      else {
        const set = changed.map((column, at) => `${column} = $${at + 2}`).join(', ')
        const values = changed.map((column) => (json.includes(column) ? JSON.stringify(cleaned(row, column)) : cleaned(row, column)))
        await client.query(`update ${table} set ${set} where ctid = $1::tid`, [row.place, ...values])
      }
    }
  }
  await client.query('close kept')
}
