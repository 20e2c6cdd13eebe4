import {
  Activity,
  ArrowLeftRight,
  BookOpen,
  CalendarClock,
  Cpu,
  Gauge,
  HardDrive,
  ListChecks,
  type LucideIcon,
  Network,
  Play,
  Plug,
  Puzzle,
  Server,
  SlidersHorizontal,
  SquareTerminal,
  Table2,
  Users,
} from 'lucide-react'

/** A page of the console: where it is and which keys lead to it. */
export interface ConsolePage {
  key:
    | 'fleet'
    | 'overview'
    | 'activity'
    | 'configuration'
    | 'replication'
    | 'cache'
    | 'indexes'
    | 'queries'
    | 'tables'
    | 'storage'
    | 'extensions'
    | 'maintenance'
    | 'guide'
    | 'runs'
    | 'audit'
    | 'servers'
    | 'users'
  group: 'Server' | 'Database' | 'Console'
  label: string
  href: string
  icon: LucideIcon
  /** The letter after G. */
  letter: string
  /** Stands in the navigation of administrators alone. */
  forAdmins?: boolean
  /** Only where the database holds the tables of the LMS guide. */
  forGuide?: boolean
}

/** The pages that exist, for where one is; those of a database only inside one. */
export function consolePages(place?: { server: string; database: string }): ConsolePage[] {
  const base = place && `/${encodeURIComponent(place.server)}/db/${encodeURIComponent(place.database)}`
  const ofDatabase: ConsolePage[] = base
    ? [
        { key: 'overview', group: 'Server', label: 'Overview', href: `${base}/overview`, icon: Gauge, letter: 'o' },
        { key: 'activity', group: 'Server', label: 'Activity', href: `${base}/sessions`, icon: Activity, letter: 'v' },
        {
          key: 'configuration',
          group: 'Server',
          label: 'Configuration',
          href: `${base}/settings`,
          icon: SlidersHorizontal,
          letter: 'c',
        },
        { key: 'replication', group: 'Server', label: 'Replication & WAL', href: `${base}/replication`, icon: ArrowLeftRight, letter: 'w' },
        { key: 'cache', group: 'Server', label: 'Cache & I/O', href: `${base}/cache`, icon: Cpu, letter: 'b' },
        { key: 'storage', group: 'Server', label: 'Storage', href: `${base}/storage`, icon: HardDrive, letter: 'd' },
        { key: 'indexes', group: 'Database', label: 'Indexes', href: `${base}/indexes`, icon: Network, letter: 'i' },
        { key: 'queries', group: 'Database', label: 'Queries', href: `${base}/statements`, icon: SquareTerminal, letter: 'q' },
        { key: 'tables', group: 'Database', label: 'Tables', href: `${base}/tables`, icon: Table2, letter: 't' },
        { key: 'extensions', group: 'Database', label: 'Extensions', href: `${base}/extensions`, icon: Puzzle, letter: 'x' },
        { key: 'maintenance', group: 'Database', label: 'Maintenance', href: `${base}/maintenance`, icon: CalendarClock, letter: 'm' },
        { key: 'guide', group: 'Database', label: 'LMS guide', href: `${base}/guide`, icon: BookOpen, letter: 'l', forGuide: true },
      ]
    : []
  return [
    { key: 'fleet', group: 'Server', label: 'Fleet', href: '/', icon: Server, letter: 'h' },
    ...ofDatabase,
    { key: 'runs', group: 'Console', label: 'Runs', href: '/runs', icon: Play, letter: 'r' },
    { key: 'audit', group: 'Console', label: 'Audit', href: '/audit', icon: ListChecks, letter: 'a' },
    { key: 'servers', group: 'Console', label: 'Server settings', href: '/servers', icon: Plug, letter: 's' },
    { key: 'users', group: 'Console', label: 'Users', href: '/users', icon: Users, letter: 'u', forAdmins: true },
  ]
}

/** Those of them that one person finds in one place. */
export const shownPages = (place: { server: string; database: string } | undefined, admin: boolean, guide: boolean): ConsolePage[] =>
  consolePages(place).filter(({ forAdmins, forGuide }) => (admin || !forAdmins) && (guide || !forGuide))
