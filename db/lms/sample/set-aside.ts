/** From this scale on a table is loaded without its indexes: below, the time does not matter, and the b-trees keep what random inserts do to them. */
const WITHOUT_INDEXES_FROM = 2

/**
 * Loads a table without its indexes and builds them after it: sorted builds instead of ten million inserts into b-trees that no longer fit
 * into shared buffers. All of it is one transaction, so that an interrupted load keeps the indexes. Nothing may refer to the table.
 */
export const withoutIndexes = (table: string, load: string): string => /* sql */ `
  create temp table sample_index on commit drop as
  select i.indexrelid::regclass::text as name, con.conname,
         case when con.oid is null then replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') else pg_get_constraintdef(con.oid) end as definition
  from pg_index i left join pg_constraint con on con.conindid = i.indexrelid and con.contype in ('p', 'u')
  where i.indrelid = '${table}'::regclass and current_setting('sample.scale')::numeric >= ${WITHOUT_INDEXES_FROM}
  order by i.indexrelid;
  do $$ declare one record; begin
    for one in select * from sample_index loop
      execute case when one.conname is null then format('drop index %s', one.name) else format('alter table ${table} drop constraint %I', one.conname) end;
    end loop;
  end $$;
  ${load};
  do $$ declare one record; begin
    for one in select * from sample_index loop
      execute case when one.conname is null then one.definition
                   else format('alter table ${table} add constraint %I %s', one.conname, one.definition) end;
    end loop;
  end $$`
