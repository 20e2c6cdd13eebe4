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
  /** What it is made of: drawn within it, each with its share of the area. */
  inside?: AreaTile[]
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
/** Room for the name above what is inside, and around it, px. A tile must be so large to show what is inside. */
const [HEAD, EDGE, INSIDE_WIDE, INSIDE_HIGH] = [20, 3, 70, 56]

/** Tiles whose area is true to their value. One that opens is a button: Tab reaches it, Enter opens it. */
export function AreaMap({ tiles, label, format, height, onOpen }: AreaMapProps) {
  const data = tiles.map(({ key, name, value, color, opens, inside }) => ({ key, name, value, color, opens, inside }))
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
  const { key, color, opens, inside = [] } = node as TreemapNode & Partial<AreaTile>
  if (depth !== 1 || key === undefined || width <= 0 || height <= 0) return <g />
  const open = opens ? () => onOpen(key) : undefined
  const fits = width >= WORD_WIDE && height >= WORD_HIGH
  const letters = Math.floor((width - 12) / LETTER)
  const words = name.length > letters ? `${name.slice(0, Math.max(1, letters - 1))}…` : name
  const said = `${name}, ${format(value)}`
  const nested = inside.length > 1 && width >= INSIDE_WIDE && height >= INSIDE_HIGH
  const box = { x: x + EDGE, y: y + HEAD, width: width - 2 * EDGE, height: height - HEAD - EDGE }
  const tile = (
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
      {fits && !nested && height >= SIZE_HIGH && (
        <text x={x + 6} y={y + 29} fontSize={11} fill="var(--ink-2)" aria-hidden>
          {format(value)}
        </text>
      )}
    </g>
  )
  if (!nested) return tile
  return (
    <g>
      {tile}
      {slices(inside, box).map(({ part, at }) => (
        <Slice key={part.key} part={part} at={at} format={format} onOpen={onOpen} />
      ))}
    </g>
  )
}

interface Box {
  x: number
  y: number
  width: number
  height: number
}

/** A box cut along its longer side, by share. */
function slices(parts: AreaTile[], { x, y, width, height }: Box): { part: AreaTile; at: Box }[] {
  const all = parts.reduce((sum, { value }) => sum + value, 0)
  let before = 0
  return parts.map((part) => {
    const [begin, share] = [before / all, part.value / all]
    before += part.value
    const at =
      width >= height
        ? { x: x + begin * width, y, width: Math.max(0, share * width - 1), height }
        : { x, y: y + begin * height, width, height: Math.max(0, share * height - 1) }
    return { part, at }
  })
}

/** The pointer opens it at once; by keyboard the tile around it is opened first. */
function Slice({
  part,
  at,
  format,
  onOpen,
}: {
  part: AreaTile
  at: Box
  format: (value: number) => string
  onOpen: (key: string) => void
}) {
  const { key, name, value, color, opens } = part
  const letters = Math.floor((at.width - 8) / LETTER)
  const fits = at.height >= WORD_HIGH && letters >= Math.min(4, name.length)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the same is reached by keyboard through the tile around it
    <g onClick={opens ? () => onOpen(key) : undefined} className={opens ? 'cursor-pointer' : 'pointer-events-none'}>
      <title>{`${name}, ${format(value)}`}</title>
      <rect x={at.x} y={at.y} width={at.width} height={at.height} fill={color} fillOpacity={0.3} stroke="var(--surface)" />
      {fits && (
        <text x={at.x + 4} y={at.y + 14} fontSize={11} fill="var(--ink-2)" aria-hidden>
          {name.length > letters ? `${name.slice(0, Math.max(1, letters - 1))}…` : name}
        </text>
      )}
    </g>
  )
}
