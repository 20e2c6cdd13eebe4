import type { Client } from 'pg'
import { identifier, literal } from '../../db/server/identifiers'
import { type Planted, plantOverloads } from './plant-overloads'

/** Stands before pg_catalog in the path of a hostile database. */
export const EVIL = 'evil'

/** What a database's owner may set for everybody, to change how values are written and read. */
export const HOSTILE_SETTINGS: Record<string, string> = {
  DateStyle: 'SQL, DMY',
  IntervalStyle: 'sql_standard',
  extra_float_digits: '-15',
  bytea_output: 'escape',
  standard_conforming_strings: 'off',
  TimeZone: 'Asia/Kathmandu',
  xmlbinary: 'hex',
  array_nulls: 'off',
  quote_all_identifiers: 'on',
}

/**
 * Makes the database of a superuser's client one whose owner means harm: `role` (made where it is missing) owns it and its
 * schemas, overloads of all that the texts use stand in `public` and in a schema before pg_catalog, and every session
 * that sets nothing itself has that path. `intarray` first, because its own operators are to stand in public.
 */
export async function makeHostile(admin: Client, database: string, role: string, texts: Iterable<string>): Promise<Planted> {
  const { rowCount } = await admin.query('select from pg_catalog.pg_roles where rolname = $1', [role])
  if (rowCount === 0) await admin.query(`create role ${identifier(role)}`)
  await admin.query(`
    create extension if not exists intarray schema public;
    create schema ${EVIL} authorization ${identifier(role)}; grant usage on schema ${EVIL} to public;
    alter schema public owner to ${identifier(role)};
    alter database ${identifier(database)} owner to ${identifier(role)}`)
  const planted = await plantOverloads(admin, { texts, role, schemas: ['public', EVIL] })
  await admin.query(`alter database ${identifier(database)} set search_path = ${EVIL}, pg_catalog, public`)
  return planted
}

/** Sets for all later sessions of a database what decides how values are written and read. */
export async function setHostileSettings(admin: Client, database: string, settings = HOSTILE_SETTINGS): Promise<void> {
  for (const [name, value] of Object.entries(settings))
    await admin.query(`alter database ${identifier(database)} set ${identifier(name)} = ${literal(value)}`)
}
