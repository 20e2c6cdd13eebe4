import type { ReactNode } from 'react'
import type { SlotWithLimit } from '@/db/replication/replication'
import { bytesShort, exactCount } from '../format'
import { appointment, sinceWords } from '../format-time'
import { Card, CardHeader } from '../ui/card'
import { classes } from '../ui/class-names'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { Identifier } from '../ui/identifier'
import { ScrollRegion } from '../ui/scroll-region'
import { settingSize } from './replication-messages'
import type { ReplicationAnswer } from './replication-types'

const STATUS_TONE: Record<string, string> = { extended: 'text-warn', unreserved: 'text-bad', lost: 'text-bad' }

interface SlotTableProps {
  now: ReplicationAnswer
  /** The button beside a slot without a reader. */
  action?: (slot: SlotWithLimit) => ReactNode
  children?: ReactNode
}

/** What each slot keeps, against what it may keep. */
export function SlotTable({ now: { slots, state }, action, children }: SlotTableProps) {
  const limit = state.max_slot_wal_keep_bytes
  const against =
    limit === null
      ? `no limit (max_slot_wal_keep_size is -1); max_wal_size ${settingSize(state.max_wal_bytes)}`
      : `against max_slot_wal_keep_size ${settingSize(limit)}; max_wal_size ${settingSize(state.max_wal_bytes)}`
  return (
    <Card label="Retained WAL" className="overflow-hidden">
      <CardHeader title="Retained WAL" sub={slots.length > 0 ? `per slot, ${against}` : undefined} />
      {children}
      {slots.length === 0 ? (
        <p className="px-4 pt-1 pb-3 text-ink-3">
          No replication slot, of {exactCount(state.max_replication_slots)} that max_replication_slots allows. WAL is kept for none.
        </p>
      ) : (
        <ScrollRegion label="Replication slots" className="mt-2 -outline-offset-2">
          <table className="w-full border-collapse max-sm:block">
            <thead className="max-sm:hidden">
              <tr>
                <HeadCell>Slot</HeadCell>
                <HeadCell>State</HeadCell>
                <HeadCell numeric>Retains</HeadCell>
                <HeadCell>{limit === null ? 'Of max_wal_size' : 'Of limit'}</HeadCell>
                <HeadCell numeric>Left</HeadCell>
                <HeadCell>wal_status</HeadCell>
                {action && (
                  <HeadCell>
                    <span className="sr-only">Actions</span>
                  </HeadCell>
                )}
              </tr>
            </thead>
            <tbody className="max-sm:block">
              {slots.map((slot) => (
                <Row key={slot.slot_name} className="max-sm:block max-sm:px-3.5 max-sm:py-2">
                  <Cell className={CARD}>
                    <Identifier name={slot.slot_name} className="font-medium" />
                    <span className="block text-label text-ink-3">
                      {[slot.slot_type, slot.plugin, slot.database && `in ${slot.database}`, slot.temporary && 'temporary']
                        .filter(Boolean)
                        .join(', ')}
                    </span>
                  </Cell>
                  <Cell className={CARD}>
                    <StateOf slot={slot} now={state.server_now} />
                  </Cell>
                  <Cell numeric className={classes(CARD, 'font-medium')}>
                    <Label>Retains </Label>
                    {bytesShort(slot.retained_bytes)}
                  </Cell>
                  <Cell className={CARD}>
                    <Share slot={slot} most={state.max_wal_bytes} />
                  </Cell>
                  <Cell numeric className={classes(CARD, 'text-ink-3')}>
                    <Label>Left </Label>
                    {slot.left === null ? (limit === null ? 'no limit' : '–') : bytesShort(slot.left)}
                    {slot.reachedAt && (
                      <span className="block text-label text-warn">
                        {limit === null ? 'disk full' : 'until'} ≈ {appointment(slot.reachedAt)}
                      </span>
                    )}
                  </Cell>
                  <Cell className={classes(CARD, STATUS_TONE[slot.wal_status ?? ''])}>
                    <Label>wal_status </Label>
                    {slot.wal_status ?? 'never used'}
                    {slot.invalidation_reason && <span className="block text-label">{slot.invalidation_reason}</span>}
                  </Cell>
                  {action && <Cell className={classes(CARD, 'text-right')}>{action(slot)}</Cell>}
                </Row>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </Card>
  )
}

/** Under 700 px a row is a card: its cells stand below each other. */
const CARD = 'py-1 max-sm:block max-sm:h-auto max-sm:px-0! max-sm:py-0.5 max-sm:text-left'

const Label = ({ children }: { children: string }) => <span className="text-ink-3 sm:hidden">{children}</span>

function StateOf({ slot, now }: { slot: SlotWithLimit; now: string }) {
  if (slot.active) return <>active, pid {slot.active_pid}</>
  if (slot.synced) return <span className="text-ink-3">kept in step with the primary</span>
  const since = slot.inactive_since ? ` since ${sinceWords(slot.inactive_since, now)}` : ''
  return (
    <span className={slot.retained_bytes ? 'text-bad' : 'text-ink-3'}>
      no reader{since}
      {slot.catalog_xmin_age !== null && (
        <span className="block text-label">holds catalog_xmin, {exactCount(slot.catalog_xmin_age)} transactions</span>
      )}
      {slot.xmin_age !== null && <span className="block text-label">holds xmin, {exactCount(slot.xmin_age)} transactions</span>}
    </span>
  )
}

function Share({ slot, most }: { slot: SlotWithLimit; most: number }) {
  const part = slot.share ?? (slot.retained_bytes ?? 0) / most
  const tone = slot.active ? 'bg-live' : part >= 0.5 ? 'bg-bad-fill' : 'bg-warn-fill'
  return (
    <span className="block h-3 w-[84px] overflow-hidden rounded-[2px] bg-sunken max-sm:w-full">
      <span className="sr-only">{Math.round(part * 100)}%</span>
      <span aria-hidden className={classes('block h-full', tone)} style={{ width: `${Math.min(100, part * 100)}%` }} />
    </span>
  )
}
