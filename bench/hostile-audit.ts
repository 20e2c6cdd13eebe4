import { spawn } from 'node:child_process'
import path from 'node:path'
import process from 'node:process'
import { harm, harmIf, type Kind } from './hostile-case'

/** Follows the audit as an auditor does; whether it is told to be whole. */
async function isWhole(more: string[] = []): Promise<{ whole: boolean; said: string }> {
  const script = path.resolve(import.meta.dirname, '../bin/proctor.ts')
  const args = ['--import', './bin/modules.mjs', script, 'audit', 'verify', '--url', process.env.PROCTOR_CONSOLE_URL ?? '', ...more]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve))
  return { whole: code === 0, said }
}

/** The hash of a line over what stands in it now, and of each after it: all that needs no key. */
const REHASH = /* sql */ `
do $$
declare line audit; before text;
begin
  for line in select * from audit order by id loop
    if before is not null then update audit set prev_hash = before where id = line.id; end if;
    update audit a set hash = encode(sha256(convert_to(audit_canonical(a), 'UTF8')), 'hex') where id = line.id returning hash into before;
  end loop;
end $$`

const LAST = '(select max(id) from audit)'
const MIDDLE = '(select id from audit order by id offset 3 limit 1)'

/** What whoever owns the console database can do to the audit there. */
const TAMPERING: Record<string, { sql: string; newest?: boolean }> = {
  'another actor': { sql: `update audit set actor = 'somebody@example.org' where id = ${MIDDLE}` },
  'another action': { sql: `update audit set action = 'sign-in' where id = ${LAST}` },
  'another time': { sql: `update audit set at = at - interval '1 day' where id = ${MIDDLE}` },
  'another detail': { sql: `update audit set detail = '{}' where id = ${MIDDLE}` },
  'a line less in the middle': { sql: `delete from audit where id = ${MIDDLE}` },
  'the first lines less': { sql: `delete from audit where id < ${MIDDLE}` },
  'another actor, hashed anew': { sql: `update audit set actor = 'somebody@example.org' where id = ${MIDDLE}; ${REHASH}` },
  'a line less, hashed anew': { sql: `delete from audit where id = ${MIDDLE}; ${REHASH}` },
  'the last lines less': { sql: `delete from audit where id > ${MIDDLE}`, newest: true },
  'all lines less': { sql: 'delete from audit', newest: true },
}

/** Whoever owns the console database cannot change the audit unseen. */
export const auditKind: Kind = {
  name: 'audit',
  prepare: async ({ home }) => {
    const { rows } = await home.query<{ hash: string }>('select hash from audit order by id desc limit 1')
    const newest = ['--newest', rows[0]?.hash ?? '']
    await home.query(`create table audit_kept as table audit`)
    const tampered = async <T>(sql: string, look: () => Promise<T>): Promise<T> => {
      await home.query(`set session_replication_role = replica; begin; ${sql}; commit`)
      try {
        return await look()
      } finally {
        await home.query(`delete from audit; insert into audit overriding system value select * from audit_kept;
          set session_replication_role = origin`)
      }
    }
    return {
      attempts: Object.entries(TAMPERING).map(([name, { sql, newest: asks }]) => ({
        name,
        make: () =>
          tampered(sql, async () => {
            const { whole, said } = await isWhole(asks ? newest : [])
            return [...harmIf(whole, 'other', said), ...harmIf(!/[Bb]roken|cut off|fit/.test(said), 'other', `it was not said: ${said}`)]
          }),
      })),
      after: async () => {
        const { whole, said } = await isWhole()
        await home.query('drop table audit_kept')
        return harmIf(!whole, 'other', `the audit that nobody changed is told to be broken: ${said}`)
      },
      // Nothing is changed, so the same look must say that it is whole: what it says of the others is no accident.
      control: async () => {
        const { whole, said } = await isWhole()
        return whole ? harm('other', said) : []
      },
    }
  },
}
