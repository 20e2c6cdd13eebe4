import { SkeletonPage } from '@/components/ui/skeleton'

export default function MaintenanceLoading() {
  return <SkeletonPage label="Ranking the maintenance" />
}
