import { z } from 'zod'
import { defineRead } from '../../server/define-read'

/** Which of these names are taken, each in the schema at its side: tables, indexes, sequences and views share one space of names. */
export const relationNames = defineRead({
  name: 'relation-names',
  about: 'Which of some names a relation of its schema already has',
  params: z.object({ schemas: z.array(z.string()).default([]), names: z.array(z.string()).default([]) }),
  row: z.object({ schemaname: z.string(), relname: z.string() }),
  sql: /* sql */ `
select /* proctor:relation-names */ n.nspname as schemaname, c.relname
from unnest($1::text[], $2::text[]) asked (schemaname, relname)
join pg_namespace n on n.nspname = asked.schemaname::name
join pg_class c on c.relnamespace = n.oid and c.relname = asked.relname::name`,
  keep: 0,
})
