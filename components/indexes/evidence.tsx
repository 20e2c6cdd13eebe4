import { count, exactCount } from '../format'
import { moment, span } from '../format-time'
import { CopyButton } from '../ui/copy-button'
import { Fact, Facts } from '../ui/facts'
import { Identifier } from '../ui/identifier'
import { SectionTitle } from '../ui/section-title'
import type { DescribedIndex } from './described'
import { pendingWords, rangeWords } from './pending-messages'
import { lastScanWords } from './scan-messages'

/** Why this verdict: the rule with this index's numbers, and all that a drop must not overlook. */
export function Evidence({ index, readAt }: { index: DescribedIndex; readAt: string }) {
  const { finding, detail, undoSql } = index
  const since = detail.stats_reset ?? detail.stats_since
  return (
    <>
      <SectionTitle>Why this verdict</SectionTitle>
      <Facts>
        <Fact name="Rule">{finding.rule}</Fact>
        <Fact name="Stats window">
          {span(since, readAt)}, {detail.stats_reset ? 'reset' : 'counting since'} {moment(since)}
        </Fact>
        <Fact name="Scans, this host">
          <span title={exactCount(finding.idxScan)}>{count(finding.idxScan)}</span>
          {lastScanWords(finding, since, readAt)}
        </Fact>
        <Fact name="Constraint">
          <Constraint index={index} />
        </Fact>
        <Fact name="Serves foreign key">
          {detail.foreign_keys.length === 0
            ? 'None'
            : detail.foreign_keys.map(({ conname, referenced, on_delete }) => (
                <span key={conname} className="block">
                  <Identifier name={conname} /> to {referenced}, on delete {on_delete}
                </span>
              ))}
        </Fact>
        {finding.redundantWith && (
          <Fact name="Redundant with">
            <Identifier name={finding.redundantWith.indexrelname} />, which serves the same lookups
            {finding.redundantWith.kind === 'duplicate' ? ': its key is the same' : ': it begins with the same columns'}
          </Fact>
        )}
        {finding.standIn && (
          <Fact name="Could stand in">
            <Identifier name={finding.standIn.indexrelname} />, but {finding.standIn.doubt}
          </Fact>
        )}
        {index.pending && <Fact name="Pending list">{pendingWords(index.pending)}</Fact>}
        {index.ranges && <Fact name="Ranges">{rangeWords(index.ranges)}</Fact>}
        <Fact name="Partition root">{partition(index)}</Fact>
        <Fact name="Undo DDL">
          {undoSql ? (
            <span className="flex flex-wrap items-center gap-x-2">
              {/CONCURRENTLY/.test(undoSql) ? 'The definition above, built concurrently' : 'The statement that recreates it'}
              <CopyButton text={undoSql} label="Copy undo DDL" variant="quiet" className="-my-1 text-accent!" />
            </span>
          ) : (
            'Unknown: the table is locked, or its definition could not be read'
          )}
        </Fact>
      </Facts>
    </>
  )
}

function Constraint({ index: { finding, detail } }: { index: DescribedIndex }) {
  const refers = detail.referenced_by.map(({ conname, relname }) => `${conname} of ${relname}`).join(', ')
  return (
    <>
      {detail.conname ? (
        <>
          Backs <Identifier name={detail.conname} />
          {detail.constraint_definition && `, ${detail.constraint_definition}`}
        </>
      ) : finding.isUnique ? (
        'None, but enforces uniqueness'
      ) : (
        'None'
      )}
      {refers && <span className="block">Referred to by {refers}</span>}
    </>
  )
}

function partition({ finding, detail }: DescribedIndex): string {
  if (finding.partitions > 0)
    return `This is the root of the indexes of ${exactCount(finding.partitions)} partitions; only it can be dropped`
  return detail.root ? `${detail.root.indexrelname} on ${detail.root.relname}` : 'Not partitioned'
}
