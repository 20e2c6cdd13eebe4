import { runRead } from '../server/run-read'
import { settingsSample } from '../settings/reads/settings-sample'
import { failedWith, nothing, type Task } from './memory'

/** Compares pg_settings with what was last seen, and writes down what changed, whoever changed it. */
export const sampleSettings: Task = async (place) => {
  const read = await runRead(place.target, settingsSample, {})
  if (!read.ok) return failedWith(read.problem)
  const rows = read.value
  const column = (pick: (row: (typeof rows)[number]) => unknown) => rows.map(pick)
  await place.session.transaction(async (query) => {
    const given = [
      place.no,
      place.now(),
      column((r) => r.name),
      column((r) => r.value),
      column((r) => r.unit),
      column((r) => r.source),
      column((r) => r.place),
      column((r) => r.pending_restart),
    ]
    await query(`${DIFFERENCES} ${CHANGES}`, given)
    await query(`${DIFFERENCES} ${RENEW}`, given)
    // The moment at which everything was as it stands there: a change falls between it and the next look.
    await query(`update setting_seen set at = $2 where server = $1 and name = 'server_version'`, given.slice(0, 2))
  })
  return nothing
}

const DIFFERENCES = /* sql */ `
with given as (
  select * from unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bool[]) as r (name, value, unit, source, place, pending)
)`

const SEEN_AT = `(select at from setting_seen where server = $1 and name = 'server_version')`

/** The first look is no change; nor is a setting of a module that was loaded since. */
const CHANGES = /* sql */ `
insert into setting_change (server, name, old, new, unit, old_source, new_source, after, at)
select $1, g.name, s.value, g.value, g.unit, s.source, g.source, ${SEEN_AT}, $2::timestamptz
  from given g join setting_seen s on s.server = $1 and s.name = g.name
 where s.value is distinct from g.value`

const RENEW = /* sql */ `
insert into setting_seen (server, name, value, unit, source, place, pending_restart, at)
select $1, g.name, g.value, g.unit, g.source, g.place, g.pending, $2::timestamptz
  from given g left join setting_seen s on s.server = $1 and s.name = g.name
 where (s.value, s.source, s.place, s.pending_restart) is distinct from (g.value, g.source, g.place, g.pending) or s.name is null
on conflict (server, name) do update set value = excluded.value, unit = excluded.unit, source = excluded.source, place = excluded.place,
  pending_restart = excluded.pending_restart, at = excluded.at`
