import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { placeOf } from '@/app/place'
import { mayRun, requireUser } from '@/app/session'
import { TableView } from '@/components/tables/table-view'
import { formerName } from '@/db/history/index-chain'
import { readTable } from '../table-reads'

type Props = PageProps<'/[server]/db/[database]/tables/[table]'>

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { database } = await placeOf(params)
  return { title: `Table of ${database}` }
}

const MOST_OID = 4_294_967_295

export default async function TablePage({ params }: Props) {
  const user = await requireUser()
  const place = await placeOf(params)
  const { table } = await params
  const relid = /^\d{1,10}$/.test(table) ? Number(table) : Number.NaN
  if (!(relid <= MOST_OID)) notFound()
  const read = await readTable(place, relid)
  const former = read.ok ? null : await formerName(place.server, place.database, relid)
  return (
    <TableView
      {...place}
      relid={relid}
      formerName={former && `${former.schemaname}.${former.relname}`}
      mayRun={mayRun(user)}
      initial={{ ...read, at: new Date().toISOString() }}
    />
  )
}
