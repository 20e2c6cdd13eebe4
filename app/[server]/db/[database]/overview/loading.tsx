import { SkeletonPage } from '@/components/ui/skeleton'

export default function OverviewLoading() {
  return <SkeletonPage label="Reading the server" />
}
