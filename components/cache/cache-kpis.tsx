import { hitRatio, sumBlocks } from '@/db/domain/hit-ratio'
import { bytesShort, count, duration, exactCount, share } from '../format'
import { span } from '../format-time'
import { Kpi, KpiStrip } from '../ui/card'
import type { CacheAnswer } from './cache-answer'
import { ioWords, ratioWords } from './cache-messages'

/** Six numbers with their windows. */
export function CacheKpis({ answer, readAt }: { answer: CacheAnswer; readAt: string }) {
  const { databases, settings, source, from, to, io, backendWrites, major, summary } = answer
  const all = sumBlocks(databases)
  const ratio = hitRatio(all)
  const window = source === 'samples' ? span(from, to) : 'since reset'
  const readMs = databases.reduce((sum, one) => sum + one.readMs, 0)
  const [files, temp] = databases.reduce(([number, size], one) => [number + one.tempFiles, size + one.tempBytes], [0, 0])
  const evicted = io.ok
    ? io.value.filter(({ object }) => object === 'relation').reduce((sum, { evictions }) => sum + Number(evictions ?? 0), 0)
    : null
  const buffers = settings.shared_buffers / settings.block_size
  const ioSince = io.ok ? ioWords(answer, readAt) : ''
  return (
    <KpiStrip className="mb-4 grid-cols-[1.2fr_1.2fr_1.2fr_1fr_1fr_1fr] max-lg:grid-cols-3 max-sm:grid-cols-2">
      <Kpi
        label={`Hit ratio, ${window}`}
        value={ratio.kind === 'few' ? 'n/a' : <span className={ratio.low ? 'text-warn' : undefined}>{ratioWords(ratio.ratio)}</span>}
        context={ratio.kind === 'few' ? 'below 50,000 blocks' : `of ${count(all.hit + all.read)}`}
      />
      <Kpi
        label={`Blocks read, ${window}`}
        value={<span title={exactCount(all.read)}>{count(all.read)}</span>}
        context={`${bytesShort(all.read * settings.block_size)}${readMs > 0 ? `, ${duration(readMs)}` : ''}`}
      />
      <Kpi
        label={<span title={ioSince}>Evictions, {answer.ioWindow ? span(answer.ioWindow.from, answer.ioWindow.to) : 'since reset'}</span>}
        value={evicted === null ? 'n/a' : <span title={exactCount(evicted)}>{count(evicted)}</span>}
        context={
          evicted === null
            ? major < 16
              ? 'from 16 on'
              : undefined
            : evicted === 0
              ? undefined
              : `${(evicted / buffers).toFixed(1)} times the cache`
        }
      />
      <Kpi
        label={<span title={io.ok ? ioSince : window}>Written by backends</span>}
        value={backendWrites === null || backendWrites.all === 0 ? 'n/a' : share(backendWrites.written / backendWrites.all)}
        context={backendWrites === null ? 'not sampled' : backendWrites.all === 0 ? 'nothing written' : 'of writes'}
      />
      <Kpi
        label="shared_buffers"
        value={bytesShort(settings.shared_buffers)}
        context={
          summary.ok && summary.value.buffers_unused > 0
            ? `${bytesShort(summary.value.buffers_unused * settings.block_size)} unused`
            : undefined
        }
      />
      <Kpi label={`Temporary files, ${window}`} value={bytesShort(temp)} context={files > 0 ? `${count(files)} files` : 'none'} />
    </KpiStrip>
  )
}
