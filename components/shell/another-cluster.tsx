import Link from 'next/link'
import { moment } from '../format-time'
import { Banner } from '../ui/banner'

interface AnotherClusterProps {
  server: { id: string; name: string }
  /** System identifiers: of the cluster that Proctor knows as this server, and of the one that answers. */
  recorded: string
  found: string
  since: string | null
}

/** Says on every page of a server that its address leads to another cluster, for as long as it does. */
export function AnotherCluster({ server: { id, name }, recorded, found, since }: AnotherClusterProps) {
  return (
    <Banner tone="bad" label="Another cluster">
      <b className="font-semibold">The address of {name} leads to another cluster</b>
      {since && ` since ${moment(since)}`}: system identifier <code>{found}</code> answers in place of <code>{recorded}</code>. These pages
      show what answers. Nothing is run there, and runs that were confirmed for {name} are held.{' '}
      <Link href={`/servers/${encodeURIComponent(id)}`} className="underline">
        What can be done
      </Link>
    </Banner>
  )
}
