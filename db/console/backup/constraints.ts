import type { Client } from 'pg'
import { identifier } from '../../server/identifiers'

/** pg_trigger.tgenabled, and how a trigger is brought back to it. */
const ENABLE: Record<string, string> = { O: 'enable', A: 'enable always', R: 'enable replica' }

/**
 * Takes all foreign keys away, and keeps all triggers still: rows come in any order, and the audit's lines with the hashes that they
 * have, not with those that the chain's trigger would make. The answer puts both back as they were, and the foreign keys are checked
 * then. Within a transaction of the caller's.
 */
export async function setAside(client: Client): Promise<() => Promise<void>> {
  const keys = await client.query<{ relation: string; name: string; definition: string }>(/* sql */ `
select conrelid::regclass::text as relation, conname as name, pg_catalog.pg_get_constraintdef(oid) as definition
  from pg_catalog.pg_constraint where contype = 'f' and conparentid = 0 order by conrelid, conname`)
  const triggers = await client.query<{ relation: string; name: string; enabled: string }>(/* sql */ `
select tgrelid::regclass::text as relation, tgname as name, tgenabled::text as enabled
  from pg_catalog.pg_trigger where not tgisinternal and tgparentid = 0 and tgenabled <> 'D' order by tgrelid, tgname`)
  for (const { relation, name } of keys.rows) await client.query(`alter table ${relation} drop constraint ${identifier(name)}`)
  for (const { relation, name } of triggers.rows) await client.query(`alter table ${relation} disable trigger ${identifier(name)}`)
  return async () => {
    for (const { relation, name, enabled } of triggers.rows) {
      await client.query(`alter table ${relation} ${ENABLE[enabled]} trigger ${identifier(name)}`)
    }
    for (const { relation, name, definition } of keys.rows) {
      await client.query(`alter table ${relation} add constraint ${identifier(name)} ${definition}`)
    }
  }
}
