import type { Client } from 'pg'
import { SECRET, STATEMENTS } from '../../db/server/secrets/corpus'
import type { TestDatabase } from './test-database'

export interface SecretServer {
  table: number
  index: number
  /** Of a session whose statement holds the secret, and that others wait for. */
  pid: number
  queryids: string[]
  /** Ends what would keep the database from being dropped. */
  end: () => Promise<void>
  settings: string[]
}

const GID = `postgresql://u:${SECRET}@h/d`
const CONNINFO = `host=elsewhere user=u password=${SECRET}`
const SETTINGS: Record<string, string> = {
  primary_conninfo: CONNINFO,
  archive_command: `PGPASSWORD=${SECRET} cp %p /x/%f`,
  restore_command: `curl -u bob:${SECRET} https://example.org/%f`,
  ssl_passphrase_command: `echo ${SECRET}`,
}

/** Puts a secret into every place of a server that a text of people or programs can stand in, on a server of the test's own. */
export async function plantSecrets(db: TestDatabase): Promise<SecretServer> {
  const { client } = db
  const { database } = db.target
  for (const [name, value] of Object.entries(SETTINGS)) await client.query(`alter system set ${name} = ${client.escapeLiteral(value)}`)
  for (const sql of [
    'create extension pg_stat_statements',
    `alter database ${database} set app.jwt_secret = '${SECRET}'`,
    `create role bob; alter role bob set app.api_key to '${SECRET}'`,
    `create foreign data wrapper w; create server s foreign data wrapper w options (dbname 'd', sslpassword '${SECRET}')`,
    `create user mapping for bob server s options (user 'u', password '${SECRET}')`,
    `create function reach(text, text default '${CONNINFO}') returns text immutable language sql as 'select $1'`,
    `create table orders (id int primary key, note text, name text default 'password=${SECRET}')`,
    `create index orders_note on orders (reach(note, '${CONNINFO}')) where note <> 'postgresql://u:${SECRET}@h/d'`,
    `comment on index orders_note is 'password: ${SECRET}'`,
    `create view reached as select reach('x'), '${CONNINFO}'::text as conninfo from orders`,
    'select pg_reload_conf()',
  ])
    await client.query(sql)
  // What the server refuses is remembered by nobody; what it takes stands in pg_stat_statements, utility statements in clear.
  for (const sql of Object.values(STATEMENTS))
    await client
      .query(`begin; ${sql.replaceAll(';', ' ')}`)
      .catch(() => undefined)
      .finally(() => client.query('rollback'))
  for (const sql of [`alter role bob password '${SECRET}'`, `alter role bob password $$${SECRET}$$`]) await client.query(sql)
  const holder = await open(db)
  await holder.query('begin')
  const { pid } = (await holder.query('select pg_backend_pid() as pid')).rows[0]
  await holder.query(`lock table orders in access exclusive mode; update orders set name = '' where note = 'password=${SECRET}'`)
  const [waiter, prepared] = [await open(db), await open(db)]
  await prepared.query(`begin; select txid_current(); prepare transaction '${GID}'`)
  waiter.query(`select reach('${CONNINFO}') from orders`).catch(() => undefined)
  const one = async <T>(sql: string): Promise<T> => Object.values<T>((await client.query(sql)).rows[0])[0] as T
  while (!(await one(`select exists (select from pg_stat_activity where wait_event_type = 'Lock')`)))
    await new Promise((go) => setTimeout(go, 50))
  const { rows } = await client.query<{ queryid: string }>(
    `select distinct queryid::text as queryid from pg_stat_statements where queryid is not null`,
  )
  return {
    table: await one(`select 'orders'::regclass::oid`),
    index: await one(`select 'orders_note'::regclass::oid`),
    pid,
    end: async () => {
      await client.query(`rollback prepared '${GID}'`)
    },
    queryids: rows.map(({ queryid }) => queryid),
    settings: [...Object.keys(SETTINGS), 'app.jwt_secret', 'app.api_key'],
  }
}

async function open(db: TestDatabase): Promise<Client> {
  const client = await db.connect()
  await client.query(`set application_name = 'app password=${SECRET}'`)
  return client
}
