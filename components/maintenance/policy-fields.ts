import type { PolicyRule } from '@/db/domain/policy-rule'

const [MB, GB] = [2 ** 20, 2 ** 30]

/** A rule while it is typed. */
export interface PolicyFields {
  kind: PolicyRule['kind']
  bloatPercent: string
  bloatMb: string
  trust: 'measured' | 'estimated'
  deadPercent: string
  deadRows: string
  olderMinutes: string
  until: string
  most: string
  mostGb: string
  allowWarnings: boolean
}

/** 30% and 100 MB are a third of an index and some seconds of writing; all of it is there to be changed. */
const PROPOSED: PolicyFields = {
  kind: 'rebuild-bloated',
  ...{ bloatPercent: '30', bloatMb: '100', trust: 'estimated' },
  ...{ deadPercent: '20', deadRows: '10000', olderMinutes: '60' },
  ...{ until: '', most: '10', mostGb: '50', allowWarnings: false },
}

/** What the form begins with: the rule that is to be changed, or a proposal. */
export function fieldsOf(rule: PolicyRule | null): PolicyFields {
  if (!rule) return PROPOSED
  const own =
    rule.kind === 'rebuild-bloated'
      ? { bloatPercent: String(rule.bloatPercent), bloatMb: decimal(rule.bloatBytes / MB), trust: rule.trust }
      : rule.kind === 'vacuum-dead'
        ? { deadPercent: String(rule.deadPercent), deadRows: String(rule.deadRows) }
        : { olderMinutes: String(rule.olderMinutes) }
  const { kind, until, most, mostBytes, allowWarnings } = rule
  return { ...PROPOSED, ...own, kind, until: until ?? '', most: String(most), mostGb: decimal(mostBytes / GB), allowWarnings }
}

const decimal = (value: number): string => String(Number(value.toFixed(3)))

const number = (typed: string): number => (typed.trim() === '' ? Number.NaN : Number(typed))

/** The rule that the fields say; the server parses it, and refuses what is out of bounds. */
export function ruleOf(fields: PolicyFields): PolicyRule {
  const { kind, until, allowWarnings } = fields
  const mostBytes = Math.round(number(fields.mostGb) * GB)
  const limits = { until: until === '' ? null : until, most: number(fields.most), mostBytes, allowWarnings }
  if (kind === 'vacuum-dead') return { kind, deadPercent: number(fields.deadPercent), deadRows: number(fields.deadRows), ...limits }
  if (kind === 'refresh-views') return { kind, olderMinutes: number(fields.olderMinutes), ...limits }
  const bloatBytes = Math.round(number(fields.bloatMb) * MB)
  return { kind, bloatPercent: number(fields.bloatPercent), bloatBytes, trust: fields.trust, ...limits }
}

/** Whether every number is one, so that the rule has words. */
export const isComplete = (rule: PolicyRule): boolean => Object.values(rule).every((value) => !Number.isNaN(value))
