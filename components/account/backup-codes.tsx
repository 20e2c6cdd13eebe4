import { Button } from '../ui/button'
import { CopyButton } from '../ui/copy-button'

/** Codes for the day on which the device is lost. They are shown this once. */
export function BackupCodes({ codes, done }: { codes: string[]; done: () => void }) {
  return (
    <div className="grid gap-2.5 rounded-control border border-line bg-sunken px-3 py-2.5" role="status">
      <p className="text-pretty text-ink-2">
        Keep these backup codes away from your device. Each can be used once in place of a code. They are not shown again.
      </p>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(120px,1fr))] gap-x-4 gap-y-1">
        {codes.map((code) => (
          <li key={code}>
            <code className="text-ink">{code}</code>
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap gap-2">
        <CopyButton text={codes.join('\n')} label="Copy all" size="md" />
        <Button variant="primary" onClick={done}>
          I have kept them
        </Button>
      </div>
    </div>
  )
}
