/** Shapes that differ without their hue. */
export type Mark = 'circle' | 'ring' | 'double' | 'diamond' | 'square' | 'dashed'

interface ScatterMarkProps {
  mark: Mark
  color: string
  quiet?: boolean
  cx: number
  cy: number
  name?: string
}

/** One mark; with a name a line leads up to it. */
export function ScatterMark({ mark, color, quiet, cx, cy, name }: ScatterMarkProps) {
  return (
    <g className="cursor-pointer">
      {mark === 'circle' && (
        <circle cx={cx} cy={cy} r={quiet ? 3 : 4} fill={color} fillOpacity={quiet ? 0.55 : 0.92} stroke="var(--surface)" />
      )}
      {mark === 'ring' && <circle cx={cx} cy={cy} r={3.3} fill="var(--surface)" stroke={color} strokeWidth={1.8} />}
      {mark === 'double' && (
        <>
          <rect x={cx - 1} y={cy - 4.5} width={5.5} height={5.5} fill={color} fillOpacity={0.55} />
          <rect x={cx - 4} y={cy - 2} width={6} height={6} fill={color} stroke="var(--surface)" strokeWidth={0.8} />
        </>
      )}
      {mark === 'square' && (
        <rect x={cx - 3.2} y={cy - 3.2} width={6.4} height={6.4} fill="var(--surface)" stroke={color} strokeWidth={1.6} />
      )}
      {mark === 'dashed' && (
        <rect x={cx - 3.2} y={cy - 3.2} width={6.4} height={6.4} fill="none" stroke={color} strokeWidth={1.4} strokeDasharray="2.2 1.4" />
      )}
      {mark === 'diamond' && <path d={`M${cx} ${cy - 5}l5 5-5 5-5-5z`} fill={color} stroke="var(--surface)" />}
      {name && (
        <>
          <path d={`M${cx} ${cy - 6}V${cy - 14}H${cx - 8}`} fill="none" stroke="var(--ink-3)" strokeWidth={0.8} />
          <text
            x={cx - 11}
            y={cy - 10}
            textAnchor="end"
            fontSize="11"
            fill="var(--ink-2)"
            style={{ fontFamily: 'var(--font-mono)', letterSpacing: '-.02em' }}
          >
            {name}
          </text>
        </>
      )}
    </g>
  )
}

/** The mark as it stands in a legend, 8 px. */
export function LegendMark({ mark, color }: { mark: Mark; color: string }) {
  return (
    <svg aria-hidden viewBox="0 0 8 8" className="size-2">
      {mark === 'circle' && <circle cx="4" cy="4" r="4" fill={color} />}
      {mark === 'ring' && <circle cx="4" cy="4" r="3.1" fill="none" stroke={color} strokeWidth="1.8" />}
      {mark === 'double' && <path d="M3 0h5v5H3zM0 3h5v5H0z" fill={color} />}
      {mark === 'square' && <rect x=".8" y=".8" width="6.4" height="6.4" fill="none" stroke={color} strokeWidth="1.6" />}
      {mark === 'dashed' && (
        <rect x=".8" y=".8" width="6.4" height="6.4" rx="1" fill="none" stroke={color} strokeWidth="1.4" strokeDasharray="2.2 1.4" />
      )}
      {mark === 'diamond' && <path d="M4 0l4 4-4 4-4-4z" fill={color} />}
    </svg>
  )
}
