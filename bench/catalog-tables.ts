import type { Client } from 'pg'

/** How the catalog is cut: three indexes a table, one in four tables with rows and statistics. */
export const TABLES = 10_000

/**
 * Makes `tables` small tables with three indexes each, in batches that commit (one transaction would need a
 * lock for every relation). One in four holds analysed rows; the rest is what most of a large catalog is:
 * empty tenants' tables. Among the indexes are redundant, partial, expression, unique and foreign-key ones.
 */
export async function makeCatalog(client: Client, tables = TABLES): Promise<void> {
  await client.query(
    'create table if not exists owner (id int primary key); insert into owner select generate_series(1, 100) on conflict do nothing',
  )
  await client.query(/* sql */ `
    do $make$
    declare
      at int;
      third text;
    begin
      for at in 1 .. ${tables} loop
        execute format('create table tenant_%s (id int primary key, owner_id int, name text, at timestamptz)', at);
        if at % 5 = 0 then
          execute format('alter table tenant_%s add foreign key (owner_id) references owner', at);
        end if;
        execute format('create index tenant_%s_owner on tenant_%s (owner_id)', at, at);
        third := case at % 10
          when 0 then 'create index tenant_%s_third on tenant_%s (owner_id, at)'
          when 1 then 'create index tenant_%s_third on tenant_%s (lower(name))'
          when 2 then 'create index tenant_%s_third on tenant_%s (at) where name is not null'
          when 3 then 'create unique index tenant_%s_third on tenant_%s (name, at)'
          else 'create index tenant_%s_third on tenant_%s (name)'
        end;
        execute format(third, at, at);
        if at % 4 = 0 then
          execute format('insert into tenant_%s select n, n %% 100 + 1, ''name '' || n, now() from generate_series(1, 800) n', at);
          execute format('analyze tenant_%s', at);
        end if;
        if at % 200 = 0 then commit; end if;
      end loop;
    end
    $make$`)
}
