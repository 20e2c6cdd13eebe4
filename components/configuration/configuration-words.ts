import type { TunedSetting } from '@/db/tuning/tune-server'
import { numberWord } from '../format'

/** The page's sentence: must somebody act, and must the server be restarted? */
export function configurationTitle(settings: TunedSetting[]): string {
  const changing = settings.filter(({ changes }) => changes)
  const restarts = changing.filter(({ takes }) => takes === 'restart').length
  const pending = settings.filter(({ pendingRestart }) => pendingRestart).length
  const waits = pending === 0 ? '' : ` ${numberWord(pending, true)} ${pending === 1 ? 'waits' : 'wait'} for a restart already.`
  if (changing.length === 0) return `Every setting fits this machine.${waits}`
  const fits = changing.length === 1 ? 'One setting does not fit' : `${numberWord(changing.length, true)} settings do not fit`
  const needs = restarts === 0 ? '' : ` ${numberWord(restarts, true)} ${restarts === 1 ? 'needs' : 'need'} a restart.`
  return `${fits} this machine.${needs}${waits}`
}

/** The line of evidence below it. */
export function configurationEvidence(settings: TunedSetting[]): string {
  const changing = settings.filter(({ changes }) => changes)
  const measured = changing.filter((one) => one.measured).map(({ name }) => name)
  const now = changing.filter(({ takes }) => takes !== 'restart').length
  const parts = [
    `${settings.length} settings were looked at, within what this server takes.`,
    changing.length > 0 && `${numberWord(now, true)} ${now === 1 ? 'applies' : 'apply'} without a restart.`,
    measured.length > 0 && `Measured, not by formula: ${measured.join(', ')}.`,
  ]
  return parts.filter(Boolean).join(' ')
}

export const WORKLOAD_WORDS = { web: 'Web', oltp: 'OLTP', warehouse: 'Warehouse', mixed: 'Mixed', lms: 'LMS' }
export const STORAGE_WORDS = { hdd: 'Hard disk', ssd: 'SSD', nvme: 'NVMe', network: 'Network' }
export const FORMAT_WORDS = { sql: 'SQL', conf: 'postgresql.conf', yaml: 'Kubernetes', terraform: 'Terraform' }
