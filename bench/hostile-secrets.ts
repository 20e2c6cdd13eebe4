import { setTimeout as sleep } from 'node:timers/promises'
import { type Attempt, type Harm, harm, type Kind } from './hostile-case'
import { type House, MAJORS, SENTINELS, type Watched } from './hostile-house'
import { LOOKS } from './hostile-pages'
import { SECRET_FORMS } from './hostile-secret-forms'

const DATABASE = 'secrets'
/** Longer than the worker leaves between two looks at activity. */
const SEEN_S = 5
/** Sessions at the same time. */
const TOGETHER = 19

const secretOf = (major: Watched, at: number): string => `sesame${major}n${at}x9q`
const SECRET = /sesame(14|18)n(\d+)x9q/g

/** Which secrets stand in a text. */
const found = (text: string): string[] => [...new Set(text.match(SECRET) ?? [])]

/** A secret in a statement's text is in no page, export, answer, metric, log or table of the console, to whomever it is shown. */
export const secretsKind: Kind = {
  name: 'secrets in statement texts',
  prepare: async (house) => {
    const seen = new Map<string, Set<string>>()
    const note = (where: string, text: string) => {
      for (const secret of found(text)) seen.set(secret, (seen.get(secret) ?? new Set()).add(where))
    }
    for (const major of MAJORS) await perform(house, major, note)
    await sleep(12_000) // the worker has seen the counters, too
    for (const major of MAJORS) await lookEverywhere(house, major, note)
    note('log', await house.readLog())
    const attempts = MAJORS.flatMap((major) =>
      SECRET_FORMS.map((form, at): Attempt => {
        const secret = secretOf(major, at)
        const make = async (): Promise<Harm[]> => [...(seen.get(secret) ?? [])].flatMap((where) => harm('secrets', where))
        return { name: `${form.slice(0, 60)}, on ${major}`, make }
      }),
    )
    return {
      attempts,
      control: async () => {
        // A word that stands beside no secret is shown, so each place would have shown the others.
        const shown: Harm[] = []
        for (const { name, ask } of LOOKS.filter(({ name }) => /list-queries|activity|sessions/.test(name)))
          if ((await ask(house, 18, DATABASE)).text.includes('bench_harmless')) shown.push(...harm('secrets', name))
        const kept = await dump(house)
        return shown.length > 0 && kept.includes('bench_harmless') ? shown : []
      },
    }
  },
}

/** Runs each form, and holds it in pg_stat_activity for as long as everybody needs to see it there. */
async function perform(house: House, major: Watched, note: (where: string, text: string) => void): Promise<void> {
  const admin = await house.database(major, DATABASE)
  await admin.query(`create extension pg_stat_statements; create role made_1; create table accounts (id int, email text, password text);
    create foreign data wrapper far; create server far foreign data wrapper far`)
  for (let from = 0; from < SECRET_FORMS.length; from += TOGETHER) {
    const running = SECRET_FORMS.slice(from, from + TOGETHER).map(async (form, at) => {
      const client = await house.connect(house.url(major, DATABASE))
      const sql = form.replaceAll('{secret}', secretOf(major, from + at)).replaceAll('{n}', String(from + at))
      await client.query(`select pg_sleep(${SEEN_S}) as bench_harmless; ${sql}`).catch(() => undefined) // what it does matters to nobody
      await client.query(sql).catch(() => undefined)
      return client
    })
    await sleep(1_000)
    for (const { name, ask } of LOOKS.filter(({ name }) => /activity|sessions/.test(name)))
      note(name, (await ask(house, major, DATABASE)).text)
    const clients = await Promise.all(running)
    note(
      'activity, idle',
      (await house.get(`/api/live/activity?server=${house.ids[major]}&database=${DATABASE}`, house.cookies.viewer)).text,
    )
    for (const client of clients) {
      const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid').catch(() => ({ rows: [] }))
      const at = `server=${house.ids[major]}&database=${DATABASE}&pid=${rows[0]?.pid}`
      note('session detail', (await house.get(`/api/live/session-detail?${at}`, house.cookies.viewer)).text)
      await client.end()
    }
  }
}

/** Every page, export and answer about the database, each statement's own, the metrics, and all that the console keeps. */
async function lookEverywhere(house: House, major: Watched, note: (where: string, text: string) => void): Promise<void> {
  for (const { name, ask } of LOOKS) note(name, (await ask(house, major, DATABASE)).text)
  const admin = await house.connect(house.url(major, DATABASE))
  const { rows } = await admin.query<{ key: string }>(`
    select concat_ws('.', queryid, userid, dbid, toplevel::int) as key from pg_stat_statements
     where dbid = (select oid from pg_database where datname = current_database())`)
  for (const { key } of rows) {
    const at = `server=${house.ids[major]}&database=${DATABASE}&key=${key}`
    note('query detail', (await house.get(`/api/live/query-detail?${at}`, house.cookies.viewer)).text)
    note('query detail since the reset', (await house.get(`/api/live/query-detail?${at}&reset=true`, house.cookies.viewer)).text)
  }
  for (const path of ['/', '/runs', '/audit', '/servers', `/servers/${house.ids[major]}`, '/audit/export'])
    note(path, (await house.get(path, house.cookies.admin)).text)
  note('/metrics', (await house.ask('/metrics', { headers: { authorization: `Bearer ${SENTINELS.PROCTOR_METRICS_TOKEN}` } })).text)
  note('console database', await dump(house))
}

/** All rows of all tables of the console database, as text. */
async function dump({ home }: House): Promise<string> {
  const { rows: tables } = await home.query<{ name: string }>(`
    select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema')`)
  const texts: string[] = []
  for (const { name } of tables) {
    const { rows } = await home.query<{ row: string }>(`select t::text as row from ${name} t`)
    texts.push(...rows.map(({ row }) => row))
  }
  return texts.join('\n')
}
