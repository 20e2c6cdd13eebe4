import { failed, ok, type Result } from '../server/problem'
import type { Target } from '../server/target'
import type { Guide } from './find-guide'
import { inSchema, type TableNames } from './queries/guide-query'
import { runStatement } from './run-statement'

export interface GuideStudent {
  id: string
  name: string
  /** Courses that the student is enrolled in. */
  courses: number
}

const MOST = 20
const BUDGET_MS = 10_000

const SQL = (t: TableNames) => /* sql */ `
select u.id, u.name, count(*) as courses
from ${t.users} u
join ${t.student_progress} p on p.user_id = u.id
where $1 = '' or strpos(lower(u.name), lower($1)) > 0
group by u.id, u.name
order by courses desc, u.id
limit ${MOST}`

/** Students with a text in their names, those with most courses first; of no text, of all. Errors: as runStatement. */
export async function findStudents(target: Target, guide: Guide, search: string): Promise<Result<GuideStudent[]>> {
  const statement = SQL(inSchema(guide.schema))
  const found = await runStatement(target, { statement, values: [search], rows: MOST, plan: 'none', budgetMs: BUDGET_MS })
  if (!found.ok) return found
  return ok((found.value.rows ?? []).map(({ id, name, courses }) => ({ id: String(id), name: name ?? '', courses: Number(courses) })))
}

/** The student of an id, by name. Errors: invalid_input where there is none, as runStatement. */
export async function studentOf(target: Target, guide: Guide, id: string): Promise<Result<{ id: string; name: string }>> {
  const statement = `select id, name from ${inSchema(guide.schema).users} where id = $1`
  const found = await runStatement(target, { statement, values: [id], rows: 1, plan: 'none', budgetMs: BUDGET_MS })
  if (!found.ok) return found
  const [row] = found.value.rows ?? []
  return row ? ok({ id: String(row.id), name: row.name ?? '' }) : failed('invalid_input', 'No user has this id')
}

/** The roles that users have, the most frequent first. Errors: as runStatement. */
export async function rolesOf(target: Target, guide: Guide): Promise<Result<string[]>> {
  const statement = `select role from ${inSchema(guide.schema).users} group by role order by count(*) desc limit ${MOST}`
  const found = await runStatement(target, { statement, values: [], rows: MOST, plan: 'none', budgetMs: BUDGET_MS })
  return found.ok ? ok((found.value.rows ?? []).flatMap(({ role }) => role ?? [])) : found
}
