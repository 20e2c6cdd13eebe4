import type { SavedProfile } from '@/db/console/server-profiles'
import type { Profile } from '@/db/domain/server-profile'
import type { TunedSetting } from '@/db/settings/tune-server'
import type { ChosenProfile } from './configuration-params'

/** The page's sentence: must somebody act, and must the server be restarted? */
export function configurationTitle(settings: TunedSetting[]): string {
  const changing = settings.filter(({ changes }) => changes)
  const restarts = changing.filter(({ takes }) => takes === 'restart').length
  const pending = settings.filter(({ pendingRestart }) => pendingRestart).length
  const waits = pending === 0 ? '' : ` ${pending} already pending a restart.`
  if (changing.length === 0) return `All settings match the recommendation.${waits}`
  const differ = changing.length === 1 ? '1 setting differs' : `${changing.length} settings differ`
  const needs = restarts === 0 ? '' : ` ${restarts} ${restarts === 1 ? 'needs' : 'need'} a restart.`
  return `${differ} from the recommendation.${needs}${waits}`
}

/** The line of evidence below it. */
export function configurationEvidence(settings: TunedSetting[]): string {
  const changing = settings.filter(({ changes }) => changes)
  const measured = changing.filter((one) => one.measured).map(({ name }) => name)
  const now = changing.filter(({ takes }) => takes !== 'restart').length
  const toChoose = changing.filter(({ onlyIfChosen }) => onlyIfChosen).length
  const parts = [
    `${settings.length} settings checked, within the bounds of this server.`,
    changing.length > 0 && `${now} ${now === 1 ? 'applies' : 'apply'} without a restart.`,
    toChoose > 0 &&
      `${toChoose} logging ${toChoose === 1 ? 'setting is' : 'settings are'} not preselected: what the log contains is your choice.`,
    measured.length > 0 && `Measured, not calculated: ${measured.join(', ')}.`,
  ]
  return parts.filter(Boolean).join(' ')
}

/** What stands where no row does. */
export function emptyList(search: string, all: number, found: number): string {
  if (search.trim() === '') return 'No setting differs from the recommendation. All shows the others.'
  return found === 0
    ? `None of the ${all} settings checked has “${search.trim()}” in its name, topic or reason.`
    : `None that differs has “${search.trim()}”. All shows ${found}.`
}

/** What the table counts, below it. */
export function tableFooter(settings: TunedSetting[], version: string): string[] {
  const changing = settings.filter(({ changes }) => changes).length
  return [
    `${changing} differ, ${settings.length - changing} match`,
    ...(settings.some(({ guide }) => guide)
      ? ['Guide: values of the LMS guide, whose schema this database has; the same for every machine']
      : []),
    `PostgreSQL ${version}`,
  ]
}

const PART_WORDS: Record<keyof ChosenProfile, string> = {
  ram: 'RAM',
  cpus: 'CPUs',
  storage: 'storage',
  workload: 'workload',
  connections: 'connections',
}

/** GB of a number of bytes, as the page shows them. */
export const inGb = (bytes: number): number => Number((bytes / 1024 ** 3).toFixed(1))

/** A value of a profile as the page shows it. */
export const shownOf = (profile: Profile, key: keyof Profile): string | number => (key === 'ram' ? inGb(profile.ram) : profile[key])

/** What the address says of the profile otherwise than what was saved; all that it says, where nothing was. */
export const unsaved = (chosen: ChosenProfile, saved: SavedProfile | null): (keyof ChosenProfile)[] =>
  (Object.keys(PART_WORDS) as (keyof ChosenProfile)[]).filter((key) => {
    if (chosen[key] === null) return false
    return !saved || chosen[key] !== shownOf(saved.profile, key)
  })

/** Whose profile it is that the page shows. */
export function profileWords(chosen: ChosenProfile, saved: SavedProfile | null, since: string): string {
  const [first = '', ...rest] = unsaved(chosen, saved).map((key) => PART_WORDS[key])
  const names = rest.length === 0 ? first : `${[first, ...rest.slice(0, -1)].join(', ')} and ${rest.at(-1)}`
  if (first !== '') {
    const subject = `${names.charAt(0).toUpperCase()}${names.slice(1)}`
    return `${subject} ${rest.length === 0 && !first.endsWith('s') ? 'is' : 'are'} not saved; the address of this page includes the change.`
  }
  return saved
    ? `Profile of this server, shared by all users. Saved by ${saved.changedBy}, ${since}.`
    : 'No profile saved for this server: these values were read from it or guessed.'
}

export const WORKLOAD_WORDS = { web: 'Web', oltp: 'OLTP', warehouse: 'Warehouse', mixed: 'Mixed', lms: 'LMS' }
export const STORAGE_WORDS = { hdd: 'Hard disk', ssd: 'SSD', nvme: 'NVMe', network: 'Network' }
export const FORMAT_WORDS = { sql: 'SQL', conf: 'postgresql.conf', yaml: 'Kubernetes', terraform: 'Terraform' }
