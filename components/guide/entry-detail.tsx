import Link from 'next/link'
import type { ReactNode } from 'react'
import type { CatalogueRow } from '@/db/guide/catalogue/read-catalogue'
import { bytes, exactCount } from '../format'
import { moment } from '../format-time'
import { SectionTitle } from '../ui/section-title'
import { Sql } from '../ui/sql'

interface EntryDetailProps {
  row: CatalogueRow
  /** The address of the page of indexes. */
  indexes: string
  since: string
  action: ReactNode
}

/** An index of the guide: as printed with its error, as it should be, and why; what there is of it. */
export function EntryDetail({ row, indexes, since, action }: EntryDetailProps) {
  const { printed, corrected, index, error, by, note, create } = row
  return (
    <div className="grid gap-3">
      <div className="grid grid-cols-3 gap-4 max-lg:grid-cols-1 [&_h3]:mt-0">
        <div className="min-w-0">
          <SectionTitle>{printed === null ? 'Not in print' : 'As printed'}</SectionTitle>
          {printed === null ? (
            <p className="text-cell text-ink-2">The guide has no index for this foreign key.</p>
          ) : (
            <Sql sql={lines(printed)} exact={printed} />
          )}
          {error && (
            <p className="mt-2 font-mono text-[12px] leading-[17px] text-bad">
              <b className="font-semibold">{error.sqlstate}</b> {error.message}
              <span className="font-sans text-ink-3">{error.when === 'write' ? ' (when rows are written)' : ''}</span>
            </p>
          )}
        </div>
        <div className="min-w-0">
          <SectionTitle>
            {row.inPrint === null ? 'The same here' : row.state === 'redundant' || row.state === 'served' ? 'Here, if at all' : 'Corrected'}
          </SectionTitle>
          <Sql sql={lines(corrected)} exact={corrected} />
        </div>
        <div className="min-w-0 text-cell text-ink-2">
          <SectionTitle>Why</SectionTitle>
          <p>{row.purpose}</p>
          <ol className="mt-1 list-decimal pl-4">
            {row.why.map((sentence) => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ol>
        </div>
      </div>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-2 border-t border-grid pt-2.5 text-label">
        {index ? (
          <>
            <Fact label="Here">
              <Link href={`${indexes}?index=${index.indexrelid}`} className="font-mono">
                {index.indexrelname}
              </Link>
            </Fact>
            <Fact label="Size">{bytes(index.bytes)}</Fact>
            <Fact label={`Scans since ${moment(since)}`}>{exactCount(index.idxScan)}</Fact>
            {index.lastIdxScan && <Fact label="Last scan">{moment(index.lastIdxScan)}</Fact>}
          </>
        ) : (
          <Fact label="Here">{by ? <span className="font-mono">{by}</span> : 'nothing'}</Fact>
        )}
        {index && by && (
          <Fact label="Does its work">
            <span className="font-mono">{by}</span>
          </Fact>
        )}
        {create && 'refused' in create ? <p className="text-ink-2">{create.refused}.</p> : note && <p className="text-ink-2">{note}.</p>}
        <span className="ml-auto">{action}</span>
      </div>
      {index && <p className="text-label text-ink-3">{index.rule}</p>}
    </div>
  )
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <span className="block text-ink-3">{label}</span>
      <span className="text-cell text-ink">{children}</span>
    </div>
  )
}

/** Broken where a reader would: before ON, the key and the condition. What is copied is the statement on one line. */
const lines = (sql: string): string => sql.replace(/ (ON |USING |WHERE |ADD CONSTRAINT )/g, '\n  $1')
