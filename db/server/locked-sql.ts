/**
 * Parts of a WITH clause: relations of this database under an AccessExclusiveLock of another session, held or waited for. A function such
 * as pg_relation_size would queue behind it, and a catalog's row of it may change at any moment: reads leave them out and name them.
 */

const OF_OTHERS = /* sql */ `locktype = 'relation' and mode = 'AccessExclusiveLock' and pid is distinct from pg_backend_pid()
     and database = (select oid from pg_database where datname = current_database())`

/** locked (relation) */
export const LOCKED = /* sql */ `locked as materialized (
  select distinct relation from pg_locks
   where ${OF_OTHERS})`

/** locked (relation, how): in words, who holds the lock, or else the first who waits for it. */
export const LOCKED_BY = /* sql */ `locked as materialized (
  select distinct on (relation) relation,
         format('AccessExclusiveLock %s by %s', case when granted then 'held' else 'waited for' end, coalesce('pid ' || pid, 'a prepared transaction')) as how
    from pg_locks
   where ${OF_OTHERS}
   order by relation, granted desc, pid)`
