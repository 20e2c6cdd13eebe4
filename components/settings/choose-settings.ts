import type { TunedSetting } from '@/db/settings/tune-server'

/** What an address and a person chose: ticked or not by name, where they said so. */
export type Ticks = ReadonlyMap<string, boolean>

/** What would be written of a setting: its own value where one was typed and taken, else the recommendation; null: nothing changes. */
export function valueToWrite({ own, changes, recommended }: TunedSetting): string | null {
  if (own) return own.changes ? own.text : null
  return changes ? recommended : null
}

/** Whether a setting is ticked: as somebody said, else where it is preselected or a value was typed for it. */
export const isTicked = (setting: TunedSetting, ticks: Ticks): boolean =>
  valueToWrite(setting) !== null && (ticks.get(setting.name) ?? (setting.own !== null || !setting.onlyIfChosen))

/** Whether it stands under Changes: recommended otherwise, or typed. */
export const isUnderChanges = ({ changes, own }: TunedSetting): boolean => changes || own !== null

/** The settings that a search finds: every word of it in the name, the topic or the reason. */
export function searched(settings: TunedSetting[], search: string): TunedSetting[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return settings
  return settings.filter(({ name, topic, why }) => {
    const text = `${name} ${topic} ${why}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
}
