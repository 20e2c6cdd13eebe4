import { NextBest } from '../maintenance/next-best'
import type { BestKnown } from './shown-checks'

interface KnownBestProps {
  server: string
  database: string
  known: BestKnown
  mayRun: boolean
}

/** The best maintenance that the checks know of; the page of all of it reads the database anew. */
export function KnownBest({ known: { total, at, ...next }, ...rest }: KnownBestProps) {
  const base = `/${encodeURIComponent(rest.server)}/db/${encodeURIComponent(rest.database)}`
  return <NextBest {...rest} next={next} all={{ count: total, href: `${base}/maintenance` }} checked={{ at }} />
}
