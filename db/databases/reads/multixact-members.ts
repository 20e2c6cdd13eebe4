import { z } from 'zod'
import { counter } from '../../server/columns'
import { defineRead } from '../../server/define-read'

/**
 * How much of the space of multixact members is in use (manual, 24.1.5.1): 32 bits up to 18, as 19 widened their offsets to 64. No view
 * of 14 to 18 tells it, so files of pg_multixact/members are counted: 32 pages of 409 groups of 4 members each (multixact.c), the first
 * and the last of which may be begun only. Listing a directory is a superuser's, or of whom EXECUTE was granted to.
 */
export const multixactMembers = defineRead({
  name: 'multixact-members',
  about: 'Members of multixacts in use, at most, by the files of pg_multixact/members',
  calls: ['pg_ls_dir(text)'],
  params: z.object({}),
  /** null: the space has no end that anybody reaches. */
  row: z.object({ members: counter.nullable() }),
  keep: 60_000,
  sql: /* sql */ `
select /* proctor:multixact-members */
       case when current_setting('server_version_num')::int < 190000 then
         (select count(*) * 32 * (current_setting('block_size')::int / 20) * 4 from pg_ls_dir('pg_multixact/members') f (name) where f.name ~ '^[0-9A-F]+$')
       end::int8 as members`,
})
