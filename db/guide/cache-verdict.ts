/** What of a query's calls was counted over a window, and what its inputs did meanwhile. */
export interface CacheInput {
  /** Calls and ms a call; null: nothing was counted. */
  calls: number
  msPerCall: number
  seconds: number
  /** Rows inserted, updated and deleted in the tables that it reads. */
  changes: number
  /** How many different answers there are: 1 without a parameter, else how many students there are. */
  answers: number
  /** What one student's rows have of the changes: where an entry must never be old. */
  mustBeExact: boolean
  /** How old an answer may be, in minutes; ignored where it must be exact. */
  mayBeOldMinutes: number
  /** Of a view that answers it: ms of a refresh and of reading it; null: none is known. */
  view: { refreshMs: number; readMs: number } | null
  /** A view can answer it: it has no parameter of a person. */
  canBeView: boolean
}

export type CacheKind = 'view' | 'application' | 'nothing'

export interface CacheVerdict {
  kind: CacheKind
  /** Of the window's calls: those that would not run the query, at least. */
  saved: number
  /** ms of execution saved in the window, at least; negative: it costs more. */
  savedMs: number
  callsPerChange: number | null
  callsPerRefresh: number | null
  /** Minutes that an answer may be old; 0: none. */
  staleMinutes: number
}

/** Less than this share of the time is not worth a cache. A choice. */
const WORTH_SHARE = 0.1

/**
 * A cache pays when the calls that it answers take longer than what fills it. Every entry is filled at most once a lifetime, so misses ≤ answers ×
 * (window / lifetime), and never more than the calls; an entry that must be exact is filled anew after each change of its rows, so misses ≤ answers +
 * changes. saved ms = (calls − misses) × ms a call. A view is refreshed once a lifetime whoever asks: saved ms = calls × (ms a call − ms to read it) −
 * refreshes × ms of a refresh; where no refresh was timed, it counts like the query itself. Pure.
 */
export function cacheVerdict(input: CacheInput): CacheVerdict {
  const { calls, msPerCall, seconds, changes, answers, mustBeExact, mayBeOldMinutes, view, canBeView } = input
  const lifetimes = Math.max(1, seconds / (mayBeOldMinutes * 60))
  const callsPerChange = changes > 0 ? calls / changes : null
  const total = calls * msPerCall
  if (canBeView) {
    const { refreshMs, readMs } = view ?? { refreshMs: msPerCall, readMs: 0 }
    const savedMs = calls * (msPerCall - readMs) - lifetimes * refreshMs
    const kind = savedMs > WORTH_SHARE * total ? 'view' : 'nothing'
    return {
      kind,
      saved: calls,
      savedMs,
      callsPerChange,
      callsPerRefresh: calls / lifetimes,
      staleMinutes: kind === 'view' ? mayBeOldMinutes : 0,
    }
  }
  const misses = Math.min(calls, mustBeExact ? answers + changes : answers * lifetimes)
  const savedMs = (calls - misses) * msPerCall
  const kind = savedMs > WORTH_SHARE * total ? 'application' : 'nothing'
  const staleMinutes = kind === 'nothing' || mustBeExact ? 0 : mayBeOldMinutes
  return { kind, saved: calls - misses, savedMs, callsPerChange, callsPerRefresh: null, staleMinutes }
}
