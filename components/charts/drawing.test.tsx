import { renderToStaticMarkup } from 'react-dom/server'
import { expect, test } from 'vitest'
import { Sparkline } from './sparkline'
import { StackedArea } from './stacked-area'
import { TimeLines } from './time-lines'

const buckets = { from: 0, to: 100_000, times: [0, 20_000, 40_000, 60_000, 80_000], bucketMs: 20_000, sampled: { from: 5000, to: 90_000 } }
const series = [
  { key: 'upper', label: 'Upper', color: 'red', values: [1, 2, null, 3, 4] },
  { key: 'lower', label: 'Lower', color: 'blue', values: [1, null, null, 0, 4] },
]

/** The stretches of each path that is drawn, as their corners. */
function paths(html: string): [x: number, y: number][][][] {
  return [...html.matchAll(/<path d="([^"]*)"/g)].map(([, d = '']) =>
    d
      .split('M')
      .slice(1)
      .map((part) => [...part.matchAll(/(-?[\d.]+),(-?[\d.]+)/g)].map(([, x, y]): [number, number] => [Number(x), Number(y)])),
  )
}

test('series stand one upon the other, parted where nothing was sampled, from the first to the last sample', () => {
  const html = renderToStaticMarkup(
    <StackedArea buckets={buckets} series={series} label="Both" sumWord="in all" format={String} height={132} />,
  )
  const [upper = [], lower = []] = paths(html)
  expect([upper.length, lower.length]).toEqual([2, 2])
  for (const layer of [upper, lower]) {
    const xs = layer.map((run) => run.map(([x]) => x))
    expect(xs.map((run) => [Math.min(...run), Math.max(...run)])).toEqual([
      [50, 400],
      [600, 900],
    ])
  }
  // 4 and 4 at the end, on an axis from 0 to 8: the corners of the upper edge come first.
  const last = (layer: [number, number][][]) => [...new Set(layer[1]?.filter(([x]) => x === 900).map(([, y]) => y))]
  expect(last(lower)).toEqual([500, 1000])
  expect(last(upper)).toEqual([0, 500])
})

test('a line has the gaps of its own series, and what is filled reaches to zero', () => {
  const html = renderToStaticMarkup(<TimeLines buckets={buckets} series={series} label="Both" format={String} height={132} filled />)
  const [filled = [], upper = [], lower = []] = paths(html)
  expect([filled.length, upper.length, lower.length]).toEqual([2, 2, 2])
  expect(filled.map((run) => Math.max(...run.map(([, y]) => y)))).toEqual([1000, 1000])
  // 4 on an axis from 0 to 4
  expect(upper[1]?.at(-1)).toEqual([900, 0])
  expect(lower[0]).toEqual([
    [50, 750],
    [100, 750],
    [200, 750],
  ])
})

test('a chart of one moment, or of none, has no number that is none', () => {
  const none = { ...buckets, times: [], sampled: { from: 0, to: 0 } }
  const moment = { from: 5, to: 5, times: [0], bucketMs: 10, sampled: { from: 5, to: 5 } }
  for (const at of [none, moment]) {
    const values = at.times.map(() => 0)
    const html = renderToStaticMarkup(
      <>
        <TimeLines buckets={at} series={[{ key: 'a', label: 'a', color: 'red', values }]} label="a" format={String} height={132} filled />
        <StackedArea
          buckets={at}
          series={[{ key: 'b', label: 'b', color: 'red', values }]}
          label="b"
          sumWord="b"
          format={String}
          height={132}
        />
      </>,
    )
    expect(html).not.toMatch(/NaN|Infinity|undefined/)
  }
})

/** Where the corners of a small line lie in its box: from 0 at the left to 1, and from 0 at its bottom to 1. */
function small(values: (number | null)[]): [x: number, y: number][][] {
  const html = renderToStaticMarkup(<Sparkline values={values} />)
  const [, top = 0, width = 0, height = 0] = (/viewBox="([^"]*)"/.exec(html)?.[1] ?? '').split(' ').map(Number)
  return [...html.matchAll(/points="([^"]*)"/g)].map(([, points = '']) =>
    points.split(' ').map((point): [number, number] => {
      const [x = 0, y = 0] = point.split(',').map(Number)
      return [x / width, 1 - (y - top) / height]
    }),
  )
}

test('a small line goes from its lowest to its highest value, parted where nothing is known, with a dot at its end', () => {
  expect(small([10, null, 15, 20, null])).toEqual([
    [
      [0, 0],
      [0, 0],
    ],
    [
      [0.5, 0.5],
      [0.75, 1],
    ],
    [
      [0.75, 1],
      [0.75, 1],
    ],
  ])
  expect(small([null, null])).toEqual([])
  expect(small([])).toEqual([])
})

test('a series that hardly moves looks flat, in the middle', () => {
  const MB = 2 ** 20
  for (const [first, last] of [
    [0, 0],
    [367 * MB, 367 * MB + 8192],
    [-3, -3],
  ] as const) {
    const [[[, from], [, to]]] = small([first, last]) as [[[number, number], [number, number]]]
    expect([from, to].map((y) => y.toFixed(2))).toEqual(['0.50', '0.50'])
  }
  expect(small([0, 0.2])[0]).toEqual([
    [0, 0],
    [1, 1],
  ])
})
