import { DROP_VIEWS, MAKE_VIEWS } from '../analytics'
import type { Step } from './step'

/** What grows by time. Nothing refers to either, so that a key may take in created_at. */
const BY_MONTH = ['section_progress', 'quiz_results']

/**
 * Both tables by month of created_at, from the first month of the sample to the next one, with a default partition for what comes later. A primary
 * key or a unique constraint of a partitioned table holds its key (manual, 5.12.2.3): they become (…, created_at), and one section can then be
 * counted twice for a student. Columns, checks, foreign keys and indexes are those of the migrated table.
 */
export const PARTITIONS: Step = {
  name: 'Partitions by month',
  statements: [...DROP_VIEWS, ...BY_MONTH.map(byMonth), ...MAKE_VIEWS],
}

function byMonth(table: string): string {
  return /* sql */ `
      do $$
      declare one record; month timestamptz; plain oid := '${table}'::regclass;
      begin
        if (select relkind from pg_class where oid = plain) = 'p' then return; end if;
        create temp table sample_part on commit drop as
        select c.conname as name, 'constraint' as what, case when contype in ('p', 'u') then replace(pg_get_constraintdef(oid), ')', ', created_at)') else pg_get_constraintdef(oid) end as definition
        from pg_constraint c where conrelid = plain and contype in ('p', 'u', 'f')
        union all
        select c.relname, 'index', pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indexrelid
        where indrelid = plain and not exists (select from pg_constraint where conindid = i.indexrelid);
        alter table ${table} rename to ${table}_plain;
        create table ${table} (like ${table}_plain including defaults including constraints) partition by range (created_at);
        drop table ${table}_plain;
        month := date_trunc('month', (select min(starts) from sample_term) - interval '3 days');
        while month <= date_trunc('month', pg_temp.today()) + interval '1 month' loop
          execute format('create table %I partition of ${table} for values from (%L) to (%L)', '${table}_' || to_char(month, 'YYYY_MM'), month, month + interval '1 month');
          month := month + interval '1 month';
        end loop;
        create table ${table}_default partition of ${table} default;
        for one in select * from sample_part loop
          execute case one.what when 'index' then one.definition else format('alter table ${table} add constraint %I %s', one.name, one.definition) end;
        end loop;
      end $$`
}
