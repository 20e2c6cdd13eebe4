'use client'
import Link from 'next/link'
import { useQueryStates } from 'nuqs'
import { Fragment } from 'react'
import type { StorageMap, StorageTile } from '@/db/storage/storage-map'
import type { AreaTile } from '../charts/area-map'
import { AreaMap, useNarrow } from '../charts/charts'
import { bytes, share } from '../format'
import { useLive } from '../live/use-live'
import { tableHref } from '../tables/table-href'
import { TextButton } from '../ui/button'
import { Card, CardHeader } from '../ui/card'
import { Cell, HeadCell, Row } from '../ui/data-table'
import { Identifier } from '../ui/identifier'
import { ProblemPanel } from '../ui/problem-panel'
import { ScrollRegion } from '../ui/scroll-region'
import { Segmented } from '../ui/segmented'
import { storageParams } from './storage-params'

const COLOR: Record<StorageTile['kind'], string> = {
  database: 'var(--q1)',
  schema: 'var(--q2)',
  table: 'var(--live)',
  heap: 'var(--live)',
  toast: 'var(--q4)',
  index: 'var(--q2)',
  others: 'var(--q0)',
  catalogs: 'var(--q0)',
}

const keyOf = ({ kind, id }: StorageTile): string => `${kind} ${id}`
const areaTile = (tile: StorageTile): AreaTile => ({
  key: keyOf(tile),
  name: tile.name,
  value: tile.bytes,
  color: COLOR[tile.kind],
  opens: tile.opens,
  inside: tile.inside?.map(areaTile),
})

/** What takes the space, a level at a time with what is inside each tile: server, database, schema, table. As a map, or as a list; on a phone a list alone. */
export function MapCard({ server, database }: { server: string; database: string }) {
  const [params, setParams] = useQueryStates(storageParams, { history: 'push' })
  const narrow = useNarrow()
  const inside = params.all ? null : (params.in ?? database)
  const asked = { server, database, in: inside, schema: params.schema, relid: params.table }
  const { answer, pending } = useLive('storage-map', asked, { everyMs: 60_000 })
  const map = answer?.ok ? answer.value : undefined
  const open = (tile: StorageTile) => {
    if (tile.kind === 'database') setParams({ all: false, in: tile.id === database ? null : tile.id, schema: null, table: null })
    if (tile.kind === 'schema') setParams({ schema: tile.id, table: null })
    if (tile.kind === 'table') setParams({ table: Number(tile.id) })
  }
  const asMap = params.view === 'map' && !narrow
  return (
    <Card label="What takes the space" className="pb-3">
      <CardHeader title="What takes the space" sub={map && `${bytes(map.bytes)}, area by size`}>
        {!narrow && (
          <Segmented
            label="Shown as"
            value={params.view}
            choices={[
              { value: 'map', label: 'Map' },
              { value: 'list', label: 'List' },
            ]}
            onChange={(view) => setParams({ view }, { history: 'replace' })}
          />
        )}
      </CardHeader>
      <nav aria-label="Level of the map" className="flex flex-wrap items-center gap-x-2 px-4 pt-1 text-cell">
        <Steps
          steps={[
            { label: 'All databases', go: () => setParams({ all: true, in: null, schema: null, table: null }) },
            ...(inside === null ? [] : [{ label: inside, go: () => setParams({ schema: null, table: null }) }]),
            ...(params.schema === null ? [] : [{ label: params.schema, go: () => setParams({ table: null }) }]),
            ...(params.table === null ? [] : [{ label: map?.relname ?? '…', go: () => undefined }]),
          ]}
        />
        {params.table !== null && inside !== null && (
          <Link className="ml-auto" href={tableHref(server, inside, params.table)}>
            Open table
          </Link>
        )}
      </nav>
      <div className="px-4 pt-2" aria-busy={pending}>
        {answer && !answer.ok && <ProblemPanel title="Not read" problem={answer.problem} />}
        {!answer && <p className="py-10 text-center text-ink-3">Reading …</p>}
        {map?.tiles.length === 0 && <p className="py-10 text-center text-ink-3">Nothing takes space here.</p>}
        {map && map.tiles.length > 0 && asMap && (
          <AreaMap
            label="Map of sizes"
            tiles={map.tiles.map(areaTile)}
            format={bytes}
            height={320}
            onOpen={(key) => {
              const tile = map.tiles.find((one) => keyOf(one) === key)
              if (tile) return open(tile)
              const around = map.tiles.find(({ inside }) => inside?.some((one) => keyOf(one) === key))
              const within = around?.inside?.find((one) => keyOf(one) === key)
              if (around?.kind === 'schema' && within) setParams({ schema: around.id, table: Number(within.id) })
            }}
          />
        )}
        {map && map.tiles.length > 0 && !asMap && <TileList map={map} onOpen={open} />}
        {map && map.unknown.length > 0 && (
          <p className="pt-2 text-label text-ink-3 [overflow-wrap:anywhere]">
            Size not known, hidden from this role or by a lock: {map.unknown.slice(0, 5).join(', ')}
            {map.unknown.length > 5 && ` and ${map.unknown.length - 5} more`}.
          </p>
        )}
      </div>
    </Card>
  )
}

/** The way from the server down; the last step is where one is. */
function Steps({ steps }: { steps: { label: string; go: () => unknown }[] }) {
  return steps.map(({ label, go }, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its level
    <Fragment key={at}>
      {at > 0 && <span className="text-ink-3">/</span>}
      {at === steps.length - 1 ? (
        <b aria-current="true" className="min-w-0 font-medium [overflow-wrap:anywhere]">
          {label}
        </b>
      ) : (
        <TextButton onClick={go}>{label}</TextButton>
      )}
    </Fragment>
  ))
}

function TileList({ map, onOpen }: { map: StorageMap; onOpen: (tile: StorageTile) => void }) {
  return (
    <ScrollRegion label="Sizes" className="max-h-96 rounded-control border border-line">
      <table className="w-full border-collapse">
        <thead>
          <tr>
            <HeadCell>Name</HeadCell>
            <HeadCell>Kind</HeadCell>
            <HeadCell numeric>Size</HeadCell>
            <HeadCell numeric>Share</HeadCell>
          </tr>
        </thead>
        <tbody>
          {map.tiles.map((tile) => (
            <Row key={`${tile.kind} ${tile.id}`}>
              <Cell>
                {tile.opens ? (
                  <TextButton onClick={() => onOpen(tile)}>
                    <Identifier name={tile.name} />
                  </TextButton>
                ) : (
                  <Identifier name={tile.name} />
                )}
              </Cell>
              <Cell className="text-ink-3">{tile.kind === 'toast' ? 'TOAST' : tile.kind}</Cell>
              <Cell numeric>{bytes(tile.bytes)}</Cell>
              <Cell numeric>{share(map.bytes > 0 ? tile.bytes / map.bytes : 0)}</Cell>
            </Row>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
