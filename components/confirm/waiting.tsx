import { Bar } from '../ui/skeleton'

/** The dialog's two columns while the plan is on its way. */
export function Waiting() {
  return (
    <div role="status" aria-label="Planning" className="grid h-[420px] grid-cols-[minmax(0,1fr)_452px] max-lg:grid-cols-1">
      <div className="grid content-start gap-4 px-5 py-5">
        <Bar className="w-20" />
        <div className="h-24 rounded-control bg-sunken" />
        <Bar className="mt-2 w-24" />
        <Bar className="w-4/5" />
        <Bar className="w-3/5" />
      </div>
      <div className="grid content-start gap-6 border-l border-line bg-canvas px-5 py-5 max-lg:hidden">
        <Bar className="w-24" />
        <Bar className="w-4/5" />
        <Bar className="w-3/5" />
        <Bar className="w-4/5" />
      </div>
    </div>
  )
}
