/**
 * Where a console is, as far as it can be seen. Which difference makes a copy of it, and which does not, is decided in
 * docs/decisions/003-moved-or-copied.md.
 */
export interface Place {
  /** Of a console database in a data folder; null where the settings name another database. */
  home: Home | null
  database: ConsoleDatabase
}

export interface Home {
  /** Hash of /etc/machine-id; null where there is none, and in a container, whose image may hold one. */
  machine: string | null
  /** The real path of the data folder. */
  folder: string
  /** Of the data folder. Its device is left out: numbers of devices change with a reboot. */
  inode: string
  /** When the data folder was made, in nanoseconds since 1970; null where the file system does not tell. */
  born: string | null
}

export interface ConsoleDatabase {
  /** Null where the role may not ask. */
  systemIdentifier: string | null
  /** The OID of the database within its cluster. */
  oid: number
  timeline: number | null
  /** host:port/database under which it was reached on this timeline, the newest last; of a database that the settings name. */
  addresses: string[]
}

/** A part of a console's place that is another than was written down. restored: whoever restored a backup says so. */
export interface Difference {
  what: 'restored' | 'machine' | 'folder' | 'directory' | 'cluster' | 'database' | 'promoted'
  was: string | null
  is: string | null
}

/** Why a console may be a copy of another. */
export interface Doubt {
  /** When it was first seen, ISO 8601. */
  at: string
  because: Difference[]
  /** Where it is now; null until it was started there. */
  place: Place | null
}

/** More than a cluster has names. */
const MOST_ADDRESSES = 16

/** What tells a place from the one that was written down. What is not to be seen on one side, differs from nothing. */
export function differences(was: Place, is: Place): Difference[] {
  const [home, database] = [homeDiffers(was.home, is.home), databaseDiffers(was, is)]
  return [...home, ...database].filter(({ was: before, is: now }) => before !== null && now !== null && before !== now)
}

function homeDiffers(was: Home | null, is: Home | null): Difference[] {
  if (!was || !is) return []
  // An inode may be given anew by a file system that keeps none; the moment of its making is the folder's own.
  const known = was.born !== null && is.born !== null
  return [
    { what: 'machine', was: was.machine, is: is.machine },
    { what: 'folder', was: was.folder, is: is.folder },
    { what: 'directory', was: known ? was.born : was.inode, is: known ? is.born : is.inode },
  ]
}

function databaseDiffers({ home, database: was }: Place, { home: homeNow, database: is }: Place): Difference[] {
  const ids: Difference[] = [
    { what: 'cluster', was: was.systemIdentifier, is: is.systemIdentifier },
    { what: 'database', was: String(was.oid), is: String(is.oid) },
  ]
  // A fail-over is reached under a name that the console has used before; a standby that somebody promoted to try something, under its own.
  const [address] = is.addresses
  if (home || homeNow || address === undefined || was.addresses.includes(address)) return ids
  return [...ids, { what: 'promoted', was: timelineWords(was.timeline), is: timelineWords(is.timeline) }]
}

const timelineWords = (timeline: number | null): string | null => (timeline === null ? null : `timeline ${timeline}`)

/** The place to write down: what is seen now, and what was known of the parts that are not to be seen. */
export function merged(was: Place | null, is: Place): Place {
  if (!was) return is
  const sameTimeline = was.database.timeline === is.database.timeline
  const addresses = sameTimeline ? was.database.addresses.filter((one) => !is.database.addresses.includes(one)) : []
  return {
    home: is.home
      ? { ...is.home, machine: is.home.machine ?? was.home?.machine ?? null, born: is.home.born ?? was.home?.born ?? null }
      : was.home,
    database: {
      ...is.database,
      systemIdentifier: is.database.systemIdentifier ?? was.database.systemIdentifier,
      timeline: is.database.timeline ?? was.database.timeline,
      addresses: [...addresses, ...is.database.addresses].slice(-MOST_ADDRESSES),
    },
  }
}
