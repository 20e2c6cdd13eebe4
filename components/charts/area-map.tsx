'use client'
import type { KeyboardEvent } from 'react'
import { ResponsiveContainer, Treemap, type TreemapNode } from 'recharts'

export interface AreaTile {
  key: string
  name: string
  value: number
  /** A CSS colour. */
  color: string
  /** Leads to the level below. */
  opens: boolean
}

interface AreaMapProps {
  tiles: AreaTile[]
  label: string
  format: (value: number) => string
  /** px */
  height: number
  onOpen: (key: string) => void
}

/** Below it no word fits into a tile, px. */
const [WORD_WIDE, WORD_HIGH, SIZE_HIGH] = [54, 20, 36]
const LETTER = 6.6

/** Tiles whose area is true to their value. One that opens is a button: Tab reaches it, Enter opens it. */
export function AreaMap({ tiles, label, format, height, onOpen }: AreaMapProps) {
  const data = tiles.map(({ key, name, value, color, opens }) => ({ key, name, value, color, opens }))
  return (
    <section aria-label={label}>
      <ResponsiveContainer width="100%" height={height}>
        <Treemap
          data={data}
          dataKey="value"
          nameKey="name"
          nodeGap={2}
          isAnimationActive={false}
          content={(node) => <Tile node={node} format={format} onOpen={onOpen} />}
        />
      </ResponsiveContainer>
    </section>
  )
}

function Tile({ node, format, onOpen }: { node: TreemapNode; format: (value: number) => string; onOpen: (key: string) => void }) {
  const { x, y, width, height, depth, name, value } = node
  const { key, color, opens } = node as TreemapNode & Partial<AreaTile>
  if (depth !== 1 || key === undefined || width <= 0 || height <= 0) return <g />
  const open = opens ? () => onOpen(key) : undefined
  const fits = width >= WORD_WIDE && height >= WORD_HIGH
  const letters = Math.floor((width - 12) / LETTER)
  const words = name.length > letters ? `${name.slice(0, Math.max(1, letters - 1))}…` : name
  const said = `${name}, ${format(value)}`
  return (
    <g
      {...(open && {
        role: 'button',
        tabIndex: 0,
        onClick: open,
        onKeyDown: (event: KeyboardEvent) => {
          if (event.key !== 'Enter' && event.key !== ' ') return
          event.preventDefault()
          open()
        },
      })}
      aria-label={open ? `${said}, open` : said}
      className={open ? 'area-tile cursor-pointer' : undefined}
    >
      <title>{said}</title>
      <rect x={x} y={y} width={width} height={height} rx={2} fill={color} fillOpacity={0.26} stroke={color} strokeOpacity={0.55} />
      {fits && (
        <text x={x + 6} y={y + 14} fontSize={11.5} fontWeight={500} fill="var(--ink)" aria-hidden>
          {words}
        </text>
      )}
      {fits && height >= SIZE_HIGH && (
        <text x={x + 6} y={y + 29} fontSize={11} fill="var(--ink-2)" aria-hidden>
          {format(value)}
        </text>
      )}
    </g>
  )
}
