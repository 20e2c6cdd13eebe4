import { describe, expect, it } from 'vitest'
import { checked } from '../../../test/support/test-check'
import { MAJORS } from '../../embedded/binaries'
import { constraintNotValidAfter } from './constraint-not-valid'
import { triggerDisabled } from './trigger-disabled'

describe.each(MAJORS)('what is not enforced, on PostgreSQL %i', (major) => {
  it('finds a constraint that was left NOT VALID; not while it is young, nor while it is validated', () =>
    checked(major, constraintNotValidAfter(50), async ({ offend, one, fix, none, connect }) => {
      await offend(
        'create table parent (id int primary key)',
        'create table "The child" (p int, n int); insert into "The child" values (1, 1); insert into parent values (1)',
        'alter table "The child" add constraint "to parent" foreign key (p) references parent not valid',
      )
      if (major >= 18) await offend('alter table "The child" add constraint never check (n > 5) not enforced')
      await none()
      await offend('do $$ begin for i in 1..60 loop perform pg_current_xact_id(); commit; end loop; end $$')
      expect(await one()).toMatchObject({
        relname: 'The child',
        severity: 'info',
        sql: 'ALTER TABLE public."The child" VALIDATE CONSTRAINT "to parent";',
      })
      const other = await connect()
      await other.query('begin; alter table "The child" validate constraint "to parent"')
      await none()
      await other.query('rollback')
      expect(await one()).toMatchObject({ relname: 'The child' })
      await fix()
      await none()
    }))

  it('finds triggers and rules that are off, and a foreign key that is not enforced', () =>
    checked(major, triggerDisabled, async ({ offend, one, fix, none }) => {
      await offend(
        'create table parent (id int primary key)',
        'create table child (id int primary key, p int references parent)',
        'create function nothing() returns trigger language plpgsql as $$ begin return new; end $$',
        'create trigger "T" before insert on child for each row execute function nothing()',
        'create rule r as on update to parent do also nothing',
        'alter table child enable replica trigger "T"',
      )
      await none()
      await offend('alter table child disable trigger "T"')
      expect(await one()).toMatchObject({ relname: 'child', severity: 'info', sql: 'ALTER TABLE public.child ENABLE TRIGGER "T";' })
      await fix()
      await none()
      await offend('alter table parent disable rule r')
      expect(await one()).toMatchObject({ relname: 'parent', severity: 'info' })
      await fix()
      await none()
      await offend('alter table child disable trigger all')
      await offend('insert into child values (1, 7)') // refers to nothing
      const found = await one()
      expect(found).toMatchObject({ relname: 'child', severity: 'warn' })
      for (const statement of found.sql?.split('\n') ?? []) await offend(statement)
      await none()
    }))

  it('counts a partitioned table’s trigger once', () =>
    checked(major, triggerDisabled, async ({ offend, one, fix, none }) => {
      await offend(
        'create function nothing() returns trigger language plpgsql as $$ begin return new; end $$',
        'create table parted (n int) partition by range (n); create table parted_1 partition of parted for values from (0) to (9)',
        'create trigger t before insert on parted for each row execute function nothing()',
        'alter table parted disable trigger t',
      )
      expect(await one()).toMatchObject({ relname: 'parted' })
      await fix()
      await none()
    }))
})
