import { createLoader, parseAsArrayOf, parseAsInteger, parseAsString, parseAsStringLiteral } from 'nuqs/server'
import { FLEET_SHOWS, FLEET_SORTS, type FleetSort } from '@/db/domain/fleet-params'

/** The state of the fleet's page, all of it in the address. */
export const fleetParams = {
  show: parseAsStringLiteral(FLEET_SHOWS).withDefault('all'),
  sort: parseAsStringLiteral(FLEET_SORTS).withDefault('worst'),
  dir: parseAsStringLiteral(['asc', 'desc'] as const).withDefault('desc'),
  q: parseAsString.withDefault(''),
  tags: parseAsArrayOf(parseAsString).withDefault([]),
  major: parseAsInteger,
  page: parseAsInteger.withDefault(1),
  rows: parseAsStringLiteral(['detailed', 'compact'] as const).withDefault('detailed'),
}

export const loadFleetParams = createLoader(fleetParams)

export const firstDirection = (sort: FleetSort): 'asc' | 'desc' => (sort === 'name' ? 'asc' : 'desc')
